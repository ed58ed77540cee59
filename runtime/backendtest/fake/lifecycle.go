package fake

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"previewd/runtime/preview"
)

// Create makes an instance and reads its files, whichever way they are to come.
func (b *Backend) Create(ctx context.Context, spec preview.Spec) (string, error) {
	defer closeFiles(spec.Files)
	if err := b.checked(ctx, "create"); err != nil {
		return "", err
	}
	if b.image(spec.Image) == nil {
		return "", fmt.Errorf("create: %s: %w", spec.Image, preview.ErrImageNotFound)
	}
	files := make(map[string][]byte)
	for _, u := range spec.Files {
		if err := readUpload(u, files); err != nil {
			return "", fmt.Errorf("create: %w", err)
		}
	}
	id := b.o.Name(spec)
	i := &instance{
		id: id, spec: spec, files: files, b: b,
		logs: newFeed[preview.LogEntry](), exited: make(chan struct{}),
		state: preview.Instance{
			ID: id, Kind: spec.Kind, PreviewID: spec.PreviewID, Image: spec.Image, Port: spec.Port,
			State: preview.InstanceCreated, CreatedAt: time.Now(),
		},
	}
	i.logs.end()
	b.mu.Lock()
	defer b.mu.Unlock()
	if n := len(b.o.Nodes); n > 0 {
		i.state.Node, i.state.Host = b.o.Nodes[b.created%n], "127.0.0.1"
	}
	b.instances[id] = i
	b.created++
	return id, nil
}

func closeFiles(uploads []preview.Upload) {
	for _, u := range uploads {
		if c, ok := u.Tar.(io.Closer); ok {
			_ = c.Close()
		}
	}
}

// readUpload keeps the regular files of an upload.
func readUpload(u preview.Upload, files map[string][]byte) error {
	if u.Tar == nil {
		return nil
	}
	for in := tar.NewReader(u.Tar); ; {
		h, err := in.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("upload: %w", err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		if files[path.Join(u.Dir, h.Name)], err = io.ReadAll(in); err != nil {
			return fmt.Errorf("upload: %w", err)
		}
	}
}

// Start runs an instance's program. Errors: preview.ErrPortTaken.
func (b *Backend) Start(ctx context.Context, id string) error {
	i, err := b.find(ctx, "start", id)
	if err != nil {
		return err
	}
	if i.snapshot().State == preview.InstanceRunning {
		return nil
	}
	p, err := openPort(ctx, i.spec.Port)
	if err != nil {
		return fmt.Errorf("start %s: %w", id, err)
	}
	i.launch(ctx, b.program(i.spec), p)
	return nil
}

func (b *Backend) program(spec preview.Spec) Program {
	words := append(append([]string{}, spec.Entrypoint...), spec.Command...)
	for _, name := range append(words[:min(1, len(words))], spec.Image, "") {
		if p, ok := b.o.Programs[name]; ok {
			return p
		}
	}
	return func(ctx context.Context, _ *Process) int {
		<-ctx.Done()
		return 0
	}
}

// Lose gives an instance up together with its machine.
func (b *Backend) Lose(id, why string) {
	b.mu.Lock()
	i := b.instances[id]
	b.mu.Unlock()
	i.mu.Lock()
	i.state.Lost = why
	r := i.run
	i.mu.Unlock()
	i.finish(r, killed)
}

// Stop cancels the program's context and gives up on it after grace.
func (b *Backend) Stop(ctx context.Context, id string, grace time.Duration) error {
	i, err := b.find(ctx, "stop", id)
	if errors.Is(err, preview.ErrInstanceNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if !i.stop(ctx, grace) {
		return fmt.Errorf("stop %s: %w", id, ctx.Err())
	}
	return nil
}

// Remove ends and forgets an instance.
func (b *Backend) Remove(ctx context.Context, id string) error {
	i, err := b.find(ctx, "remove", id)
	if errors.Is(err, preview.ErrInstanceNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	i.markRemoving()
	i.stop(ctx, 0)
	b.mu.Lock()
	_, there := b.instances[id]
	delete(b.instances, id)
	b.mu.Unlock()
	if there {
		b.tell(i, preview.EventRemoved, 0)
	}
	i.wakeWaiters()
	return nil
}

func (b *Backend) checked(ctx context.Context, verb string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.check(ctx, verb)
}
