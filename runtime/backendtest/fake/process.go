package fake

import (
	"errors"
	"io"
	"net"
	"net/http"

	"previewd/runtime/preview"
)

// Process is an instance seen from inside.
type Process struct {
	Args   []string // entrypoint and command
	Env    map[string]string
	Port   int               // published port, 0 for none
	Files  map[string][]byte // uploaded files, by absolute path
	Stdout io.Writer
	Stderr io.Writer

	i        *instance
	r        *run
	out, err *lineWriter
}

func newProcess(i *instance, r *run) *Process {
	p := &Process{
		Args: append(append([]string{}, i.spec.Entrypoint...), i.spec.Command...),
		Env:  i.spec.Env, Port: i.spec.Port, Files: i.files, i: i, r: r,
		out: &lineWriter{logs: i.logs, stream: preview.Stdout},
		err: &lineWriter{logs: i.logs, stream: preview.Stderr},
	}
	p.Stdout, p.Stderr = p.out, p.err
	return p
}

// Listen accepts the published port's connections until the instance ends. Before, and after the listener was
// closed, clients are let in and dropped, as an engine's proxy does.
func (p *Process) Listen() (net.Listener, error) {
	if p.r.port == nil {
		return nil, errors.New("fake: the instance publishes no port")
	}
	return p.r.port.listen()
}

// Serve answers HTTP on the published port in the background until the instance ends.
func (p *Process) Serve(h http.Handler) error {
	l, err := p.Listen()
	if err != nil {
		return err
	}
	go func() { _ = http.Serve(l, h) }() // a test's server; it ends with its listener
	return nil
}

// Killed is closed when the instance has ended without waiting for the program: a program that ignores its stop
// signal returns then at the latest.
func (p *Process) Killed() <-chan struct{} { return p.r.done }

// OutOfMemory notes that the kernel killed a process of the instance for memory. The instance lives on until the
// program returns; 137 is what a killed process 1 exits with.
func (p *Process) OutOfMemory() {
	p.i.mu.Lock()
	p.i.state.OOMKilled = true
	p.i.mu.Unlock()
	p.i.b.tell(p.i, preview.EventOOM, 0)
}

// SetStats is what Stats answers from now on; SetDisk is what DiskUsage does, in bytes.
func (p *Process) SetStats(s preview.Stats) {
	p.i.mu.Lock()
	defer p.i.mu.Unlock()
	p.i.stats = s
}

// SetDisk is what DiskUsage answers from now on, in bytes.
func (p *Process) SetDisk(bytes int64) {
	p.i.mu.Lock()
	defer p.i.mu.Unlock()
	p.i.disk = bytes
}

func (p *Process) flush() {
	p.out.flush()
	p.err.flush()
}
