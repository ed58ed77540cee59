package storage_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// linesFrom makes n lines with rising seq, from the engine.
func linesFrom(id string, seq int64, n int) []preview.LogLine {
	lines := make([]preview.LogLine, n)
	for i := range lines {
		at := start0.Add(time.Duration(seq) * time.Millisecond)
		lines[i] = preview.LogLine{
			PreviewID: id, Seq: seq, Timestamp: at, Level: preview.Info, Message: fmt.Sprint("line ", seq),
			Source: preview.Subprocess, Stream: preview.Stdout, Origin: at.UnixNano(), OriginInstance: "i1",
		}
		seq++
	}
	return lines
}

func TestLogComesBackAsItWent(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	lines := linesFrom(p.ID, 1, 5)
	hostile := []string{
		"tab\tnewline\ncarriage\rback\\slash \\. \\N",
		"\\.",
		"\\N",
		"",
		"nul \x00, half \xe2\x82, umlaut ü, \u2028",
	}
	for i, text := range hostile {
		lines[i].Message = text
	}
	lines[1].Level, lines[1].Source, lines[1].Stream, lines[1].Origin, lines[1].OriginInstance = preview.Error, preview.System, "", 0, ""
	lines[2].Group, lines[3].Group = 3, 3
	check(t, s.AppendLogs(ctx, lines))
	lines[4].Message = "nul \ufffd, half \ufffd, umlaut ü, \u2028"

	got, err := s.LogLines(ctx, p.ID, 0, 100)
	check(t, err)
	same(t, got, lines)
	got, err = s.LogLines(ctx, p.ID, 2, 2)
	check(t, err)
	same(t, got, lines[2:4])
	got, err = s.LogLinesBefore(ctx, p.ID, 4, 2)
	check(t, err)
	same(t, got, lines[1:3])
	got, err = s.LastLogLines(ctx, p.ID, 2)
	check(t, err)
	same(t, got, lines[3:])
	got, err = s.LogLines(ctx, p.ID, 0, -1)
	check(t, err)
	same(t, got, []preview.LogLine{})
}

func TestAppendAgainChangesNothing(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p, q := inStatus(t, s, preview.Starting), inStatus(t, s, preview.Running)
	check(t, s.AppendLogs(ctx, nil))
	batch := append(linesFrom(p.ID, 1, 3), linesFrom(q.ID, 1, 2)...)
	check(t, s.AppendLogs(ctx, batch))
	check(t, s.AppendLogs(ctx, batch)) // the outcome of the first was unknown
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 2, 4)))
	got, err := s.LogLines(ctx, p.ID, 0, 100)
	check(t, err)
	same(t, got, linesFrom(p.ID, 1, 5))
	got, err = s.LogLines(ctx, q.ID, 0, 100)
	check(t, err)
	same(t, got, linesFrom(q.ID, 1, 2))
}

func TestAppendIsAllOrNothing(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	bad := linesFrom(p.ID, 1, 3)
	bad[2].Seq = bad[1].Seq
	if err := s.AppendLogs(ctx, bad); err == nil {
		t.Fatal("a repeated seq in one batch was taken")
	}
	bad[2].Seq = 3
	bad[2].OriginInstance = "nul \x00"
	if err := s.AppendLogs(ctx, bad); err == nil {
		t.Fatal("an instance id with a NUL was taken")
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if err := s.AppendLogs(cancelled, linesFrom(p.ID, 1, 3)); err == nil {
		t.Fatal("a cancelled append was taken")
	}
	at, err := s.LogPosition(ctx, p.ID)
	check(t, err)
	same(t, at, preview.LogPosition{})
	check(t, s.AppendLogs(ctx, linesFrom(p.ID, 1, 3))) // and the connections are still good
}

func TestAppendAtOnce(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	lines := linesFrom(p.ID, 1, 2000)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := s.AppendLogs(ctx, lines); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	got, err := s.LogLines(ctx, p.ID, 0, 5000)
	check(t, err)
	same(t, got, lines)
}

func TestLinesOfADeletedPreviewAreDropped(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p, gone := inStatus(t, s, preview.Starting), inStatus(t, s, preview.Stopped)
	check(t, s.DeleteGeneration(ctx, gone.GenerationID))
	check(t, s.AppendLogs(ctx, append(linesFrom(gone.ID, 1, 2), linesFrom(p.ID, 1, 2)...)))
	check(t, s.AppendLogs(ctx, linesFrom(gone.ID, 3, 1)))
	got, err := s.LogLines(ctx, gone.ID, 0, 10)
	check(t, err)
	same(t, got, []preview.LogLine{})
	got, err = s.LogLines(ctx, p.ID, 0, 10)
	check(t, err)
	same(t, got, linesFrom(p.ID, 1, 2))
}

func TestLogPosition(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Starting)
	position := func() preview.LogPosition {
		t.Helper()
		at, err := s.LogPosition(ctx, p.ID)
		check(t, err)
		return at
	}
	same(t, position(), preview.LogPosition{})

	system := preview.LogLine{PreviewID: p.ID, Seq: 1, Timestamp: start0, Source: preview.System}
	check(t, s.AppendLogs(ctx, []preview.LogLine{system}))
	same(t, position(), preview.LogPosition{Seq: 1})

	lines := linesFrom(p.ID, 2, 5)
	lines[0].OriginInstance, lines[0].Origin = "install", 77 // another instance at the same moment
	lines[1].Origin = 76
	lines[2].Origin, lines[4].Origin = 77, 77
	lines[3].Origin, lines[3].OriginInstance = 0, "" // previewd's own between
	check(t, s.AppendLogs(ctx, lines))
	same(t, position(), preview.LogPosition{Seq: 6, Instance: "i1", Origin: 77, SameOrigin: 2})

	system.Seq = 7
	check(t, s.AppendLogs(ctx, []preview.LogLine{system}))
	same(t, position(), preview.LogPosition{Seq: 7, Instance: "i1", Origin: 77, SameOrigin: 2})
}
