package launch_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/backendtest/fake"
	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

func TestLaunchRunsAndStops(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	first := w.launch("g")
	p := w.running(first.ID)
	if p.Framework != "express" || p.Runtime != preview.RuntimeNode || !p.Cached || p.InstanceID == "" || p.RunningAt == nil {
		t.Errorf("running preview %+v", p)
	}
	for _, phase := range []string{"fetching", "detecting", "installing", "creating", "booting", "total"} {
		if _, ok := p.Timings[phase]; !ok {
			t.Errorf("no time of %s in %v", phase, p.Timings)
		}
	}
	if _, err := w.Usage(t.Context(), p); err != nil {
		t.Errorf("usage: %v", err)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	p = w.ended(first.ID)
	if p.Status != preview.Stopped || p.Reason == nil || p.Reason.Code != preview.User || p.EndedAt == nil {
		t.Errorf("stopped preview %+v, reason %+v", p, p.Reason)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Errorf("a second stop: %v", err)
	}
	if _, err := w.Usage(t.Context(), p); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Errorf("usage of an ended preview: %v", err)
	}
	text := w.logText(first.ID)
	for _, want := range []string{"subprocess listening", "subprocess goodbye", "system found a node project with express", "leads there", "system running on port", "system USER:"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in the log:\n%s", want, text)
		}
	}
	if strings.Contains(text, shim.Marker) {
		t.Errorf("a report of the shim is in the log:\n%s", text)
	}
	w.nothingLeft()
}

func TestFailuresHaveTheirReasons(t *testing.T) {
	tests := []struct {
		name    string
		files   map[string]string
		program fake.Program
		setup   func(*world)
		request func(*launch.Request)
		code    preview.Code
		says    string
	}{
		{name: "exits with an error", program: exitWith(3, "ValueError: bad"), code: preview.AppExited, says: "exit code 3 before it served anything. It said: ValueError: bad"},
		{name: "exits with 0", program: exitWith(0, "done"), code: preview.AppExited, says: "exit code 0"},
		{name: "needs an environment variable", program: exitWith(1, "Error: Missing required environment variable: API_KEY"), code: preview.MissingEnv, says: "API_KEY"},
		{name: "out of memory at start", program: func(_ context.Context, p *fake.Process) int { p.OutOfMemory(); return 137 }, code: preview.OutOfMemory, says: "128 MB"},
		{name: "never listens", program: quiet, request: oneSecond, code: preview.StartupTimeout, says: "opened no port within 1 seconds"},
		{name: "listens but never answers", program: mute, request: oneSecond, code: preview.StartupTimeout, says: "listens on 0.0.0.0:5432 but gave no HTTP answer"},
		{name: "preparation fails", program: prepareFails, code: preview.AppExited, says: "`go build` failed with exit code 2"},
		{name: "unrecognised", files: map[string]string{"notes.txt": "hello"}, code: preview.UnrecognisedProject},
		{name: "no start command", files: map[string]string{"package.json": `{"name": "x"}`}, code: preview.NoStartCommand},
		{name: "install fails", setup: func(w *world) {
			w.images.deps = func(context.Context) error {
				return &preview.Reason{Code: preview.InstallFailed, Message: "no such version"}
			}
		}, code: preview.InstallFailed, says: "no such version"},
		{name: "engine away", setup: func(w *world) { w.engine.Fail("create", preview.ErrEngineUnavailable) }, code: preview.EngineUnavailable},
		{name: "cannot start", setup: func(w *world) { w.engine.Fail("start", errBroken) }, code: preview.InternalError, says: "error of its own"},
		{name: "the registry is away", setup: func(w *world) {
			w.engine.Fail("start", &preview.RegistryError{Engine: "node n2", Why: "the registry cannot be reached", Err: errBroken})
		}, code: preview.EngineUnavailable, says: "does not get to its node: the registry cannot be reached"},
		{name: "image builds fail for no known reason", setup: func(w *world) { w.images.runtime = func(context.Context) error { return errBroken } }, code: preview.InternalError},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			program := tt.program
			if program == nil {
				program = serve
			}
			w := newWorld(t, program)
			if tt.setup != nil {
				tt.setup(w)
			}
			files := tt.files
			if files == nil {
				files = nodeApp
			}
			w.put("g", files)
			var changes []func(*launch.Request)
			if tt.request != nil {
				changes = append(changes, tt.request)
			}
			p := w.ended(w.launch("g", changes...).ID)
			if p.Status != preview.Failed || p.Reason == nil || p.Reason.Code != tt.code || !strings.Contains(p.Reason.Message, tt.says) {
				t.Errorf("ended as %s for %+v, want %s …%q…", p.Status, p.Reason, tt.code, tt.says)
			}
			if p.Reason != nil && strings.Contains(p.Reason.Message, errBroken.Error()) {
				t.Error("the reason tells an internal error's text")
			}
			if text := w.logText(p.ID); !strings.Contains(text, "system "+string(tt.code)+": ") {
				t.Errorf("the reason is not in the log:\n%s", text)
			}
			w.nothingLeft()
		})
	}
}

