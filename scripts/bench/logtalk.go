package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"previewd/server/auth"
	"previewd/server/client"
	"previewd/server/sse"
)

// talker writes lines that tell when they were written, in milliseconds since the epoch.
const talker = `const now = () => "at " + (performance.timeOrigin + performance.now()).toFixed(3);
const every = %d, lines = %d;
require("node:http").createServer((_, res) => res.end("ok")).listen(process.env.PORT, "0.0.0.0");
setInterval(() => { for (let i = 0; i < lines; i++) console.log(now() + " and some text that makes the line as long as lines are"); }, every);
`

// talk is a number of previews that write so many lines every so many milliseconds, and who reads them.
type talk struct {
	*bed
	user    *client.Client
	token   string
	ids     []string
	readers sync.WaitGroup
	stop    context.CancelFunc // of the readers

	mu     sync.Mutex
	took   []float64 // from writing to reading, milliseconds
	failed error
}

// talk launches the previews. end stops them and their readers.
func (b *bed) talk(ctx context.Context, name string, previews, every, lines int) (*talk, error) {
	token, err := auth.Mint([]byte(secret), "bench", 3*time.Hour, false)
	if err != nil {
		return nil, err
	}
	t := &talk{bed: b, user: b.user("bench"), token: token, stop: func() {}}
	for i := range previews {
		id := fmt.Sprintf("%s-%d", name, i)
		files := map[string]string{"server.js": fmt.Sprintf(talker, every, lines), "package.json": tinyPackage}
		if err = putFiles(ctx, t.user, id, files); err == nil {
			t.ids = append(t.ids, id)
			_, _, err = launch(ctx, t.user, id)
		}
		if err != nil {
			t.end(ctx)
			return nil, err
		}
	}
	return t, nil
}

func (t *talk) end(ctx context.Context) {
	t.stop()
	t.readers.Wait()
	for _, id := range t.ids {
		_ = t.user.Stop(context.WithoutCancel(ctx), id)
	}
}

// read has so many readers of each preview follow it live. Times before count are not noted: the readers are still coming.
func (t *talk) read(ctx context.Context, each int, count time.Duration) {
	ctx, t.stop = context.WithCancel(ctx)
	transport := &http.Transport{MaxConnsPerHost: 0, DisableCompression: true, ReadBufferSize: 4 << 10}
	from := time.Now().Add(count)
	for _, id := range t.ids {
		for range each {
			t.readers.Go(func() {
				took, err := t.follow(ctx, transport, id, from)
				t.mu.Lock()
				defer t.mu.Unlock()
				t.took = append(t.took, took...)
				if ctx.Err() == nil {
					t.failed = errors.Join(t.failed, fmt.Errorf("reader of %s: %w", id, err))
				}
			})
		}
	}
}

// times ends the reading and returns what it took.
func (t *talk) times() ([]float64, error) {
	t.stop()
	t.readers.Wait()
	if len(t.took) == 0 && t.failed == nil {
		return nil, errors.New("no line was read")
	}
	return t.took, t.failed
}

func (t *talk) follow(ctx context.Context, transport http.RoundTripper, id string, from time.Time) (took []float64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, t.api+"/api/v1/generations/"+id+"/preview/logs/stream?tail=0&source=subprocess", http.NoBody)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+t.token)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("HTTP %d", resp.StatusCode)
	}
	for events := sse.NewReader(resp.Body); ; {
		e, err := events.Next()
		now := time.Now()
		switch {
		case errors.Is(err, io.EOF):
			return took, errors.New("the stream ended")
		case err != nil:
			return took, err
		case e.Name == "" && now.After(from):
			ms, err := age(e.Data, `"message":"at `, now)
			if err != nil {
				return took, err
			}
			took = append(took, ms)
		}
	}
}

// age is how long ago, in milliseconds, a talker wrote a line; the time in it stands behind a mark.
func age(line, mark string, now time.Time) (float64, error) {
	_, text, found := strings.Cut(line, mark)
	written, _, _ := strings.Cut(text, " ")
	at, err := strconv.ParseFloat(written, 64)
	if !found || err != nil {
		return 0, fmt.Errorf("no line of a talker: %q", line)
	}
	return float64(now.UnixMicro())/1000 - at, nil
}
