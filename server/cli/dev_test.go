package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/auth"
)

// fakeService is a service that is ready at once at the fake API, and tells how it was run.
type fakeService struct {
	api     string
	environ environ
	stopped bool
	fail    error
}

func (s *fakeService) serve(ctx context.Context, o ServeOptions) error {
	s.environ = newEnviron(o.Environ)
	if s.fail != nil {
		return s.fail
	}
	o.Ready(s.api)
	<-ctx.Done()
	s.stopped = true
	return nil
}

func TestDev(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", lines("hello from the app"), starting(preview.Booting), runs)
	service := &fakeService{api: f.server.URL}
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout, stderr safeBuffer
	environ := environOf(t, "")
	done := make(chan int)
	d := quick(Deps{Environ: environ, Stdout: &stdout, Stderr: &stderr, Serve: service.serve})
	go func() { done <- Run(ctx, d, []string{"dev", hello(t), "--id", "app"}) }()
	eventually(t, "the invitation", func() bool { return strings.Contains(stdout.String(), "Ctrl-C stops everything") })
	eventually(t, "the log", func() bool { return strings.Contains(stdout.String(), "hello from the app") })
	interrupt()
	if code := <-done; code != ExitOK {
		t.Errorf("exit code %d: %s", code, stderr.String())
	}
	if !service.stopped {
		t.Error("returned before the service had stopped")
	}
	out := stable(stdout.String())
	wantText(t, out, "Preview http://127.0.0.1:3001", "API     http://API/api/v1", "Token   TOKEN",
		"curl -s -H 'Authorization: Bearer TOKEN' http://API/api/v1/generations/app/preview/status")

	// The token on the screen and the client's own are good for the secret that the service was given.
	secret := service.environ["PREVIEW_JWT_SECRET"]
	verifier, err := auth.NewVerifier(auth.Options{Secrets: [][]byte{[]byte(secret)}})
	if err != nil {
		t.Fatal(err)
	}
	for _, header := range f.seen() {
		if who, err := verifier.Verify(t.Context(), strings.TrimPrefix(header, "Bearer ")); err != nil || who.User != devUser {
			t.Errorf("%+v, %v", who, err)
		}
	}
	if level := service.environ["PREVIEW_LOG_LEVEL"]; level != "warn" {
		t.Errorf("log level %q", level)
	}

	for _, rate := range []string{"LAUNCH", "STATUS", "REQUEST", "ENDPOINTS", "UPLOAD"} {
		if got := service.environ["PREVIEW_RATE_"+rate]; got != "0" {
			t.Errorf("rate of %s is %q", rate, got)
		}
	}

	// Other commands find the secret where it was left, and nobody else does.
	file := filepath.Join(newEnviron(environ)["PREVIEW_DATA_DIR"], devSecretFile)
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	f.seen()
	d = Deps{Environ: append(environ, "PREVIEW_API="+f.server.URL)}
	wantCode(t, runWith(t, t.Context(), d, "ls"), ExitOK)
	if _, err := verifier.Verify(t.Context(), strings.TrimPrefix(f.seen()[0], "Bearer ")); err != nil {
		t.Error(err)
	}
	r := runWith(t, t.Context(), d, "token")
	if _, err := verifier.Verify(t.Context(), strings.TrimSpace(r.stdout)); err != nil {
		t.Error(err)
	}
}

func TestDevKeepsOnesOwnSettings(t *testing.T) {
	for name, tt := range map[string]struct{ set, secret, level string }{
		"secret":   {"PREVIEW_JWT_SECRET=0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef", "warn"},
		"insecure": {"PREVIEW_INSECURE=1", "", "warn"},
		"level":    {"PREVIEW_LOG_LEVEL=debug", "-", "debug"},
		"rate":     {"PREVIEW_RATE_LAUNCH=2/h", "-", "warn"},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeAPI(t)
			f.add("app", nil, fails)
			service := &fakeService{api: f.server.URL}
			d := Deps{Environ: environOf(t, "", tt.set), Serve: service.serve}
			wantCode(t, runWith(t, t.Context(), d, "dev", hello(t), "--id", "app", "--json"), ExitPreview)
			if got := service.environ["PREVIEW_JWT_SECRET"]; tt.secret != "-" && got != tt.secret {
				t.Errorf("secret %q", got)
			}
			if got := service.environ["PREVIEW_LOG_LEVEL"]; got != tt.level {
				t.Errorf("level %q", got)
			}
			if got := service.environ["PREVIEW_RATE_LAUNCH"]; name == "rate" && got != "2/h" {
				t.Errorf("rate of launches %q", got)
			}
			if tt.set == "PREVIEW_INSECURE=1" && f.seen()[0] != "" {
				t.Error("sent a token nobody asked for")
			}
			if !service.stopped {
				t.Error("the service goes on though the preview did not start")
			}
		})
	}
}

