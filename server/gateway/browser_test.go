package gateway_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
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
	log, _ := logtest.NewNullLogger()
	server, _ := routes.NewServer(context.Background(), b.gate.Before(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		frame := "http://" + one + ".preview.localhost" + r.Host[strings.LastIndex(r.Host, ":"):] + "/?__previewd_token=" + token
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<body><script>onmessage = e => { document.body.textContent = "heard " + e.data }</script><iframe src="`+frame+`"></iframe>`)
	})), logrus.NewEntry(log))
	front := httptest.NewUnstartedServer(nil)
	front.Config = server
	front.Start()
	defer front.Close()
	port := front.URL[strings.LastIndex(front.URL, ":"):]
	for _, host := range []string{"127.0.0.1", "localhost", "preview.localhost"} {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		page, err := exec.CommandContext(ctx, program, "--headless=new", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=10000",
			"--user-data-dir="+t.TempDir(), "--dump-dom", "http://"+host+port+"/").Output()
		cancel()
		if err != nil || !strings.Contains(string(page), "heard cookies: sid=42 at <") {
			t.Errorf("framed by %s: %v\n%s", host, err, page)
		}
	}
}
