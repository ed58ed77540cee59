package watch

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"time"

	"previewd/runtime/shim/internal/forward"
)

// Bounds of what is read of an answer.
const (
	maxHead = 32 << 10
	maxBody = 256 << 10
)

// errNotHTTP says that something answered that does not speak HTTP.
var errNotHTTP = errors.New("the answer is not HTTP")

// answer is the head of an HTTP response.
type answer struct {
	status int
	html   bool
}

// ask sends one GET and reads the answer to its end, so that the app sees an orderly client. net/http would cost
// more memory than all the rest of the shim.
func ask(meter *forward.Meter, addr netip.AddrPort, path string, timeout time.Duration) (answer, error) {
	deadline := time.Now().Add(timeout)
	conn, err := meter.Dial(addr, timeout)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(deadline); err != nil {
		return answer{}, err
	}
	_, err = fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\nUser-Agent: previewd-health\r\n"+
		"Accept: text/html, */*;q=0.8\r\nConnection: close\r\n\r\n", path, addr.Port())
	if err != nil {
		return answer{}, err
	}
	r := bufio.NewReader(io.LimitReader(conn, maxHead))
	a, err := readHead(r)
	if err == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(conn, maxBody))
	}
	return a, err
}

// readHead reads a status line and the headers.
func readHead(r *bufio.Reader) (answer, error) {
	line, err := r.ReadBytes('\n')
	if err != nil && (len(line) == 0 || !errors.Is(err, io.EOF)) {
		return answer{}, err
	}
	status, ok := parseStatus(line)
	if !ok {
		return answer{}, errNotHTTP
	}
	a := answer{status: status}
	for {
		line, err = r.ReadBytes('\n')
		if err != nil || len(bytes.TrimSpace(line)) == 0 {
			return a, nil // a status is all that is needed
		}
		name, value, _ := bytes.Cut(bytes.ToLower(line), []byte{':'})
		a.html = a.html || string(name) == "content-type" && bytes.Contains(value, []byte("text/html"))
	}
}

// parseStatus reads "HTTP/1.1 200 OK".
func parseStatus(line []byte) (int, bool) {
	rest, ok := bytes.CutPrefix(line, []byte("HTTP/1."))
	if !ok || len(rest) < 5 {
		return 0, false
	}
	status, err := strconv.Atoi(string(rest[2:5]))
	return status, err == nil && status >= 100 && status <= 599
}

// judge turns what ask returned into a verdict.
func judge(a answer, err error) verdict {
	switch {
	case errors.Is(err, errNotHTTP), errors.Is(err, io.EOF):
		return foreign
	case err != nil:
		return silent
	case a.status >= 400:
		return answered
	case a.html && a.status < 300:
		return page
	}
	return good
}
