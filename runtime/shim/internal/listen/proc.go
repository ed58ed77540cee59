package listen

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/netip"
	"os"
)

// States of a TCP socket, as in the kernel's tcp_states.h.
const (
	stateEstablished = 1
	stateListen      = 10
)

// entry is a row of the kernel's table.
type entry struct {
	local, remote netip.AddrPort
	state         uint8
	inode         uint64
	mode          Mode
}

// proc reads the table from the proc file system.
type proc struct{ buf bytes.Buffer }

func (p *proc) each(state uint8, add func(entry)) error {
	for _, name := range [...]string{"/proc/self/net/tcp", "/proc/self/net/tcp6"} {
		if err := p.read(name); errors.Is(err, fs.ErrNotExist) {
			continue // no IPv6
		} else if err != nil {
			return err
		}
		parseTable(p.buf.Bytes(), func(e entry) {
			if e.state == state {
				add(e)
			}
		})
	}
	return nil
}

func (p *proc) read(name string) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	p.buf.Reset()
	_, err = io.Copy(&p.buf, f)
	return err
}

// parseTable calls add for each row of /proc/net/tcp or tcp6 that can be read; the heading cannot.
func parseTable(table []byte, add func(entry)) {
	for line := range bytes.Lines(table) {
		if e, ok := parseRow(line); ok {
			add(e)
		}
	}
}

// parseRow reads "sl local remote state tx:rx tr:when retransmits uid timeout inode …".
func parseRow(line []byte) (e entry, ok bool) {
	var f [10][]byte
	for i := range f {
		if f[i], line = nextField(line); len(f[i]) == 0 {
			return entry{}, false
		}
	}
	var okLocal, okRemote, okState, okInode bool
	var state uint64
	e.local, okLocal = parseAddr(f[1])
	e.remote, okRemote = parseAddr(f[2])
	state, okState = parseNumber(f[3], 16)
	e.inode, okInode = parseNumber(f[9], 10)
	e.state = uint8(state) //nolint:gosec // checked below
	return e, okLocal && okRemote && okState && okInode && state <= 255
}

func nextField(line []byte) (field, rest []byte) {
	line = bytes.TrimLeft(line, " \t\n")
	end := bytes.IndexAny(line, " \t\n")
	if end < 0 {
		end = len(line)
	}
	return line[:end], line[end:]
}

// parseAddr reads hexadecimal words of 32 bits in the host's byte order, a colon, and the port.
func parseAddr(field []byte) (netip.AddrPort, bool) {
	host, portText, found := bytes.Cut(field, []byte{':'})
	port, ok := parseNumber(portText, 16)
	if !found || !ok || port > 65535 || (len(host) != 8 && len(host) != 32) {
		return netip.AddrPort{}, false
	}
	var raw [16]byte
	for i := 0; i < len(host); i += 8 {
		word, ok := parseNumber(host[i:i+8], 16)
		if !ok {
			return netip.AddrPort{}, false
		}
		binary.NativeEndian.PutUint32(raw[i/2:], uint32(word)) //nolint:gosec // eight digits
	}
	addr, _ := netip.AddrFromSlice(raw[:len(host)/2])
	return netip.AddrPortFrom(addr.Unmap(), uint16(port)), true //nolint:gosec // checked above
}

// parseNumber is strconv.ParseUint without a string.
func parseNumber(digits []byte, base uint64) (n uint64, ok bool) {
	if len(digits) == 0 || len(digits) > 19 {
		return 0, false
	}
	for _, c := range digits {
		d := digit(c)
		if d >= base || n > (1<<63)/base {
			return 0, false
		}
		n = n*base + d
	}
	return n, true
}

func digit(c byte) uint64 {
	switch {
	case c >= '0' && c <= '9':
		return uint64(c - '0')
	case c >= 'A' && c <= 'F':
		return uint64(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return uint64(c-'a') + 10
	}
	return 1 << 8
}
