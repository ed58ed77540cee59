package cli

import (
	"fmt"
	"io"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// progress is told what happens to a preview that is followed.
type progress interface {
	uploaded(g client.Generation)
	phase(name preview.Phase, took time.Duration)
	running(l client.Launched, s client.Status)
	line(l preview.LogLine)
	ended(s client.Status)
}

// people shows progress to a person.
type people struct {
	out   io.Writer
	style style
}

func (p *people) uploaded(g client.Generation) {
	kind := g.Runtime
	if g.Framework != "" {
		kind += " " + g.Framework
	}
	if kind == "" {
		kind = "not recognised yet"
	}
	fmt.Fprintf(p.out, "%s  %s\n", p.style.bold(clean(g.ID, false)),
		p.style.dim(fmt.Sprintf("%d files, %s, %s", g.Files, size(g.Bytes), clean(kind, false))))
}

func (p *people) phase(name preview.Phase, took time.Duration) {
	fmt.Fprintf(p.out, "  %s %-12s %s\n", p.style.green("✓"), name, p.style.dim(seconds(took)))
}

func (p *people) running(l client.Launched, s client.Status) {
	total := ""
	if ms, ok := s.Timings["total"]; ok {
		total = "after " + seconds(time.Duration(ms)*time.Millisecond)
	}
	fmt.Fprintf(p.out, "  %s %-12s %s\n\n  %s %s\n\n", p.style.green("✓"), "running", p.style.dim(total),
		p.style.bold("Preview"), clean(visit(l, s), false))
}

func (p *people) line(l preview.LogLine) {
	text := clean(l.Message, p.style.on)
	mark := "│"
	if l.Source == preview.System {
		mark, text = "•", p.style.dim(text)
	}
	switch l.Level {
	case preview.Error:
		mark = p.style.red(mark)
	case preview.Warning:
		mark = p.style.yellow(mark)
	}
	fmt.Fprintf(p.out, "%s %s %s", p.style.dim(l.Timestamp.Local().Format(time.TimeOnly)), mark, text)
	if p.style.on {
		fmt.Fprint(p.out, "\x1b[0m") // an app's colour ends with its line
	}
	fmt.Fprintln(p.out)
}

func (p *people) ended(s client.Status) {
	mark := p.style.green("✓")
	if s.Status == preview.Failed {
		mark = p.style.red("✗")
	}
	fmt.Fprintf(p.out, "  %s %s  %s\n", mark, s.Status, p.style.dim(clean(string(s.Reason), false)))
	for _, text := range []string{s.Message, s.Hint} {
		if text != "" {
			fmt.Fprintf(p.out, "    %s\n", clean(text, false))
		}
	}
}

// visit is the address to open: the gateway's where there is one, else the published port's.
func visit(l client.Launched, s client.Status) string {
	for _, u := range []string{l.PreviewURL, s.BaseURL} {
		if u != "" {
			return u
		}
	}
	return l.BaseURL
}
