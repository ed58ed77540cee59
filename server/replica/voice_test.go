package replica_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"previewd/server/replica"
)

// ears take notices, one at a time.
type ears struct{ notices chan string }

func (e ears) Tell(_ context.Context, topic string, ids []string) error {
	slices.Sort(ids)
	e.notices <- topic + " " + strings.Join(ids, ",")
	return errAway // which nobody minds
}

func TestWhatIsSaidMeanwhileIsOneNotice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, members := ears{make(chan string)}, 1
		v := replica.NewVoice(e, func() int { return members }, entry())
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); v.Run(ctx) }()
		v.Say("lines", "nobody listens")
		synctest.Wait()

		members = 2
		v.Say("lines", "a")
		synctest.Wait()
		v.Say("lines", "b")
		v.Say("lines", "c", "b")
		if got := <-e.notices; got != "lines a" {
			t.Errorf("said %q", got)
		}
		if got := <-e.notices; got != "lines b,c" {
			t.Errorf("said %q", got)
		}
		cancel()
		<-done
	})
}
