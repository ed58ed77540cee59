package app_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"previewd/runtime/preview"
)

// odd writes what it is asked for, by writes of its own making: no stream of Node's stands between.
const odd = `
const fs = require("node:fs");
const write = (fd, data) => {
  for (let at = 0; at < data.length;) {
    try { at += fs.writeSync(fd, data, at); } catch (e) { if (e.code !== "EAGAIN") throw e; }
  }
};
const many = Array.from({ length: 10000 }, (_, i) => "many " + (i + 1) + "\n").join("");
const acts = {
  many: () => write(1, Buffer.from(many)),
  long: () => write(2, Buffer.from("long " + "x".repeat(1 << 20) + " end\nafter the long one\n")),
  binary: () => write(1, fs.readFileSync("blob")),
  parts: () => { for (const part of ["in ", "seven ", "writes", ", ", "one ", "line", "\n"]) write(1, Buffer.from(part)); },
  empty: () => write(1, Buffer.from("before\n\n\r\n\nafter three empty lines\n")),
  end: () => { write(1, Buffer.from("all but\nthe end")); write(2, Buffer.from("no newline")); process.exit(7); },
};
require("node:http").createServer((request, response) => {
  const act = request.url.slice(1);
  if (act === "end") return acts.end();
  (acts[act] || (() => {}))();
  response.end();
}).listen(process.env.PORT);
`

// blob is binary output: n lines of bytes of every kind.
func blob(n int) []byte {
	random := rand.New(rand.NewPCG(3, 4))
	var b []byte
	for i := range n {
		b = fmt.Appendf(b, "blob %d ", i+1)
		for range random.IntN(300) {
			if c := byte(random.IntN(256)); c != '\n' {
				b = append(b, c)
			}
		}
		b = append(b, '\n')
	}
	return b
}

// TestOddOutputArrivesExactly: whatever an app writes and however, live readers and the stored log have the same lines, each once and in order.
func TestOddOutputArrivesExactly(t *testing.T) {
	t.Parallel()
	s := start(t, settings(t, 2))
	p := s.uploadFiles(t, map[string]string{"server.js": odd, "blob": string(blob(200))})
	status := p.running()
	var live reader
	over := live.followToTheEnd(p)
	for _, act := range []string{"many", "long", "binary", "parts", "empty"} {
		get(t, status.BaseURL+"/"+act)
	}
	poke(status.BaseURL + "/end")
	if end := p.ended(); end.Reason != preview.AppExited || end.ExitCode == nil || *end.ExitCode != 7 {
		t.Errorf("it ended for %s: %s", end.Reason, end.Message)
	}
	over()
	lines := p.lines()
	live.hasExactly(t, lines)

	said := map[preview.Stream][]string{}
	for _, l := range lines {
		if l.Source == preview.Subprocess {
			said[l.Stream] = append(said[l.Stream], l.Message)
		}
	}
	var want []string
	for n := range 10000 {
		want = append(want, fmt.Sprint("many ", n+1))
	}
	stdout := said[preview.Stdout]
	if len(stdout) < 10200 || !slices.Equal(stdout[:10000], want) {
		t.Fatalf("%d lines, of which the first are not those that were written at once", len(stdout))
	}
	checkBlob(t, stdout[10000:10200])
	want = []string{"in seven writes, one line", "before", "", "", "", "after three empty lines", "all but", "the end"}
	if got := stdout[10200:]; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	stderr := said[preview.Stderr]
	if len(stderr) != 3 || stderr[1] != "after the long one" || stderr[2] != "no newline" {
		t.Fatalf("%d lines on stderr", len(stderr))
	}
	if long := stderr[0]; long != "long "+strings.Repeat("x", 64<<10-len("long "))+"…truncated" {
		t.Errorf("the long line has %d bytes and ends in %q", len(long), long[max(0, len(long)-20):])
	}
}

// checkBlob: binary output is text that can be stored and shown, a line for each.
func checkBlob(t *testing.T, lines []string) {
	t.Helper()
	written := bytes.Split(blob(200), []byte("\n"))
	for i, l := range lines {
		if !strings.HasPrefix(l, fmt.Sprintf("blob %d ", i+1)) || !utf8.ValidString(l) {
			t.Errorf("line %d is %q, and was %q", i+1, l, written[i])
		}
		if at := strings.IndexFunc(strings.ReplaceAll(preview.WithoutColours(l), "\t", ""), unicode.IsControl); at >= 0 {
			t.Errorf("line %d holds a control character: %q", i+1, l)
		}
	}
}

// followToTheEnd reads from where the reader is until the stream ends by itself; the function waits for that.
func (r *reader) followToTheEnd(p *project) (wait func()) {
	ctx, cancel := context.WithCancel(context.Background())
	p.t.Cleanup(cancel)
	result := make(chan error, 1)
	go func() { result <- p.Stream(ctx, p.id, "", r.last(), r.add) }()
	return func() {
		p.t.Helper()
		defer time.AfterFunc(patience, cancel).Stop()
		if err := <-result; err != nil {
			p.t.Errorf("the stream ends with %v at seq %d", err, r.last())
		}
	}
}

// hasExactly checks that the reader got the stored lines and nothing else.
func (r *reader) hasExactly(t testing.TB, stored []preview.LogLine) {
	t.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range min(len(r.lines), len(stored)) {
		if got, want := r.lines[i], stored[i]; got != want {
			t.Fatalf("line %d came as %.300v, and is stored as %.300v", i+1, got, want)
		}
	}
	if len(r.lines) != len(stored) {
		t.Errorf("%d lines came, and %d are stored", len(r.lines), len(stored))
	}
}