func oneSecond(r *launch.Request) { r.TimeoutSeconds = 1 }

func quiet(ctx context.Context, p *fake.Process) int {
	report(p, shim.Report{Kind: shim.ReportStarted})
	<-ctx.Done()
	return 0
}

func mute(ctx context.Context, p *fake.Process) int {
	report(p, shim.Report{Kind: shim.ReportStarted})
	report(p, shim.Report{Kind: shim.ReportListening, Addresses: []string{"0.0.0.0:5432"}})
	l, err := p.Listen()
	if err != nil {
		return 99
	}
	defer func() { _ = l.Close() }()
	<-ctx.Done()
	return 0
}

func prepareFails(_ context.Context, p *fake.Process) int {
	report(p, shim.Report{Kind: shim.ReportPrepare, Command: "go build"})
	report(p, shim.Report{Kind: shim.ReportPrepareFailed, Command: "go build", ExitCode: 2})
	return 2
}

func TestCrashWhileRunning(t *testing.T) {
	crash := make(chan func(*fake.Process) int, 1)
	program := func(ctx context.Context, p *fake.Process) int {
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 99
		}
		select {
		case end := <-crash:
			return end(p)
		case <-ctx.Done():
			return 0
		}
	}
	tests := []struct {
		name string
		end  func(*fake.Process) int
		code preview.Code
		says string
	}{
		{"exit", func(p *fake.Process) int { _, _ = fmt.Fprintln(p.Stderr, "TypeError: x is not a function"); return 1 }, preview.AppExited, "was running and then ended with exit code 1"},
		{"out of memory", func(p *fake.Process) int { p.OutOfMemory(); return 1 }, preview.OutOfMemory, "killed"},
		{"signal", func(p *fake.Process) int {
			report(p, shim.Report{Kind: shim.ReportExited, Signal: "segmentation fault"})
			return 139
		}, preview.AppExited, "signal segmentation fault"},
		{"killed by itself", func(p *fake.Process) int {
			report(p, shim.Report{Kind: shim.ReportExited, ExitCode: 137, Signal: "SIGKILL"})
			return 137
		}, preview.AppExited, "signal SIGKILL"},
		{"killed from outside", func(*fake.Process) int { return 137 }, preview.InstanceLost, "somebody other than previewd"},
		{"stopped from outside", func(p *fake.Process) int {
			report(p, shim.Report{Kind: shim.ReportExited, Told: "SIGTERM"})
			return 0
		}, preview.InstanceLost, "somebody other than previewd"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t, program)
			w.put("g", nodeApp)
			p := w.running(w.launch("g").ID)
			crash <- tt.end
			p = w.ended(p.ID)
			if p.Status != preview.Failed || p.Reason.Code != tt.code || !strings.Contains(p.Reason.Message, tt.says) {
				t.Errorf("ended as %s for %+v", p.Status, p.Reason)
			}
			w.nothingLeft()
		})
	}
}

