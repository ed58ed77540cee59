package watch

import (
	"syscall"

	"golang.org/x/sys/unix"
)

// freeBind lets a socket have a local address that no interface has.
func freeBind(_, _ string, c syscall.RawConn) error {
	var err error
	if cerr := c.Control(func(fd uintptr) {
		err = unix.SetsockoptInt(int(fd), unix.IPPROTO_IP, unix.IP_FREEBIND, 1)
	}); cerr != nil {
		return cerr
	}
	return err
}
