package logs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"previewd/runtime/preview"
)

// Filter sees a line as the app wrote it and returns what of it belongs into the log, and whether anything does. After a resume it sees some lines
// again. The slice is valid during the call only; the result may be a part of it.
type Filter = func(stream preview.Stream, line []byte) (rest []byte, keep bool)

// tellAfter is how long after the first dropped line its notice comes at the latest.
const tellAfter = time.Second

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
		if e.Stream != preview.Stderr {
			e.Stream = preview.Stdout // there are no others
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
	trackers map[preview.Stream]*tracker
	known    marks // what was in the log before
}

func (j *Journal) newPump(instanceID string, filter Filter) *pump {
	j.mu.Lock()
	defer j.mu.Unlock()
	o := j.origin(instanceID)
	if filter == nil {
		filter = func(_ preview.Stream, line []byte) ([]byte, bool) { return line, true }
	}
	return &pump{
		journal: j, instance: instanceID, filter: filter, known: o.marks.clone(), joiner: newJoiner(j.logs.opt.LineBytes),
		trackers: o.trackers,
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
	rest, keep := p.filter(stream, in.text)
	if !keep || p.known.skip(stream, in.origin) {
		return
	}
	text := clean(p.withoutSecrets(rest, in.cut), p.journal.logs.opt.LineBytes, in.cut)
	t := p.trackers[stream]
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

// add adds a line of the app unless it floods.
func (j *Journal) add(line preview.LogLine, t *tracker, at place) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.origin(line.OriginInstance).marks.advance(line.Stream, line.Origin)
	if !j.flood.admit(line.Timestamp, len(line.Message)) {
		if j.telling == nil {
			j.telling = time.AfterFunc(tellAfter, j.tell)
		}
		t.dropped(at)
		return
	}
	j.tellDropped()
	j.push(line, t, at)
}

// tell adds the notice of what was dropped.
func (j *Journal) tell() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tellDropped()
}

func (j *Journal) tellDropped() {
	if j.telling != nil {
		j.telling.Stop()
		j.telling = nil
	}
	if n := j.flood.dropped; n > 0 {
		j.flood.dropped = 0
		o := j.logs.opt
		j.push(droppedLine(n, fmt.Sprintf("the app writes more than %d lines or %d KB a second", o.LineRate, o.ByteRate>>10), o.Now()), nil, alone)
	}
}
