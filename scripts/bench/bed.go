package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"syscall"
	"time"

	"previewd/server/auth"
	"previewd/server/client"
)

const (
	secret    = "a-secret-of-the-benchmark-and-nobody-else"
	readyTime = 2 * time.Minute

	// The ports of previews, and those of their counterparts.
	portMin, portMax = 23001, 23200
	twinPort         = 23300
)

// bed is a previewd of the benchmark's own, in a process of its own so that its memory can be told.
type bed struct {
	cmd   *exec.Cmd
	dir   string
	api   string
	debug string
}

// startChild starts one; settings come after the benchmark's own.
func startChild(ctx context.Context, settings ...string) (*bed, error) {
	dir, err := os.MkdirTemp("", "previewd-bench-")
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	api, debug := freeAddr(), freeAddr()
	b := &bed{dir: dir, api: "http://" + api, debug: "http://" + debug, cmd: exec.Command(self)}
	b.cmd.Env = append(os.Environ(), childEnv+"="+debug,
		"PREVIEW_LISTEN_ADDR="+api, "PREVIEW_DATA_DIR="+dir, "PREVIEW_JWT_SECRET="+secret, "PREVIEW_LOG_LEVEL=warn",
		fmt.Sprintf("PREVIEW_PORT_MIN=%d", portMin), fmt.Sprintf("PREVIEW_PORT_MAX=%d", portMax),
		"PREVIEW_MAX_PER_USER=100", "PREVIEW_STARTUP_TIMEOUT=120",
		"PREVIEW_RATE_LAUNCH=0", "PREVIEW_RATE_STATUS=10000000/h", // which counts and refuses nobody
		"PREVIEW_RATE_REQUEST=0", "PREVIEW_RATE_UPLOAD=0")
	b.cmd.Env = append(b.cmd.Env, settings...)
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
		progress("previewd: %v", err)
	}
	_ = os.RemoveAll(b.dir)
}

// user is a client with a token of its own.
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

func freeAddr() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}
