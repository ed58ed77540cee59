package app_test

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// counter writes numbered lines on both streams, and ends when it is told to.
var counter = map[string]string{"server.js": `
const http = require("node:http");
let n = 0;
setInterval(() => { n++; console.log("out " + n); console.error("err " + n); }, 15);
const hog = [];
http.createServer((request, response) => {
  const [, what, argument] = request.url.split("/");
  response.end(String(n));
  if (what === "exit") response.on("close", () => process.exit(Number(argument)));
  if (what === "oom") setInterval(() => hog.push(Buffer.alloc(16 << 20, 1)), 1);
}).listen(process.env.PORT);
`}

// tally takes the lines of a counter's log one after another.
type tally struct {
	seq  int64 // of the line that was taken last
	last map[preview.Stream]int
}

// take checks that lines go on from the ones before: no number of a stream is missing, and none comes twice.
func (c *tally) take(t testing.TB, lines []preview.LogLine) {
	t.Helper()
	if c.last == nil {
		c.last = map[preview.Stream]int{}
	}
	for _, l := range lines {
		if l.Seq != c.seq+1 {
			t.Fatalf("seq %d follows %d: a gap or a repeat", l.Seq, c.seq)
		}
		c.seq = l.Seq
		_, number, ok := strings.Cut(l.Message, " ")
		n, err := strconv.Atoi(number)
		if l.Source != preview.Subprocess || !ok || err != nil {
			continue
		}
		if n != c.last[l.Stream]+1 {
			t.Fatalf("seq %d: %q follows number %d on %s", l.Seq, l.Message, c.last[l.Stream], l.Stream)
		}
		c.last[l.Stream] = n
	}
}

// reached is the number that both streams have come to.
func (c *tally) reached() int { return min(c.last[preview.Stdout], c.last[preview.Stderr]) }

// checkCounted checks that lines hold every number of both streams exactly once and in order, and returns the last.
func checkCounted(t testing.TB, lines []preview.LogLine) int {
	t.Helper()
	var c tally
	c.take(t, lines)
	return c.reached()
}

// countsOn waits until the stored log has gone on, without a gap or a repeat.
func (p *project) countsOn() {
	p.t.Helper()
	var c tally
	c.take(p.t, p.lines())
	from := c.reached()
	if !eventually(patience, func() bool { c.take(p.t, p.linesAfter(c.seq)); return c.reached() > from+50 }) {
		p.t.Fatalf("the log stays at %d", from)
	}
}

// reader follows a log live, over several connections.
type reader struct {
	mu    sync.Mutex
	lines []preview.LogLine
}

// follow reads from where the reader is until the connection breaks or stop is called.
func (r *reader) follow(p *project) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = p.Stream(ctx, p.id, "", r.last(), r.add) // it ends with the process or the test
	}()
	stop = func() { cancel(); <-done }
	p.t.Cleanup(stop)
	return stop
}

func (r *reader) add(l preview.LogLine) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lines = append(r.lines, l)
}

func (r *reader) last() int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.lines) == 0 {
		return 0
	}
	return r.lines[len(r.lines)-1].Seq
}

// readsOn waits until the reader has got further lines, without a gap or a repeat.
func (r *reader) readsOn(t testing.TB) {
	t.Helper()
	from := r.last()
	if !eventually(patience, func() bool { return r.last() > from+100 }) {
		t.Fatalf("the reader stays at %d", from)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	checkCounted(t, r.lines)
}

// poke asks an app for something that may end it before it has answered.
func poke(url string) { _, _, _ = tryGet(context.Background(), url) }

// watchPort asks a preview all the time. The function it returns ends that and checks that every answer came.
func watchPort(t testing.TB, url string) (stop func()) {
	t.Helper()
	over, done := make(chan struct{}), make(chan struct{})
	asked := 0
	go func() {
		defer close(done)
		for {
			select {
			case <-over:
				return
			case <-t.Context().Done():
				return
			case <-time.After(10 * time.Millisecond):
			}
			asked++
			if code, _, err := tryGet(context.WithoutCancel(t.Context()), url); code != 200 {
				t.Errorf("request %d to the preview: %d, %v", asked, code, err)
				return
			}
		}
	}()
	return func() {
		t.Helper()
		close(over)
		<-done
		if asked == 0 {
			t.Error("the preview was never asked")
		}
	}
}
