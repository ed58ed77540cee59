package watch

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"time"
)

// Rest: in restWindow all processes of the container together used less than maxTicks of CPU (a tick is 10 ms).
const (
	restWindow = 100 * time.Millisecond
	maxTicks   = 2
)

// restMeter tells whether the app has come to rest: one that is still loading may be about to open another port.
type restMeter struct {
	proc    string // "/proc"
	ticks   uint64
	at      time.Time
	resting bool
}

// rests looks again once in a window, and says what it saw last.
func (m *restMeter) rests(now time.Time) bool {
	if now.Sub(m.at) < restWindow {
		return m.resting
	}
	ticks, running := m.usage()
	// Processes that ended took their count along, so less than before says nothing: look again.
	m.resting = !m.at.IsZero() && !running && ticks >= m.ticks && ticks-m.ticks <= maxTicks
	m.ticks, m.at = ticks, now
	return m.resting
}

// usage sums up the CPU time of all processes but this one, and says whether any of them is running now.
func (m *restMeter) usage() (ticks uint64, running bool) {
	names, err := filepath.Glob(filepath.Join(m.proc, "[0-9]*"))
	if err != nil {
		return 0, false
	}
	self := strconv.Itoa(os.Getpid())
	for _, name := range names {
		if filepath.Base(name) == self {
			continue
		}
		stat, err := os.ReadFile(filepath.Join(name, "stat"))
		if err != nil {
			continue // it has ended
		}
		used, state := parseStat(stat)
		ticks += used
		running = running || state == 'R'
	}
	return ticks, running
}

// parseStat reads the state and the CPU time of /proc/PID/stat, whose second field may hold anything, ")" too.
func parseStat(stat []byte) (ticks uint64, state byte) {
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0, 0
	}
	user, _ := strconv.ParseUint(string(fields[11]), 10, 63)
	system, _ := strconv.ParseUint(string(fields[12]), 10, 63)
	return user + system, fields[0][0]
}
