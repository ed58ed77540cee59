package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/source"
	"previewd/server/app"
	"previewd/server/auth"
	"previewd/server/client"
	"previewd/server/config"
)

const (
	childEnv  = "BENCH_CHILD" // address of the child's debug page
	secret    = "a-secret-of-the-benchmark-and-nobody-else"
	readyTime = 2 * time.Minute
)

// bed is a previewd of the benchmark's own, in a process of its own so that its memory can be told.
type bed struct {
	cmd   *exec.Cmd
	dir   string
	api   string
	debug string
}

func startChild(ctx context.Context) (*bed, error) {
	dir, err := os.MkdirTemp("", "previewd-bench-")
	if err != nil {
		return nil, err
	}
	api, debug := freeAddr(), freeAddr()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	b := &bed{dir: dir, api: "http://" + api, debug: "http://" + debug, cmd: exec.Command(self)}
	b.cmd.Env = append(os.Environ(), childEnv+"="+debug,
		"PREVIEW_LISTEN_ADDR="+api, "PREVIEW_DATA_DIR="+dir, "PREVIEW_JWT_SECRET="+secret, "PREVIEW_LOG_LEVEL=warn",
		"PREVIEW_PORT_MIN=23001", "PREVIEW_PORT_MAX=23200", "PREVIEW_MAX_PER_USER=100", "PREVIEW_STARTUP_TIMEOUT=120",
		"PREVIEW_RATE_LAUNCH=0", "PREVIEW_RATE_STATUS=0", "PREVIEW_RATE_REQUEST=0", "PREVIEW_RATE_UPLOAD=0")
	b.cmd.Stdout, b.cmd.Stderr = os.Stderr, os.Stderr
	b.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is ours to pass on
	if err := b.cmd.Start(); err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	if err := b.user("bench").Ready(ctx, 50*time.Millisecond); err != nil {
		b.stop()
		return nil, fmt.Errorf("previewd did not come up: %w", err)
	}
	return b, nil
}

func (b *bed) stop() {
	_ = b.cmd.Process.Signal(syscall.SIGTERM)
	if err := b.cmd.Wait(); err != nil {
		fmt.Fprintln(os.Stderr, "bench: previewd:", err)
	}
	_ = os.RemoveAll(b.dir)
}

func (b *bed) user(name string) *client.Client {
	token, err := auth.Mint([]byte(secret), name, 3*time.Hour, false)
	if err != nil {
		panic(err)
	}
	c, err := client.New(b.api, client.StaticToken(token))
	if err != nil {
		panic(err)
	}
	return c
}

// put uploads an example project as a generation.
func (b *bed) put(ctx context.Context, c *client.Client, id, dir string) error {
	files, err := readFiles(dir)
	if err != nil {
		return err
	}
	return b.putFiles(ctx, c, id, files)
}

func (b *bed) putFiles(ctx context.Context, c *client.Client, id string, texts map[string]string) error {
	files := map[string]source.File{}
	for name, text := range texts {
		files[name] = source.File{Content: []byte(text)}
	}
	tree, err := source.FromFiles(files, source.Limits{})
	if err != nil {
		return err
	}
	archive, err := tree.Archive()
	if err != nil {
		return err
	}
	_, err = c.PutGeneration(ctx, id, "bench", archive)
	return err
}

func readFiles(dir string) (map[string]string, error) {
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.Contains(path, "node_modules") {
			return err
		}
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
	return files, err
}

// vitals is what the child tells of itself.
type vitals struct {
	Goroutines int `json:"goroutines"`
}

func (b *bed) goroutines(ctx context.Context) (int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.debug, nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer func() { _ = resp.Body.Close() }()
	var v vitals
	return v.Goroutines, errors.Join(json.NewDecoder(resp.Body).Decode(&v), err)
}

// rss is the child's resident memory in MB.
func (b *bed) rss() float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", b.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if kb, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, _ := strconv.Atoi(strings.Fields(kb)[0])
			return float64(n) / 1024
		}
	}
	return 0
}

// serveChild is previewd itself with a page that tells its vitals.
func serveChild() error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cfg, _, err := config.Load(os.Environ())
	if err != nil {
		return err
	}
	page := &http.Server{Addr: os.Getenv(childEnv), ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(vitals{Goroutines: runtime.NumGoroutine()})
	})}
	go func() { _ = page.ListenAndServe() }()
	defer func() { _ = page.Close() }()
	log := logrus.New()
	log.SetLevel(logrus.WarnLevel)
	return app.Run(ctx, app.Options{Config: cfg, Version: "bench", Log: logrus.NewEntry(log)})
}

func freeAddr() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
