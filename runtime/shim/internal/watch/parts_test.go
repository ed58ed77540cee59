package watch

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"previewd/runtime/shim/internal/listen"
)

func socket(addr string) listen.Socket { return listen.Socket{Addr: netip.MustParseAddrPort(addr)} }

func TestCompare(t *testing.T) {
	r := rank{port: 4001, appPort: 7000}
	for _, tc := range []struct {
		name   string
		a, b   string
		va, vb verdict
	}{
		{"the project's port before all", "0.0.0.0:7000", "127.0.0.1:4001", foreign, page},
		{"the published port next", "127.0.0.1:4001", "0.0.0.0:3000", silent, page},
		{"a page before JSON", "0.0.0.0:9999", "0.0.0.0:3000", page, good},
		{"JSON before an error", "0.0.0.0:9999", "0.0.0.0:3000", good, answered},
		{"an error before silence", "0.0.0.0:9999", "0.0.0.0:3000", answered, silent},
		{"silence before what is not HTTP", "0.0.0.0:9999", "0.0.0.0:3000", silent, foreign},
		{"anything before a debugger", "0.0.0.0:9999", "0.0.0.0:9229", unasked, page},
		{"usual ports first", "0.0.0.0:8000", "0.0.0.0:2222", page, page},
		{"the more usual of two", "0.0.0.0:3000", "0.0.0.0:5173", page, page},
		{"ports given out by the kernel last", "0.0.0.0:30000", "0.0.0.0:40000", unasked, unasked},
		{"the lower port", "0.0.0.0:2222", "0.0.0.0:2223", unasked, unasked},
		{"IPv4 of one port", "127.0.0.1:3000", "[::1]:3000", unasked, unasked},
	} {
		if r.compare(socket(tc.a), socket(tc.b), tc.va, tc.vb) >= 0 || r.compare(socket(tc.b), socket(tc.a), tc.vb, tc.va) <= 0 {
			t.Errorf("%s: %s is not before %s", tc.name, tc.a, tc.b)
		}
	}
}

func TestSettleIsLongerTheLessIsKnown(t *testing.T) {
	last := time.Duration(0)
	for _, tc := range []struct {
		c    class
		port int
	}{{classAppPort, 1}, {classPage, 1}, {classUnknown, 3000}, {classUnknown, 2222}, {classTool, 9229}} {
		still, rest := settle(tc.c, tc.port)
		if still <= last || rest != (tc.c > classPort) {
			t.Errorf("class %d: %v %v", tc.c, still, rest)
		}
		last = still
	}
}

func TestReadHead(t *testing.T) {
	for in, want := range map[string]answer{
		"HTTP/1.1 200 OK\r\nContent-Type: text/HTML; charset=utf-8\r\n\r\nbody": {200, true},
		"HTTP/1.0 404 Not Found\nX: text/html\n\n":                              {404, false},
		"HTTP/1.1 503 ":      {503, false},
		"HTTP/1.1 99 x\r\n":  {},
		"HTTP/1.1 abc x\r\n": {},
		"HTTP/2 200\r\n":     {},
		"SSH-2.0-x\r\n":      {},
	} {
		got, err := readHead(bufio.NewReader(strings.NewReader(in)))
		if got != want || (want.status == 0) != errors.Is(err, errNotHTTP) {
			t.Errorf("%q: %+v %v", in, got, err)
		}
	}
	if _, err := readHead(bufio.NewReader(strings.NewReader(""))); !errors.Is(err, io.EOF) {
		t.Errorf("nothing: %v", err)
	}
}

func FuzzReadHead(f *testing.F) {
	f.Add([]byte("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readHead(bufio.NewReader(bytes.NewReader(b)))
		if err == nil && (a.status < 100 || a.status > 599) {
			t.Errorf("%+v", a)
		}
	})
}

func TestJudge(t *testing.T) {
	for want, got := range map[verdict]verdict{
		page:     judge(answer{200, true}, nil),
		good:     judge(answer{302, true}, nil),
		answered: judge(answer{404, true}, nil),
		silent:   judge(answer{}, os.ErrDeadlineExceeded),
		foreign:  judge(answer{}, errNotHTTP),
	} {
		if got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
}

func TestHealthState(t *testing.T) {
	s := healthState{retries: 3}
	var changes []bool
	for _, ok := range []bool{false, false, true, true, false, false, true, false, false, false, false, true} {
		if s.note(ok) {
			changes = append(changes, s.healthy)
		}
	}
	if len(changes) != 3 || !changes[0] || changes[1] || !changes[2] {
		t.Errorf("%v", changes)
	}
}

func TestRests(t *testing.T) {
	dir := t.TempDir()
	put := func(stat string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Join(dir, "77"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "77", "stat"), []byte(stat), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const fields = " 1 77 77 0 -1 0 0 0 0 0 "
	m, now := restMeter{proc: dir}, time.Now()
	for _, tc := range []struct {
		stat string
		want bool
	}{
		{"77 (a) b) S" + fields + "10 5 0", false}, // the first look says nothing
		{"77 (a) b) S" + fields + "10 6 0", true},
		{"77 (a) b) R" + fields + "10 6 0", false},
		{"77 (a) b) S" + fields + "10 6 0", true},
		{"77 (a) b) S" + fields + "20 6 0", false},
		{"77 (a) b) S" + fields + "10 6 0", false}, // a process ended and took its count along
		{"77 (short", true},
	} {
		put(tc.stat)
		now = now.Add(restWindow)
		if got := m.rests(now); got != tc.want && tc.stat != "77 (short" {
			t.Errorf("%q: %v", tc.stat, got)
		}
	}
	if m.rests(now.Add(time.Millisecond)) != m.resting {
		t.Error("looked again too soon")
	}
}
