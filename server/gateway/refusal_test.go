package gateway_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

var failed = &preview.Reason{
	Code: preview.AppExited, Message: "The app ended: <script>alert(1)</script>", Hint: "Add <httpx>.",
	Evidence: &preview.Evidence{LastLines: []string{"first", `</pre><img src=x onerror="alert(2)">`}},
}

// TestStates asks in every state, as a browser and as a program, with the session token, a link and nothing.
func TestStates(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	tests := []struct {
		name   string
		change func(*preview.Preview)
		known  int
		guest  int
		code   string
		nobody int
		says   []string
	}{
		{
			"starting", func(p *preview.Preview) { p.Status, p.Phase = preview.Starting, preview.Installing }, 503, 503, "PREVIEW_NOT_RUNNING", 401,
			[]string{`http-equiv="refresh" content="1"`, `<li class="done">detecting`, `<li class="now" aria-current="step">installing`, `<li class="later">booting`},
		},
		{"running", func(p *preview.Preview) { p.Status = preview.Running }, 200, 200, "", 401, []string{"hello"}},
		{"stopping", func(p *preview.Preview) { p.Status = preview.Stopping }, 410, 410, "PREVIEW_NOT_RUNNING", 410, []string{"has ended"}},
		{
			"failed", func(p *preview.Preview) { p.Status, p.Reason = preview.Failed, failed }, 410, 410, "PREVIEW_NOT_RUNNING", 410,
			[]string{"preview failed", "APP_EXITED", "The app ended: &lt;script&gt;", "Add &lt;httpx&gt;.", "&lt;/pre&gt;&lt;img"},
		},
	}
	for _, test := range tests {
		p := b.rows.change(one, test.change)
		b.bus.Publish(p)
		link := "/?" + strings.SplitN(b.links.Shared(p, time.Now().Add(time.Hour)), "?", 2)[1]
		guest := pairOf(b.visit(link).header.Get("Set-Cookie"))
		known, program, visitor := b.get("/", "Accept", page), b.get("/"), b.visit("/", "Accept", page, "Cookie", guest)
		if known.status != test.known || program.status != test.known || program.code() != test.code || visitor.status != test.guest {
			t.Errorf("%s: %d %d %s %d", test.name, known.status, program.status, program.code(), visitor.status)
		}
		for _, text := range test.says {
			if !strings.Contains(known.body, text) {
				t.Errorf("%s: the page lacks %q:\n%s", test.name, text, known.body)
			}
		}
		if a := b.visit("/", "Accept", page); a.status != test.nobody || strings.Contains(a.body, "APP_EXITED") || strings.Contains(a.body, "installing") {
			t.Errorf("%s: a stranger gets %d %s", test.name, a.status, a.body)
		}
		if strings.Contains(visitor.body, "APP_EXITED") || strings.Contains(visitor.body, "&lt;") {
			t.Errorf("%s: a guest reads the log: %s", test.name, visitor.body)
		}
		if strings.Contains(known.body, "<script") || strings.Contains(known.body, "<img") {
			t.Errorf("%s: the log's text is markup: %s", test.name, known.body)
		}
	}
}

func TestWaitingSaysWhenToComeBack(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	b.rows.change(one, func(p *preview.Preview) { p.Status, p.Phase = preview.Starting, preview.Queued })
	for _, accept := range []string{page, "*/*"} {
		a := b.get("/", "Accept", accept)
		if a.status != 503 || a.header.Get("Retry-After") != "1" || a.header.Get("Cache-Control") != "no-store" ||
			!strings.Contains(a.header.Get("Content-Security-Policy"), "default-src 'none'") || a.header.Get("X-Frame-Options") != "" {
			t.Error(a.status, a.header)
		}
	}
}

// TestAppsThatDoNotAnswer are 502, and their preview runs on.
func TestAppsThatDoNotAnswer(t *testing.T) {
	for name, speak := range map[string]func(net.Conn){
		"closes":       func(net.Conn) {},
		"no HTTP":      func(c net.Conn) { _, _ = io.WriteString(c, "220 smtp ready\r\n\r\n") },
		"a bad status": func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 007 Bond\r\n\r\n") },
		"huge headers": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX: "+strings.Repeat("x", 200<<10)+"\r\n\r\n")
		},
		"two lengths": func(c net.Conn) {
			_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab")
		},
		"a split value": func(c net.Conn) { _, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\nX: a\r b\r\nContent-Length: 0\r\n\r\n") },
	} {
		t.Run(name, func(t *testing.T) {
			b := newBed(t)
			l, err := net.Listen("tcp", "127.0.0.1:0")
			b.check(err)
			defer l.Close()
			go func() {
				for {
					conn, err := l.Accept()
					if err != nil {
						return
					}
					_, _ = conn.Read(make([]byte, 4096))
					speak(conn)
					_ = conn.Close()
				}
			}()
			b.runs(one, l.Addr())
			if a := b.get("/"); a.status != http.StatusBadGateway || a.code() != "PREVIEW_UNREACHABLE" {
				t.Error(a.status, a.body)
			}
			if a := b.get("/", "Accept", page); a.status != http.StatusBadGateway || !strings.Contains(a.body, "The app does not answer") {
				t.Error(a.status, a.body)
			}
		})
	}
}

func TestARefusedConnection(t *testing.T) {
	b := newBed(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	b.check(err)
	b.runs(one, l.Addr())
	b.check(l.Close())
	if a := b.get("/"); a.status != http.StatusBadGateway || !strings.Contains(a.body, "refuses connections") {
		t.Error(a.status, a.body)
	}
}

// TestTheDatabaseIsAway says so, and cuts nobody off.
func TestTheDatabaseIsAway(t *testing.T) {
	b := newBed(t)
	b.app(echo)
	conn, in := b.upgrade()
	b.rows.mu.Lock()
	b.rows.fails = errors.New("the database is away")
	b.rows.mu.Unlock()
	eventually(t, "new visitors are told", func() bool { a := b.visit("/"); return a.status == 500 && a.code() == "INTERNAL_ERROR" })
	for range 3 {
		looks := b.rows.looked()
		eventually(t, "the row was looked for", func() bool { b.visit("/"); return b.rows.looked() > looks })
	}
	say(t, conn, in, "still here")
}
