package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of /proc/PID/stat, USER_HZ, which Linux has fixed for programs.
const tick = 10 * time.Millisecond

// cpu is the time that previewd and what it started, its database, have worked so far. Unlike a rate it hardly depends on what
// else the machine does.
func (b *bed) cpu() (time.Duration, error) {
	sums, err := cpuOf(b.cmd.Process.Pid)
	if err != nil {
		return 0, err
	}
	return sums[0], nil
}

// cpuOf is the time that processes and what each started have worked so far.
func cpuOf(roots ...int) ([]time.Duration, error) {
	paths, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	parents, worked := map[int]int{}, map[int]time.Duration{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it ended meanwhile
		}
		pid, parent, took, err := parseStat(string(text))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		parents[pid], worked[pid] = parent, took
	}
	sums := make([]time.Duration, len(roots))
	for pid, took := range worked {
		for at := pid; at > 0; at = parents[at] {
			if i := slices.Index(roots, at); i >= 0 {
				sums[i] += took
				break
			}
		}
	}
	return sums, nil
}

// parseStat reads a process's line (proc_pid_stat(5)). Its name, in brackets, may hold anything.
func parseStat(text string) (pid, parent int, worked time.Duration, err error) {
	name := strings.LastIndexByte(text, ')')
	fields := strings.Fields(text[name+1:])
	if name < 0 || len(fields) < 13 {
		return 0, 0, 0, fmt.Errorf("unreadable: %q", text)
	}
	var numbers [4]int
	for i, field := range []string{strings.Fields(text)[0], fields[1], fields[11], fields[12]} {
		if numbers[i], err = strconv.Atoi(field); err != nil {
			return 0, 0, 0, err
		}
	}
	return numbers[0], numbers[1], time.Duration(numbers[2]+numbers[3]) * tick, nil
}