func TestRelaunchReplaces(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	old := w.running(w.launch("g").ID)
	fresh := w.running(w.launch("g").ID)
	if old.Port == fresh.Port {
		t.Error("the new preview has the old one's port while that still ran")
	}
	if p := w.ended(old.ID); p.Status != preview.Stopped || p.Reason.Code != preview.Replaced {
		t.Errorf("the old preview is %s for %+v", p.Status, p.Reason)
	}
	if latest, err := w.store.LatestPreview(t.Context(), "g"); err != nil || latest.ID != fresh.ID {
		t.Errorf("latest is %s, %v", latest.ID, err)
	}
}

func TestATakenPortIsSkipped(t *testing.T) {
	w := newWorld(t, serve)
	w.put("g", nodeApp)
	var held []net.Listener
	for port := w.config.PortMin; port < w.config.PortMax; port++ {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, l)
	}
	p := w.running(w.launch("g").ID)
	if p.Port != w.config.PortMax {
		t.Errorf("port %d, want the only free one, %d", p.Port, w.config.PortMax)
	}
	if err := w.Stop(t.Context(), "g", preview.User); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", w.config.PortMax))
	if err != nil {
		t.Fatal(err)
	}
	held = append(held, l)
	p = w.ended(w.launch("g").ID)
	if p.Reason.Code != preview.NoPorts {
		t.Errorf("with every port taken: %+v", p.Reason)
	}
	for _, l := range held {
		_ = l.Close()
	}
	w.nothingLeft()
}

func TestEveryPortLeased(t *testing.T) {
	w := newWorld(t, serve)
	for i := range 4 {
		w.put(fmt.Sprint("g", i), nodeApp)
	}
	for i := range 3 {
		w.launch(fmt.Sprint("g", i))
	}
	_, err := w.Launch(t.Context(), launch.Request{GenerationID: "g3", UserID: "u"})
	if !errors.Is(err, preview.ErrNoPorts) {
		t.Errorf("the fourth launch on three ports: %v", err)
	}
}

func TestStopDuringEveryPhase(t *testing.T) {
	hold := func(reached chan<- struct{}) func(context.Context) error {
		return func(ctx context.Context) error {
			close(reached)
			<-ctx.Done()
			return ctx.Err()
		}
	}
	tests := map[preview.Phase]func(*world, chan struct{}){
		preview.Installing: func(w *world, reached chan struct{}) { w.images.deps = hold(reached) },
		preview.Booting:    func(_ *world, reached chan struct{}) { close(reached) },
	}
	for phase, setup := range tests {
		t.Run(string(phase), func(t *testing.T) {
			w := newWorld(t, quiet)
			w.put("g", nodeApp)
			reached := make(chan struct{})
			setup(w, reached)
			p := w.launch("g")
			<-reached
			w.until(p.ID, "in "+string(phase), func(p preview.Preview) bool { return p.Phase == phase })
			if err := w.Stop(t.Context(), "g", preview.User); err != nil {
				t.Fatal(err)
			}
			if p = w.ended(p.ID); p.Status != preview.Stopped || p.Reason.Code != preview.User {
				t.Errorf("ended as %s for %+v", p.Status, p.Reason)
			}
			w.nothingLeft()
		})
	}
}

