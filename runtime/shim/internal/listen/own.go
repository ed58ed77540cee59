package listen

import (
	"net"
	"net/netip"

	"golang.org/x/sys/unix"
)

// OwnAddr is the container's first IPv4 address that others reach, the wildcard address when it has none.
func OwnAddr() netip.Addr {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return netip.IPv4Unspecified()
	}
	for _, a := range addrs {
		prefix, err := netip.ParsePrefix(a.String())
		if ip := prefix.Addr(); err == nil && ip.Is4() && !ip.IsLoopback() && !ip.IsLinkLocalUnicast() {
			return ip
		}
	}
	return netip.IPv4Unspecified()
}

// tryMode finds out whether the IPv6 wildcard socket of a port takes IPv4 connections too, where the kernel does
// not tell: then the IPv4 address cannot be bound.
func tryMode(port uint16) Mode {
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return ModeUnknown
	}
	defer func() { _ = unix.Close(fd) }()
	// Connections that ended a moment ago hold the address as well, but not against this option.
	if err := unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_REUSEADDR, 1); err != nil {
		return ModeUnknown
	}
	if err := unix.Bind(fd, &unix.SockaddrInet4{Port: int(port)}); err != nil {
		return DualStack
	}
	return OnlyV6
}
