package cli

import (
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// phases tells of each phase once, when it is over. Quick ones pass between two looks, so what the server measured counts.
type phases struct {
	tell    func(preview.Phase, time.Duration)
	now     func() time.Time
	told    int // of preview.Phases()
	since   time.Time
	current preview.Phase
}

func (p *phases) see(s client.Status) {
	if s.Phase != p.current {
		defer func() { p.current, p.since = s.Phase, p.now() }()
	}
	all := preview.Phases()
	for p.told < len(all) && isOver(all[p.told], s) {
		p.end(all[p.told], s)
		p.told++
	}
}

func (p *phases) end(name preview.Phase, s client.Status) {
	ms, measured := s.Timings[string(name)]
	switch {
	case measured:
		p.tell(name, time.Duration(ms)*time.Millisecond)
	case name == p.current:
		p.tell(name, p.now().Sub(p.since))
	}
}

// isOver reports whether a launch has done the phase with success.
func isOver(name preview.Phase, s client.Status) bool {
	if s.Status == preview.Running {
		return true
	}
	for _, p := range preview.Phases() {
		switch p {
		case s.Phase:
			return false
		case name:
			return s.Phase != ""
		}
	}
	return false
}
