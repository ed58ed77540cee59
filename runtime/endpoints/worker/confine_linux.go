package worker

import (
	"fmt"
	"syscall"

	"golang.org/x/sys/unix"
)

// confine sets what a process may use at most.
func confine(pid int) error {
	limits := map[int]uint64{
		unix.RLIMIT_CPU:    2 * uint64(maxTime.Seconds()), // seconds, of all threads together
		unix.RLIMIT_CORE:   0,
		unix.RLIMIT_FSIZE:  0,
		unix.RLIMIT_NOFILE: 32,
	}
	if !raced {
		limits[unix.RLIMIT_DATA] = maxMemory
	}
	for which, most := range limits {
		if err := unix.Prlimit(pid, which, &unix.Rlimit{Cur: most, Max: most}, nil); err != nil {
			return fmt.Errorf("limit %d: %w", which, err)
		}
	}
	if err := syscall.Setpriority(syscall.PRIO_PROCESS, pid, niceness); err != nil {
		return fmt.Errorf("priority: %w", err)
	}
	return nil
}
