package listen

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net/netip"

	"golang.org/x/sys/unix"
)

// diag asks the kernel by netlink (sock_diag(7)) for TCP sockets in one state: the kernel then looks at its short
// list of listening sockets only. It needs no privilege.
type diag struct {
	fd  int
	seq uint32
	buf []byte
}

// Sizes and numbers of linux/inet_diag.h.
const (
	sockDiagByFamily = 20
	requestSize      = 56 // struct inet_diag_req_v2
	messageSize      = 72 // struct inet_diag_msg
	attrOnlyV6       = 11 // INET_DIAG_SKV6ONLY
	diagBuffer       = 32 << 10
	diagTimeoutSec   = 1
)

var errDiag = errors.New("sock_diag answered with an error")

func openDiag() (*diag, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC, unix.NETLINK_SOCK_DIAG)
	if err != nil {
		return nil, err
	}
	d := &diag{fd: fd, buf: make([]byte, diagBuffer)}
	err = unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, unix.SO_RCVTIMEO, &unix.Timeval{Sec: diagTimeoutSec})
	if err == nil {
		err = d.dump(unix.AF_INET, stateListen, 0, func(entry) {})
	}
	if err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *diag) close() error { return unix.Close(d.fd) }

func (d *diag) each(state uint8, port uint16, add func(entry)) error {
	if err := d.dump(unix.AF_INET, state, port, add); err != nil {
		return err
	}
	err := d.dump(unix.AF_INET6, state, port, add)
	if errors.Is(err, unix.ENOENT) || errors.Is(err, unix.EAFNOSUPPORT) {
		return nil // no IPv6
	}
	return err
}

func (d *diag) dump(family, state uint8, port uint16, add func(entry)) error {
	d.seq++
	if err := unix.Sendto(d.fd, d.request(family, state, port), 0, &unix.SockaddrNetlink{Family: unix.AF_NETLINK}); err != nil {
		return err
	}
	for {
		n, _, err := unix.Recvfrom(d.fd, d.buf, 0)
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return err
		}
		done, err := parseMessages(d.buf[:n], d.seq, add)
		if done || err != nil {
			return err
		}
	}
}

func (d *diag) request(family, state uint8, port uint16) []byte {
	const size = unix.NLMSG_HDRLEN + requestSize
	var b [size]byte
	binary.NativeEndian.PutUint32(b[0:], size)
	binary.NativeEndian.PutUint16(b[4:], sockDiagByFamily)
	binary.NativeEndian.PutUint16(b[6:], unix.NLM_F_REQUEST|unix.NLM_F_DUMP)
	binary.NativeEndian.PutUint32(b[8:], d.seq)
	req := b[unix.NLMSG_HDRLEN:]
	req[0], req[1] = family, unix.IPPROTO_TCP
	binary.NativeEndian.PutUint32(req[4:], 1<<state)
	binary.BigEndian.PutUint16(req[8:], port)
	return b[:]
}

// parseMessages reads one datagram of the kernel's answer. Messages of an earlier request, left over by a time-out,
// are passed over.
func parseMessages(b []byte, seq uint32, add func(entry)) (done bool, err error) {
	for len(b) >= unix.NLMSG_HDRLEN {
		size := int(binary.NativeEndian.Uint32(b[0:]))
		if size < unix.NLMSG_HDRLEN || size > len(b) {
			return true, fmt.Errorf("%w: message of %d bytes", errDiag, size)
		}
		kind, mine, body := binary.NativeEndian.Uint16(b[4:]), binary.NativeEndian.Uint32(b[8:]) == seq, b[unix.NLMSG_HDRLEN:size]
		switch {
		case !mine:
		case kind == unix.NLMSG_DONE:
			return true, nil
		case kind == unix.NLMSG_ERROR:
			return true, parseError(body)
		default:
			if e, ok := parseMessage(body); ok {
				add(e)
			}
		}
		b = b[min((size+3)&^3, len(b)):]
	}
	return false, nil
}

func parseError(body []byte) error {
	if len(body) < 4 {
		return errDiag
	}
	code := int32(binary.NativeEndian.Uint32(body)) //nolint:gosec // the kernel's own signed number
	return fmt.Errorf("%w: %w", errDiag, unix.Errno(-code))
}

// parseMessage reads a struct inet_diag_msg and the attribute that tells an IPv6-only socket.
func parseMessage(b []byte) (e entry, ok bool) {
	if len(b) < messageSize {
		return entry{}, false
	}
	local, okLocal := diagAddr(b[0], b[8:24], binary.BigEndian.Uint16(b[4:]))
	remote, okRemote := diagAddr(b[0], b[24:40], binary.BigEndian.Uint16(b[6:]))
	e = entry{local: local, remote: remote, state: b[1], inode: uint64(binary.NativeEndian.Uint32(b[68:]))}
	if b[0] == unix.AF_INET6 {
		e.mode = diagMode(b[messageSize:])
	}
	return e, okLocal && okRemote
}

func diagAddr(family uint8, raw []byte, port uint16) (netip.AddrPort, bool) {
	switch family {
	case unix.AF_INET:
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte(raw)), port), true
	case unix.AF_INET6:
		return netip.AddrPortFrom(netip.AddrFrom16([16]byte(raw)).Unmap(), port), true
	}
	return netip.AddrPort{}, false
}

func diagMode(attrs []byte) Mode {
	for len(attrs) >= 4 {
		size := int(binary.NativeEndian.Uint16(attrs))
		if size < 4 || size > len(attrs) {
			break
		}
		if binary.NativeEndian.Uint16(attrs[2:]) == attrOnlyV6 && size > 4 {
			if attrs[4] != 0 {
				return OnlyV6
			}
			return DualStack
		}
		attrs = attrs[min((size+3)&^3, len(attrs)):]
	}
	return ModeUnknown
}
