package forward

import (
	"io"
	"net"
)

// join copies both ways until both ends have said all they have to say, then closes both. TCP_NODELAY is the
// default of Go's connections, keep-alives find peers that vanished, and between two TCP connections io.Copy has
// the kernel move the bytes (splice).
func join(a, b *net.TCPConn) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		copyHalf(b, a)
	}()
	copyHalf(a, b)
	<-done
	_ = a.Close()
	_ = b.Close()
}

// copyHalf copies one way and passes on how it ended: the end of the stream as such, an error by a reset of both.
func copyHalf(dst, src *net.TCPConn) {
	if _, err := io.Copy(dst, src); err != nil {
		reset(dst)
		reset(src)
		return
	}
	_ = dst.CloseWrite()
}

// reset closes a connection so that its peer sees an error and not an orderly end.
func reset(conn *net.TCPConn) {
	_ = conn.SetLinger(0)
	_ = conn.Close()
}
