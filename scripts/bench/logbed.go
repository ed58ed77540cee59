package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/embedded"
)

// logBed is a database of its own, run as previewd runs its private one, and the store on it.
type logBed struct {
	*storage.Store
	dir    string
	server *embedded.Server
}

// onLogBed measures on one.
func onLogBed(ctx context.Context, measure func(*logBed) error) error {
	b, err := newLogBed(ctx)
	if err != nil {
		return err
	}
	defer b.close()
	return measure(b)
}

func newLogBed(ctx context.Context) (b *logBed, err error) {
	b = &logBed{}
	defer func() {
		if err != nil {
			b.close()
		}
	}()
	if b.dir, err = os.MkdirTemp("", "previewd-bench-logs-"); err != nil {
		return b, err
	}
	if b.server, err = embedded.Start(ctx, embedded.Options{Dir: filepath.Join(b.dir, "postgres")}); err != nil {
		return b, err
	}
	if b.Store, err = storage.Open(ctx, b.server.URL(), storage.Options{}); err != nil {
		return b, err
	}
	if err = errors.Join(b.Migrate(ctx), b.AddLogPartitions(ctx)); err != nil {
		return b, err
	}
	_, err = b.PutGeneration(ctx, preview.Generation{ID: "bench", UserID: "bench", ProjectID: "bench"}, nil, nil)
	return b, err
}

func (b *logBed) close() {
	if b.Store != nil {
		_ = b.Close()
	}
	if b.server != nil {
		_ = b.server.Stop(context.Background())
	}
	_ = os.RemoveAll(b.dir)
}

// previews starts some, all created at the same time. Each replaces the one before; its log stays its own.
func (b *logBed) previews(ctx context.Context, n int, created time.Time) ([]string, error) {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = preview.NewID()
		_, replaced, err := b.StartPreview(ctx, preview.Preview{
			ID: ids[i], GenerationID: "bench", UserID: "bench", ProjectID: "bench",
			CreatedAt: created, TokenExpiry: created, LastActiveAt: created, ExpiresAt: created,
		}, preview.StartOptions{PortMin: 1, PortMax: 65535})
		if err == nil && replaced != nil {
			_, err = b.Finish(ctx, replaced.ID, preview.Stopped, *replaced.Reason, nil)
		}
		if err != nil {
			return nil, err
		}
	}
	return ids, nil
}

// psql runs commands and returns what the last one printed.
func (b *logBed) psql(ctx context.Context, commands ...string) (string, error) {
	args := []string{"--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", b.server.URL()}
	for _, command := range commands {
		args = append(args, "--command="+command)
	}
	cmd := exec.CommandContext(ctx, "psql", args...)
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("psql: %w: %s", err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// appMessages are n lines as apps and servers write them, about 80 bytes long, one in six with colours.
func appMessages(n int) []string {
	random := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // the same lines each time
	paths := []string{"/", "/api/notes", "/api/users/42", "/static/app.js", "/healthz", "/api/orders?page=3"}
	messages := make([]string, n)
	for i := range messages {
		number, id := random.IntN(5000), random.Uint64()
		switch random.IntN(6) {
		case 0, 1:
			messages[i] = fmt.Sprintf("INFO:     127.0.0.1:%d - \"GET %s HTTP/1.1\" 200 OK", 30000+number, paths[random.IntN(len(paths))])
		case 2:
			messages[i] = fmt.Sprintf("\x1b[32minfo\x1b[39m: request served in %d ms for user %x", number, id)
		case 3:
			messages[i] = fmt.Sprintf(`{"level":30,"time":1700000%06d,"pid":7,"hostname":"app","reqId":"%x","msg":"request completed"}`, number, id)
		case 4:
			messages[i] = fmt.Sprintf("2026-03-01 12:00:00,%03d WARNING app.db: slow query took %d ms: select * from orders where id = %d", number%1000, number, id%100000)
		default:
			messages[i] = fmt.Sprintf("DEBUG cache miss for key session:%x after %d tries", id, number%9)
		}
	}
	return messages
}