func TestDevServesOnAfterTheEnd(t *testing.T) {
	f := newFakeAPI(t)
	f.add("app", nil, runs, stops)
	service := &fakeService{api: f.server.URL}
	ctx, interrupt := context.WithCancel(t.Context())
	var stdout, stderr safeBuffer
	done := make(chan int)
	d := quick(Deps{Environ: environOf(t, ""), Stdout: &stdout, Stderr: &stderr, Serve: service.serve})
	go func() { done <- Run(ctx, d, []string{"dev", hello(t), "--id", "app", "--json"}) }()
	eventually(t, "word of going on", func() bool { return strings.Contains(stderr.String(), "the service goes on") })
	interrupt()
	if code := <-done; code != ExitOK {
		t.Errorf("exit code %d", code)
	}
	wantText(t, stdout.String(), `"event":"api"`, `"status_url":"http://127.0.0.1:`)
}

func TestDevWhenTheServiceFails(t *testing.T) {
	for name, tt := range map[string]struct {
		err  error
		says string
	}{
		"address taken": {fmt.Errorf("listen: %w", syscall.EADDRINUSE), "PREVIEW_LISTEN_ADDR"},
		"anything":      {errors.New("the engine is away"), "the engine is away"},
	} {
		t.Run(name, func(t *testing.T) {
			service := &fakeService{fail: tt.err}
			for _, args := range [][]string{{"dev", hello(t)}, {"serve"}} {
				r := runWith(t, t.Context(), Deps{Environ: environOf(t, ""), Serve: service.serve}, args...)
				wantCode(t, r, ExitFailure)
				wantText(t, r.stderr, tt.says)
			}
		})
	}
}

func TestDevOfNoFolder(t *testing.T) {
	f := newFakeAPI(t)
	service := &fakeService{api: f.server.URL}
	r := runWith(t, t.Context(), Deps{Environ: environOf(t, ""), Serve: service.serve}, "dev", "/no/such/folder")
	wantCode(t, r, ExitUsage)
}

func TestDevSecretOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	got := make(chan string)
	for range 8 {
		go func() {
			secret, err := devSecret(dir)
			if err != nil {
				secret = err.Error()
			}
			got <- secret
		}()
	}
	first := <-got
	for range 7 {
		if other := <-got; other != first {
			t.Errorf("two secrets: %q and %q", first, other)
		}
	}
	if len(first) < auth.MinSecretBytes {
		t.Errorf("secret %q", first)
	}
	if left, _ := filepath.Glob(dir + "/*"); len(left) != 1 {
		t.Errorf("left behind: %v", left)
	}
}

func TestDevSecretRefused(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, devSecretFile)
	if err := os.WriteFile(file, []byte("short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := devSecret(dir); err == nil || !strings.Contains(err.Error(), "remove the file") {
		t.Error(err)
	}
	if _, err := devSecret(file); err == nil {
		t.Error("made a folder where a file is")
	}
}

func TestTokensStayOnThisMachine(t *testing.T) {
	a := &app{deps: Deps{Environ: environOf(t, "", "PREVIEW_JWT_SECRET=0123456789abcdef0123456789abcdef")}}
	a.env = newEnviron(a.deps.Environ)
	for api, mints := range map[string]bool{
		"http://127.0.0.1:8080": true, "http://localhost:8080": true, "http://[::1]:8080": true,
		"http://localhost.example.org": false, "https://previews.example.org": false, "http://192.0.2.1": false, "%": false,
	} {
		source, err := a.tokens(api)
		if err != nil {
			t.Fatal(err)
		}
		if token, err := source(); err != nil || (token != "") != mints {
			t.Errorf("%s: token %q, %v", api, token, err)
		}
	}
}
