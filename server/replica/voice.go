package replica

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Teller tells the other processes about previews.
type Teller interface {
	Tell(ctx context.Context, topic string, previewIDs []string) error
}

// tellTime bounds one notice. What cannot be told is found out later by whoever needs it.
const tellTime = 2 * time.Second

// Voice tells the other processes what happens to previews here, and holds up nobody for it: what comes together while one notice is on
// its way is one notice.
type Voice struct {
	teller  Teller
	members func() int
	log     *logrus.Entry

	mu      sync.Mutex
	pending map[string]map[string]struct{} // previews by topic
	wake    chan struct{}
}

// NewVoice returns a Voice that says nothing before Run. Where members is one there is nobody to tell.
func NewVoice(teller Teller, members func() int, log *logrus.Entry) *Voice {
	return &Voice{teller: teller, members: members, log: log, pending: map[string]map[string]struct{}{}, wake: make(chan struct{}, 1)}
}

// Say is to be told about previews.
func (v *Voice) Say(topic string, previewIDs ...string) {
	if v.members() <= 1 {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.pending[topic] == nil {
		v.pending[topic] = map[string]struct{}{}
	}
	for _, id := range previewIDs {
		v.pending[topic][id] = struct{}{}
	}
	select {
	case v.wake <- struct{}{}:
	default:
	}
}

// Run tells until ctx ends.
func (v *Voice) Run(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-v.wake:
		}
		for topic, ids := range v.take() {
			v.tell(ctx, topic, slices.Collect(maps.Keys(ids)))
		}
	}
}

func (v *Voice) take() map[string]map[string]struct{} {
	v.mu.Lock()
	defer v.mu.Unlock()
	taken := v.pending
	v.pending = map[string]map[string]struct{}{}
	return taken
}

func (v *Voice) tell(ctx context.Context, topic string, ids []string) {
	ctx, cancel := context.WithTimeout(ctx, tellTime)
	defer cancel()
	if err := v.teller.Tell(ctx, topic, ids); err != nil && ctx.Err() == nil {
		v.log.WithError(err).Debug("the other previewd are not told")
	}
}
