// Package gate holds an instance's first process back until previewd has seen to its machine. Swarm starts what it places
// at once and has no word for some of the isolation, so the rest is done between that start and the first byte that
// arrives by standard input; what follows that byte is the command's.
package gate

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exit codes, as shells have them.
const (
	exitClosed   = 125 // nobody opened the gate
	exitNotFound = 127
)

// Main waits, and then becomes the command, without the possibility of new privileges. It returns when it cannot.
func Main(command []string) int {
	if len(command) == 0 {
		return complain(exitNotFound, errors.New("no command"))
	}
	// The flag is the thread's that executes the command, and handed down by it.
	runtime.LockOSThread()
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return complain(exitClosed, fmt.Errorf("no new privileges: %w", err))
	}
	if err := await(os.Stdin); err != nil {
		return complain(exitClosed, err)
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return complain(exitNotFound, err)
	}
	return complain(exitNotFound, syscall.Exec(path, command, os.Environ()))
}

// await reads one byte and no more.
func await(in io.Reader) error {
	var open [1]byte
	if _, err := io.ReadFull(in, open[:]); err != nil {
		return fmt.Errorf("wait for previewd: %w", err)
	}
	return nil
}

func complain(code int, err error) int {
	fmt.Fprintln(os.Stderr, "previewd's gate:", err)
	return code
}
