// Package listen finds what listens in the container: the addresses and ports that the app, whatever it is, has opened.
package listen

import (
	"net/netip"
	"slices"
)

// Mode says whether an IPv6 wildcard takes IPv4 connections too.
type Mode uint8

// Modes of an IPv6 socket. The proc file system does not tell.
const (
	ModeUnknown Mode = iota
	DualStack
	OnlyV6
)

// Socket is one that listens.
type Socket struct {
	Addr  netip.AddrPort
	Inode uint64 // 0 where the kernel does not say
	Mode  Mode   // of an IPv6 wildcard
}

// Port is where the socket listens.
func (s Socket) Port() int { return int(s.Addr.Port()) }

// Loopback says that only the container itself reaches the socket.
func (s Socket) Loopback() bool { return s.Addr.Addr().IsLoopback() }

// DialAddr is where a connection from inside the container reaches the socket.
func (s Socket) DialAddr() netip.AddrPort {
	switch s.Addr.Addr() {
	case netip.IPv4Unspecified():
		return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), s.Addr.Port())
	case netip.IPv6Unspecified():
		if s.Mode == DualStack { // instances need not have ::1
			return netip.AddrPortFrom(netip.AddrFrom4([4]byte{127, 0, 0, 1}), s.Addr.Port())
		}
		return netip.AddrPortFrom(netip.IPv6Loopback(), s.Addr.Port())
	}
	return s.Addr
}

// dockerDNS is the engine's own name server: it listens inside of every container on a user-defined network.
var dockerDNS = netip.AddrFrom4([4]byte{127, 0, 0, 11})

func keep(s Socket) bool { return s.Addr.Addr() != dockerDNS && s.Addr.Port() != 0 }

// Same says whether two lists hold the same sockets in the same order.
func Same(a, b []Socket) bool { return slices.Equal(a, b) }

// sortSockets puts lists of the same sockets into the same order.
func sortSockets(s []Socket) {
	slices.SortFunc(s, func(a, b Socket) int {
		if c := a.Addr.Compare(b.Addr); c != 0 {
			return c
		}
		return int(a.Inode&0x7fffffff) - int(b.Inode&0x7fffffff)
	})
}
