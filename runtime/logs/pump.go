package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"previewd/runtime/preview"
)

// Filter sees a line as the instance wrote it. After a resume it sees some lines again. The slice is valid during the call only; the result may
// be a part of it.
type Filter = func(stream preview.Stream, line []byte) Filtered

// Filtered is what a line turned out to be.
type Filtered struct {
	Text  []byte // what of it belongs into the log
	Keep  bool   // whether anything does
	Count *Count // what it says about its stream
}

// Pump adds an instance's output until it ends (nil), r fails, or ctx is done, and closes r when ctx is done. r should start at Since; what is in
// the log already is skipped. filter may be nil. While the store cannot keep up, Pump pauses. Of one instance there may be one Pump at a time.
func (j *Journal) Pump(ctx context.Context, r preview.LogReader, instanceID string, filter Filter) error {
	stop := context.AfterFunc(ctx, func() { _ = r.Close() }) // Next tells
	defer stop()
	p := j.newPump(instanceID, filter)
	defer j.tell()
	for {
		if err := j.logs.queue.waitForRoom(ctx); err != nil {
			return err
		}
		e, err := r.Next()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF):
			p.finish()
			return nil
		case err != nil:
			return fmt.Errorf("output of instance %s: %w", instanceID, err)
		}
		if err := j.logs.opt.Hold(ctx); err != nil { // this process may have been stopped since Next was called
			return err
		}
		if e.Stream != preview.Stderr {
			e.Stream = preview.Stdout // there are no others
		}
		if p.replays.again(e) {
			continue
		}
		if line, done := p.joiner.add(e); done {
			p.line(e.Stream, line)
		}
	}
}

type pump struct {
	journal  *Journal
	instance string
	filter   Filter
	joiner   *joiner
	replays  replays
	origin   origin
	known    marks                   // what was in the log before
	awaited  map[preview.Stream]bool // the last line that is known has to be among the first that are read
}

func (j *Journal) newPump(instanceID string, filter Filter) *pump {
	j.mu.Lock()
	defer j.mu.Unlock()
	o := j.origin(instanceID)
	for _, t := range o.tallies {
		t.again = false
	}
	if filter == nil {
		filter = func(_ preview.Stream, line []byte) Filtered { return Filtered{Text: line, Keep: true} }
	}
	return &pump{
		journal: j, instance: instanceID, filter: filter, joiner: newJoiner(j.logs.opt.LineBytes), replays: newReplays(),
		origin: o, known: o.marks.clone(), awaited: o.awaited(),
	}
}

// finish adds last lines that have no end.
func (p *pump) finish() {
	for _, stream := range []preview.Stream{preview.Stdout, preview.Stderr} {
		if line, ok := p.joiner.rest(stream); ok {
			p.line(stream, line)
		}
	}
}

func (p *pump) line(stream preview.Stream, in *part) {
	f := p.filter(stream, in.text)
	switch {
	case !f.Keep:
	case p.skip(stream, in.origin):
		p.origin.tallies[stream].skipped()
	default:
		p.keep(stream, in, f.Text)
	}
	if f.Count != nil {
		p.count(stream, in.origin, *f.Count)
	}
}

// skip says of a line whether it is in the log.
func (p *pump) skip(stream preview.Stream, origin int64) bool {
	if p.known.skip(stream, origin) {
		if origin == p.known.streams[stream].origin {
			delete(p.awaited, stream)
		}
		return true
	}
	if p.awaited[stream] {
		delete(p.awaited, stream)
		p.journal.lose(unknown, unread)
	}
	return false
}

func (p *pump) keep(stream preview.Stream, in *part, rest []byte) {
	p.origin.tallies[stream].seen++
	text := clean(p.withoutSecrets(rest, in.cut), p.journal.logs.opt.LineBytes, in.cut)
	t := p.origin.trackers[stream]
	level, at := t.read(stream, text)
	p.journal.add(preview.LogLine{
		Timestamp: time.Unix(0, in.origin).UTC(), Level: level, Message: text, Source: preview.Subprocess, Stream: stream,
		Origin: in.origin, OriginInstance: p.instance,
	}, t, at)
}

// withoutSecrets looks at the whole line, put together from its parts, before anything is cut off: a secret that stands across a cut would be no
// longer known.
func (p *pump) withoutSecrets(text []byte, cut bool) []byte {
	if !cut {
		return p.journal.secrets.Text(text)
	}
	return p.journal.secrets.Cut(text[:min(len(text), p.journal.logs.opt.LineBytes)])
}