func TestLaunchesWaitForAPlace(t *testing.T) {
	release := make(chan struct{})
	program := func(ctx context.Context, p *fake.Process) int {
		select {
		case <-release:
		case <-ctx.Done():
		}
		return serve(ctx, p)
	}
	w := newWorld(t, program, func(c *launch.Config) { c.Concurrency = 1 })
	w.put("a", nodeApp)
	w.put("b", nodeApp)
	a := w.launch("a")
	w.until(a.ID, "booting", func(p preview.Preview) bool { return p.Phase == preview.Booting })
	b := w.launch("b")
	w.until(b.ID, "queued behind the first", func(p preview.Preview) bool {
		return p.Phase == preview.Queued && strings.Contains(w.logText(p.ID), "waiting for other launches")
	})
	close(release)
	w.running(a.ID)
	if p := w.running(b.ID); p.Timings["queued"] <= 0 {
		t.Errorf("timings %v do not tell the wait", p.Timings)
	}
}

func TestTheStartupTimeoutCountsFromTheAppsStart(t *testing.T) {
	prepared := make(chan struct{})
	program := func(ctx context.Context, p *fake.Process) int {
		report(p, shim.Report{Kind: shim.ReportPrepare, Command: "slow build"})
		select {
		case <-prepared:
		case <-ctx.Done():
			return 1
		}
		return serve(ctx, p)
	}
	w := newWorld(t, program)
	w.put("g", map[string]string{"go.mod": "module x\n\ngo 1.24\n", "main.go": "package main\n\nimport \"net/http\"\n\nfunc main() { _ = http.ListenAndServe(\":8080\", nil) }\n"})
	p := w.launch("g", oneSecond)
	timer := time.NewTimer(1500 * time.Millisecond) // longer than the startup timeout: that is the point
	<-timer.C
	close(prepared)
	w.running(p.ID)
}

func TestReportsAreKept(t *testing.T) {
	say := make(chan shim.Report)
	program := func(ctx context.Context, p *fake.Process) int {
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 99
		}
		for {
			select {
			case r := <-say:
				report(p, r)
			case <-ctx.Done():
				return 0
			}
		}
	}
	w := newWorld(t, program)
	w.put("g", nodeApp)
	p := w.running(w.launch("g").ID)
	say <- shim.Report{Kind: shim.ReportHealth, Healthy: false}
	w.until(p.ID, "unhealthy", func(p preview.Preview) bool { return p.Health == preview.HealthUnhealthy })
	say <- shim.Report{Kind: shim.ReportHealth, Healthy: true}
	w.until(p.ID, "healthy", func(p preview.Preview) bool { return p.Health == preview.HealthHealthy })
	say <- shim.Report{Kind: shim.ReportActivity, Open: 1}
	w.until(p.ID, "active after its start", func(now preview.Preview) bool { return now.LastActiveAt.After(p.LastActiveAt) })
	say <- shim.Report{Kind: shim.ReportStarted}
	w.until(p.ID, "started", func(p preview.Preview) bool { return p.StartedAt != nil })
}

func TestAnOwnDockerfileRunsItsOwnCommand(t *testing.T) {
	var config shim.Config
	seen := make(chan map[string][]byte, 1)
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int {
		config = configOf(p)
		seen <- p.Files
		return serve(ctx, p)
	})
	w.put("g", map[string]string{"Dockerfile": "FROM scratch\n"})
	w.running(w.launch("g").ID)
	if files := <-seen; len(files) > 0 {
		t.Errorf("the source was uploaded over the image: %v", files)
	}
	if strings.Join(config.Command, " ") != "serve" || config.AppPort != 8000 {
		t.Errorf("the shim runs %q, app port %d", config.Command, config.AppPort)
	}
}

func TestStaticSitesAreServedByTheShim(t *testing.T) {
	configs := make(chan shim.Config, 1)
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int { configs <- configOf(p); return serve(ctx, p) })
	w.put("g", map[string]string{"public/index.html": "<p>hello</p>"})
	p := w.running(w.launch("g").ID)
	if c := <-configs; c.StaticDir != "/app/public" || len(c.Command) > 0 || c.Port != p.Port {
		t.Errorf("the shim was told %+v", c)
	}
}

