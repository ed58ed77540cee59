package cli

import (
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// programs shows progress as one JSON object a line, told apart by "event".
type programs struct{ write func(any) }

func (p *programs) uploaded(g client.Generation) {
	p.write(struct {
		Event string `json:"event"`
		client.Generation
	}{"uploaded", g})
}

func (p *programs) phase(name preview.Phase, took time.Duration) {
	p.write(struct {
		Event string        `json:"event"`
		Phase preview.Phase `json:"phase"`
		MS    int64         `json:"ms"`
	}{"phase", name, took.Milliseconds()})
}

func (p *programs) running(l client.Launched, s client.Status) {
	l.Status = string(s.Status)
	p.write(struct {
		Event string `json:"event"`
		client.Launched
		Timings map[string]int64 `json:"timings,omitempty"`
	}{"running", l, s.Timings})
}

func (p *programs) line(l preview.LogLine) {
	p.write(struct {
		Event string `json:"event"`
		preview.LogLine
	}{"log", l})
}

func (p *programs) ended(s client.Status) {
	p.write(struct {
		Event string `json:"event"`
		client.Status
	}{"ended", s})
}

func (a *app) progress() progress {
	if a.json {
		return &programs{write: func(v any) { a.encode(a.deps.Stdout, v) }}
	}
	return &people{out: a.deps.Stdout, style: a.styleFor(a.deps.Stdout)}
}
