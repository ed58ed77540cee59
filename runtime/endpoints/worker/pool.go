package worker

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"previewd/runtime/endpoints"
)

// Bounds on one worker.
const (
	maxTime   = 25 * time.Second
	maxMemory = 768 << 20 // bytes
	maxOutput = 16 << 20  // bytes
	maxSaid   = 4 << 10   // bytes of what it complains
	niceness  = 10        // previews come first
)

// ErrGaveUp says that a worker crashed, or came to its limits, over what it was given: it would again.
var ErrGaveUp = errors.New("cannot be read within the limits")

// Pool starts workers, few at a time.
type Pool struct {
	command []string
	sources chan struct{}
	texts   chan struct{}
}

// NewPool returns a Pool whose workers are started by command, to which what they are to read is added.
func NewPool(command ...string) *Pool {
	n := max(1, runtime.NumCPU()/2)
	return &Pool{command: command, sources: make(chan struct{}, n), texts: make(chan struct{}, n)}
}

// Source finds the endpoints in a generation's archive. Errors: ErrGaveUp, and ctx's.
func (p *Pool) Source(ctx context.Context, archive []byte) (Read, error) {
	var found Read
	err := p.run(ctx, p.sources, Source, archive, &found)
	return found, err
}

// Document finds the endpoints in an OpenAPI document. Errors: as Source; what is no such document is ErrGaveUp, too.
func (p *Pool) Document(ctx context.Context, text []byte) ([]endpoints.Endpoint, error) {
	var found []endpoints.Endpoint
	err := p.run(ctx, p.texts, Document, text, &found)
	return found, err
}

func (p *Pool) run(ctx context.Context, slots chan struct{}, what string, input []byte, found any) error {
	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return fmt.Errorf("wait to read: %w", ctx.Err())
	}
	bounded, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	out, err := p.process(bounded, what, input)
	if ctx.Err() != nil {
		return fmt.Errorf("read: %w", errors.Join(ctx.Err(), err))
	}
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, found); err != nil {
		return fmt.Errorf("%w: %w", ErrGaveUp, err)
	}
	return nil
}

// process runs one worker from start to end. Its limits are set before it gets anything to read.
func (p *Pool) process(ctx context.Context, what string, input []byte) ([]byte, error) {
	cmd := exec.CommandContext(ctx, p.command[0], append(p.command[1:len(p.command):len(p.command)], what)...)
	cmd.Dir, cmd.WaitDelay = "/", time.Second
	// Nothing of previewd's own environment, which has its secrets.
	cmd.Env = []string{"GOMEMLIMIT=400MiB", "GOMAXPROCS=2", "GOTRACEBACK=none", "MALLOC_ARENA_MAX=2"}
	out, said := &limited{most: maxOutput}, &limited{most: maxSaid}
	cmd.Stdout, cmd.Stderr = out, said
	stdin, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start a worker: %w", err)
	}
	failed := confine(cmd.Process.Pid)
	if failed == nil {
		_, _ = io.Copy(stdin, bytes.NewReader(input)) // one that ended early says why itself
	}
	_ = stdin.Close()
	err = cmd.Wait()
	switch {
	case failed != nil:
		return nil, fmt.Errorf("confine a worker: %w", failed)
	case err != nil:
		return nil, fmt.Errorf("%w: %w: %s", ErrGaveUp, err, strings.TrimSpace(said.String()))
	}
	return out.Bytes(), nil
}

// limited keeps the beginning of what is written to it, and then takes no more.
type limited struct {
	bytes.Buffer
	most int
}

func (l *limited) Write(b []byte) (int, error) {
	if room := l.most - l.Len(); len(b) > room {
		_, _ = l.Buffer.Write(b[:room]) // never fails
		return room, errors.New("says too much")
	}
	return l.Buffer.Write(b)
}
