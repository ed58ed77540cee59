package app_test

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
	"previewd/storage/embedded"
)

// TestReadersThatReconnectMissNothing breaks streams off at random places of a log that is being written, each reader at its own.
func TestReadersThatReconnectMissNothing(t *testing.T) {
	t.Parallel()
	random := newRandom(t)
	s := start(t, settings(t, 2))
	p := s.uploadFiles(t, counter)
	p.running()
	readers := make([]reader, 5)
	var all sync.WaitGroup
	for i := range readers {
		all.Go(func() {
			for range 20 {
				stop := readers[i].follow(p)
				<-time.After(random.within(0, 200*time.Millisecond))
				stop()
				<-time.After(random.within(0, 50*time.Millisecond))
			}
		})
	}
	all.Wait()
	var over []func()
	for i := range readers {
		over = append(over, readers[i].followToTheEnd(p))
	}
	p.stop()
	lines := p.lines()
	checkCounted(t, lines)
	for i := range readers {
		over[i]()
		readers[i].hasExactly(t, lines)
	}
}

// TestTheDatabaseStopsAndStarts under pumps at work and a reader: the reader goes on, and no line is lost.
func TestTheDatabaseStopsAndStarts(t *testing.T) {
	t.Parallel()
	place := embedded.Options{Dir: filepath.Join(t.TempDir(), "postgres")}
	database, err := embedded.Start(t.Context(), place)
	if err != nil {
		t.Fatal(err)
	}
	stop := func() {
		if err := database.Stop(t.Context()); err != nil {
			t.Fatalf("stop PostgreSQL: %v", err)
		}
	}
	t.Cleanup(func() { _ = database.Stop(t.Context()) })
	s := start(t, settings(t, 2, "PREVIEW_DATABASE_URL="+database.URL(), "PREVIEW_LOG_LEVEL=error"))
	p := s.uploadFiles(t, counter)
	p.running()
	var live reader
	over := live.followToTheEnd(p)
	for range 2 {
		live.readsOn(t)
		stop()
		live.readsOn(t)
		live.readsOn(t)
		if database, err = embedded.Start(t.Context(), place); err != nil {
			t.Fatal(err)
		}
		live.readsOn(t)
	}
	if !eventually(patience, func() bool { _, err := p.Status(t.Context(), p.id); return err == nil }) {
		t.Fatal("previewd does not find its database again")
	}
	p.countsOn()
	var late reader
	lateOver := late.followToTheEnd(p)
	p.stop()
	over()
	lateOver()
	lines := p.lines()
	checkCounted(t, lines)
	live.hasExactly(t, lines)
	late.hasExactly(t, lines)
}

// TestRelaunchedLogsAreEachWhole: a log ends with its preview, and the next one begins anew.
func TestRelaunchedLogsAreEachWhole(t *testing.T) {
	t.Parallel()
	s := start(t, settings(t, 3))
	p := s.uploadFiles(t, counter)
	var ids []string
	readers := make([]reader, 4)
	for i := range readers {
		ids = append(ids, p.running().ID)
		over := readers[i].followToTheEnd(p)
		readers[i].readsOn(t)
		if i == len(readers)-1 {
			p.stop()
		} else {
			p.launch()
		}
		over()
	}
	for i := range readers {
		var lines []preview.LogLine
		_, err := p.SearchLogs(t.Context(), p.id, client.LogSearch{PreviewID: ids[i]}, func(l preview.LogLine) { lines = append(lines, l) })
		if err != nil {
			t.Fatal(err)
		}
		if last := checkCounted(t, lines); last == 0 {
			t.Error("nothing was counted")
		}
		readers[i].hasExactly(t, lines)
	}
}

// brief writes numbered lines on both streams and ends, without a newline at the very end.
var brief = map[string]string{"server.js": `
const fs = require("node:fs");
const lines = 500;
for (let n = 1; n <= lines; n++) {
  fs.writeSync(1, "out " + n + (n < lines ? "\n" : ""));
  fs.writeSync(2, "err " + n + (n < lines ? "\n" : ""));
}
process.exit(3);
`, "package.json": `{"scripts": {"start": "node server.js"}}`}

// TestManyShortLivedPreviews: each writes and is gone; all of it is there, live and stored.
func TestManyShortLivedPreviews(t *testing.T) {
	t.Parallel()
	const n = 24
	s := start(t, settings(t, n))
	var all sync.WaitGroup
	for i := range n {
		p := s.uploadFiles(nameOf(t, strconv.Itoa(i)), brief)
		all.Go(func() {
			p.launch()
			var live reader
			live.followToTheEnd(p)()
			if end := p.ended(); end.Reason != preview.AppExited {
				t.Errorf("%s ended for %s: %s", p.id, end.Reason, end.Message)
			}
			lines := p.lines()
			live.hasExactly(t, lines)
			if last := checkCounted(t, lines); last != 500 {
				t.Errorf("%s: %d lines of 500", p.id, last)
			}
		})
	}
	all.Wait()
}

// rotating writes more than the engine keeps in one file of a log, at a pace that can be followed.
const (
	rotatingLines = 7_500
	rotatingBytes = 8_000
)

var rotating = map[string]string{"server.js": fmt.Sprintf(`
const fs = require("node:fs");
const rest = " " + "r".repeat(%d) + "\n";
let n = 0;
require("node:http").createServer((request, response) => {
  response.end(String(n));
  if (request.url !== "/begin") return;
  const timer = setInterval(() => {
    for (let i = 0; i < 20; i++) {
      const line = "out " + ++n + rest;
      for (let at = 0; at < line.length;) {
        try { at += fs.writeSync(1, line.slice(at)); } catch (e) { if (e.code !== "EAGAIN") throw e; }
      }
    }
    if (n >= %d) clearInterval(timer);
  }, 20);
}).listen(process.env.PORT);
`, rotatingBytes, rotatingLines)}

// TestTheEnginesFilesRotate while they are read. The engine (20.10) then delivers some lines twice.
func TestTheEnginesFilesRotate(t *testing.T) {
	t.Parallel()
	s := start(t, settings(t, 2, "PREVIEW_LOG_BYTE_RATE=0"))
	p := s.uploadFiles(t, rotating)
	status := p.running()
	get(t, status.BaseURL+"/begin")
	if !eventually(patience, func() bool {
		_, written := get(t, status.BaseURL)
		return written == strconv.Itoa(rotatingLines)
	}) {
		t.Fatal("it never ends")
	}
	p.stop()
	p.Client = s.plainly(t, "tester") // 60 MB are too many to be held to the document
	there, last := 0, 0
	for _, l := range p.lines() {
		number, rest, _ := strings.Cut(strings.TrimPrefix(l.Message, "out "), " ")
		n, err := strconv.Atoi(number)
		switch {
		case strings.HasPrefix(l.Message, "dropped "): // the machine is too slow for the pace
			last += droppedIn(t, l.Message)
		case l.Source != preview.Subprocess:
		case err != nil || n != last+1 || len(rest) != rotatingBytes:
			t.Fatalf("seq %d: %.20q follows number %d", l.Seq, l.Message, last)
		default:
			there, last = there+1, n
		}
	}
	if last != rotatingLines {
		t.Errorf("it ends with number %d of %d", last, rotatingLines)
	}
	t.Logf("%d of %d lines are there", there, rotatingLines)
}