func TestWhatTheCallerAsksForReachesTheInstance(t *testing.T) {
	type told struct {
		env   map[string]string
		files map[string][]byte
	}
	seen := make(chan told, 1)
	w := newWorld(t, func(ctx context.Context, p *fake.Process) int { seen <- told{p.Env, p.Files}; return serve(ctx, p) })
	files := map[string]string{"node_modules/express/index.js": "uploaded", ".venv/x": "uploaded"}
	maps.Copy(files, nodeApp)
	w.put("g", files)
	p := w.running(w.launch("g", func(r *launch.Request) {
		r.Env, r.MemoryMB, r.Command = map[string]string{"GREETING": "hello"}, 4096, "node other.js"
	}).ID)
	got := <-seen
	if got.env["GREETING"] != "hello" || got.env["PORT"] != fmt.Sprint(p.Port) {
		t.Errorf("environment %v", got.env)
	}
	if p.Command != "node other.js" || p.MemoryLimitMB != 128 || p.Request.MemoryMB != 4096 {
		t.Errorf("command %q, memory %d: the limit must hold", p.Command, p.MemoryLimitMB)
	}
	if _, there := got.files["/app/server.js"]; !there {
		t.Errorf("the source is missing: %d files", len(got.files))
	}
	for name := range got.files {
		if strings.Contains(name, "node_modules") || strings.Contains(name, ".venv") {
			t.Errorf("uploaded dependencies were laid over the installed ones: %s", name)
		}
	}
}

func TestSecretsStayInside(t *testing.T) {
	const secret = "hunter2-hunter2"
	asked := make(chan map[string]string, 1)
	die := make(chan struct{})
	w := newWorld(t, func(_ context.Context, p *fake.Process) int {
		asked <- p.Env
		if err := p.Serve(http.NotFoundHandler()); err != nil {
			return 1
		}
		fmt.Fprintln(p.Stdout, "key is", p.Env["API_KEY"])
		<-die
		fmt.Fprintln(p.Stderr, "ValueError: wrong key", p.Env["API_KEY"])
		return 3
	})
	w.put("g", nodeApp)
	p := w.running(w.launch("g", func(r *launch.Request) {
		r.SecretEnv, r.Command = preview.SecretEnv{"API_KEY": secret}, "node server.js --key "+secret
	}).ID)
	if env := <-asked; env["API_KEY"] != secret {
		t.Errorf("the app has %q", env["API_KEY"])
	}
	if p.Request.SecretEnv["API_KEY"] != secret || p.Command != "node server.js --key [redacted]" {
		t.Errorf("the row has %v, command %q", p.Request.SecretEnv.Values(), p.Command)
	}
	close(die)
	p = w.ended(p.ID)
	told := fmt.Sprintf("%+v %+v %s", p.Reason, p.Reason.Evidence, w.logText(p.ID))
	if strings.Contains(told, "hunter2") || strings.Count(told, "[redacted]") < 4 {
		t.Error(told)
	}
	if len(p.Request.SecretEnv) != 0 {
		t.Errorf("kept after the end: %v", p.Request.SecretEnv)
	}
}

// What an install says last does not come from the log.
func TestReasonsOfInstallsHoldNoSecrets(t *testing.T) {
	const secret = "hunter2-hunter2"
	w := newWorld(t, serve)
	w.images.deps = func(context.Context) error {
		return &preview.Reason{
			Code: preview.InstallFailed, Message: "It said: " + secret, Hint: "Not " + secret,
			Evidence: &preview.Evidence{LastLines: []string{"key " + secret, "cut " + secret[:9]}},
		}
	}
	w.put("g", nodeApp)
	p := w.ended(w.launch("g", func(r *launch.Request) { r.SecretEnv = preview.SecretEnv{"API_KEY": secret} }).ID)
	if told := fmt.Sprintf("%+v %+v", p.Reason, p.Reason.Evidence); p.Reason.Code != preview.InstallFailed || strings.Contains(told, "hunter2") {
		t.Error(told)
	}
}
