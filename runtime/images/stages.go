package images

import (
	"context"
	"errors"
	"regexp"
	"strings"

	"previewd/runtime/preview"
)

var layerLine = regexp.MustCompile(`^ ---> ([0-9a-f]{12,64})$`)

// stages collects, from a build's output, the last image of each stage but the present one. The engine keeps them,
// unnamed, after the build. A step may print such lines itself; what has a name or is in use is safe from that.
type stages struct {
	done []string
	last string
	from bool // the step at work is FROM: its image is the base, which is not the build's
}

func (s *stages) see(line string) {
	if m := layerLine.FindStringSubmatch(line); m != nil {
		if !s.from {
			s.last = m[1]
		}
		return
	}
	step, what, ok := strings.Cut(line, " : ")
	if !ok || !strings.HasPrefix(step, "Step ") {
		return
	}
	s.from = strings.HasPrefix(strings.ToUpper(what), "FROM ")
	if s.from {
		s.end()
	}
}

// end closes the present stage.
func (s *stages) end() {
	if s.last != "" {
		s.done = append(s.done, s.last)
	}
	s.last = ""
}

// dropLate drops what was seen, also after the end of ctx.
func (s *Store) dropLate(ctx context.Context, st *stages) {
	clean, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	s.drop(clean, st)
}

// drop removes the unnamed images. The engine keeps what has a name or what something else stands on.
func (s *Store) drop(ctx context.Context, st *stages) {
	for _, id := range st.done {
		if err := s.o.Engine.RemoveImage(ctx, id); err != nil && !errors.Is(err, preview.ErrImageInUse) {
			s.log.WithError(err).WithField("image", id).Debug("stage not removed")
		}
	}
}
