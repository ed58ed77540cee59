package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"

	"previewd/server/routes"
)

// TestABrowsersCookiesInAFrame has Chromium frame a preview, from a page of another site and of the same, whose app forbids frames and lets in who has
// its own cookie.
func TestABrowsersCookiesInAFrame(t *testing.T) {
	program, err := exec.LookPath("chromium")
	switch {
	case err != nil && os.Getenv("CI") == "true":
		t.Fatal("needs Chromium: scripts/setup --dev")
	case err != nil:
		t.Skip("needs Chromium: scripts/setup --dev")
	}
	b := newBed(t)
	b.app(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/who" {
			_, _ = io.WriteString(w, "cookies: "+r.Header.Get("Cookie"))
			return
		}
		w.Header().Set("Set-Cookie", "sid=42; Path=/; HttpOnly")
		w.Header().Set("X-Frame-Options", "DENY")
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<script>fetch("/who").then(r => r.text()).then(text => parent.postMessage(text + " at " + location.search, "*"))</script>`)
	})
	heard := make(chan string, 8)
	log, _ := logtest.NewNullLogger()
	server, _ := routes.NewServer(context.Background(), b.gate.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/heard" {
			heard <- r.URL.Query().Get("text")
			return
		}
		frame := "http://" + one + ".preview.localhost" + r.Host[strings.LastIndex(r.Host, ":"):] + "/?__previewd_token=" + token
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<body><script>onmessage = e => fetch("/heard?text=" + encodeURIComponent(e.data))</script><iframe src="`+frame+`"></iframe>`)
	})), logrus.NewEntry(log))
	front := httptest.NewUnstartedServer(nil)
	front.Config = server
	front.Start()
	defer front.Close()
	port := front.URL[strings.LastIndex(front.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "preview.localhost"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		browse(ctx, t, program, "http://"+host+port+"/")
		select {
		case text := <-heard:
			if text != "cookies: sid=42 at " {
				t.Errorf("framed by %s: heard %q", host, text)
			}
		case <-ctx.Done():
			t.Errorf("framed by %s: heard nothing", host)
		}
		cancel()
	}
}

// browse opens a page until ctx ends, at the latest until the test does.
func browse(ctx context.Context, t *testing.T, program, page string) {
	t.Helper()
	ctx, cancel := context.WithCancel(ctx)
	chromium := exec.CommandContext(ctx, program, "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), page)
	chromium.Cancel = func() error { return chromium.Process.Signal(syscall.SIGTERM) } // ends its children and writes its files
	chromium.WaitDelay = 10 * time.Second
	if err := chromium.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = chromium.Wait()
	})
}
