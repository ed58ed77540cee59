package run

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/shim/internal/nstest"
	"previewd/runtime/shim/internal/testapp"
	"previewd/runtime/shim/internal/wire"
)

func get(path string) (int, string) {
	client := http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(fmt.Sprintf("http://%s:%d%s", nstest.Addr, port, path))
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = resp.Body.Close() }()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func TestServesAnAppOnAnotherAddress(t *testing.T) {
	p := launch(t, wire.Config{Command: testapp.Command("print=hello", "sleep=200ms", "http=127.0.0.1:3000")})
	if r := p.reported(wire.ReportListening); r.Address != "127.0.0.1:3000" || !r.Forwarded {
		t.Errorf("%+v", r)
	}
	if status, body := get("/"); status != 200 || body != "hello from 127.0.0.1:3000" {
		t.Errorf("%d %s", status, body)
	}
	if r := p.reported(wire.ReportStarted); r.PID == 0 {
		t.Errorf("%+v", r)
	}
	if !p.reported(wire.ReportHealth).Healthy {
		t.Error("unhealthy")
	}
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 143 {
		t.Errorf("exit code %d", code)
	}
	if r := p.reported(wire.ReportExited); r.ExitCode != 143 || r.Signal != "SIGTERM" || r.Told != "SIGTERM" {
		t.Errorf("%+v", r)
	}
	if got := p.lines(); !slices.Equal(got, []string{"hello"}) {
		t.Errorf("output %q", got)
	}
}

func TestEnds(t *testing.T) {
	for _, tc := range []struct {
		step   string
		code   int
		signal string
	}{{"exit=0", 0, ""}, {"exit=3", 3, ""}, {"kill=9", 137, "SIGKILL"}} {
		t.Run(tc.step, func(t *testing.T) {
			p := launch(t, wire.Config{Command: testapp.Command("orphans=5", "daemon", tc.step)})
			if code := p.exit(); code != tc.code {
				t.Errorf("exit code %d", code)
			}
			if r := p.reported(wire.ReportExited); r.ExitCode != tc.code || r.Signal != tc.signal || r.Told != "" {
				t.Errorf("%+v", r)
			}
		})
	}
}

func TestMissingProgram(t *testing.T) {
	p := launch(t, wire.Config{Command: []string{"no-such-program"}})
	if code := p.exit(); code != 127 {
		t.Errorf("exit code %d", code)
	}
	if got := strings.Join(p.lines(), "\n"); !strings.Contains(got, "no-such-program") {
		t.Errorf("output %q", got)
	}
	if n := len(p.of(wire.ReportStarted)); n != 0 {
		t.Error("nothing has started")
	}
}

func TestPrepare(t *testing.T) {
	mark := filepath.Join(t.TempDir(), "mark")
	p := launch(t, wire.Config{
		Prepare: []string{"echo first > " + mark, "cat " + mark}, Command: testapp.Command("env=PORT", "exit=0"),
	})
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	if got := p.lines(); !slices.Equal(got, []string{"first", "PORT=4001 true"}) {
		t.Errorf("output %q", got)
	}
	if got := p.of(wire.ReportPrepare); len(got) != 2 || got[1].Command != "cat "+mark {
		t.Errorf("%+v", got)
	}
}

func TestPrepareFails(t *testing.T) {
	p := launch(t, wire.Config{Prepare: []string{"exit 4", "echo never"}, Command: testapp.Command("print=never")})
	if code := p.exit(); code != 4 {
		t.Errorf("exit code %d", code)
	}
	if r := p.reported(wire.ReportPrepareFailed); r.Command != "exit 4" || r.ExitCode != 4 {
		t.Errorf("%+v", r)
	}
	if got := p.lines(); len(got) != 0 {
		t.Errorf("output %q", got)
	}
}

func TestStopDuringPrepare(t *testing.T) {
	p := launch(t, wire.Config{Prepare: []string{"sleep 100"}, Command: testapp.Command("print=never")})
	p.reported(wire.ReportPrepare)
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 143 {
		t.Errorf("exit code %d", code)
	}
	if len(p.of(wire.ReportPrepareFailed)) != 0 || len(p.lines()) != 0 {
		t.Errorf("%+v, output %q", p.reports, p.lines())
	}
}

func TestIgnoredStopIsEnforced(t *testing.T) {
	p := launch(t, wire.Config{GraceSeconds: 1, Command: testapp.Command("ignore", "print=ready")})
	nstest.Eventually(t, "ready", func() bool { return len(p.lines()) == 1 })
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 137 {
		t.Errorf("exit code %d", code)
	}
}

func TestTheAppDoesNotLearnTheNonce(t *testing.T) {
	p := launch(t, wire.Config{Command: testapp.Command("env=PREVIEWD_SHIM", "exit=0")})
	p.exit()
	if got := p.lines(); !slices.Equal(got, []string{"PREVIEWD_SHIM= false"}) {
		t.Errorf("output %q", got)
	}
}

func TestForgedReportIsOutput(t *testing.T) {
	forged := wire.Marker + `guess {"kind":"exited"}`
	p := launch(t, wire.Config{Command: testapp.Command("print="+forged, "exit=0")})
	p.exit()
	if got := p.lines(); !slices.Equal(got, []string{forged}) || len(p.of(wire.ReportExited)) != 1 {
		t.Errorf("output %q", got)
	}
}

func TestStaticSite(t *testing.T) {
	dir := t.TempDir()
	p := launch(t, wire.Config{StaticDir: dir, ActivitySeconds: 1, Prepare: []string{"echo built > " + dir + "/index.html"}})
	if r := p.reported(wire.ReportListening); r.Forwarded || !strings.HasSuffix(r.Address, ":4001") {
		t.Errorf("%+v", r)
	}
	nstest.Eventually(t, "an answer", func() bool { status, _ := get("/"); return status == 200 })
	if err := os.WriteFile(filepath.Join(dir, "new.html"), []byte("new"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, body := get("/new"); body != "new" {
		t.Errorf("%q", body)
	}
	p.reported(wire.ReportActivity)
	p.signal(syscall.SIGTERM)
	if code := p.exit(); code != 0 {
		t.Errorf("exit code %d", code)
	}
}

func TestStaticSiteOnATakenPort(t *testing.T) {
	first := launch(t, wire.Config{StaticDir: "/"})
	first.reported(wire.ReportListening)
	second := launch(t, wire.Config{StaticDir: "/"})
	if code := second.exit(); code != exitStatic {
		t.Errorf("exit code %d", code)
	}
}

func TestNotConfigured(t *testing.T) {
	p := launch(t, wire.Config{})
	if code := p.exit(); code != exitUsage {
		t.Errorf("exit code %d", code)
	}
	if got := strings.Join(p.lines(), ""); !strings.Contains(got, "neither a command") {
		t.Errorf("output %q", got)
	}
}
