package replica_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"previewd/server/replica"
)

// locks is a database that a test can take away. Others hold no lock, and are as many as the test says.
type locks struct {
	mu     sync.Mutex
	away   bool
	others int
	told   []string // what was expelled
}

func (l *locks) set(away bool, others int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away, l.others = away, others
}

func (l *locks) answer() (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.away {
		return 0, errAway
	}
	return l.others, nil
}

func (l *locks) Lead(context.Context, string) (bool, error) {
	_, err := l.answer()
	return err == nil, err
}

func (l *locks) Share(context.Context, string) error {
	_, err := l.answer()
	return err
}

func (l *locks) Unshare(context.Context, string) (bool, error) { return false, nil }

func (l *locks) Locked(context.Context, string) (bool, error) { return false, nil }

func (l *locks) Sharers(context.Context, string) (int, error) {
	others, err := l.answer()
	return others + 1, err
}

func (l *locks) Expel(_ context.Context, name string) error {
	l.told = append(l.told, name)
	return errAway
}

// member runs a replica in a bubble. looks counts how often it looked what others took.
func member(t *testing.T, others int, story func(t *testing.T, l *locks, r *replica.Replica, looks *int)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		l, looks := &locks{others: others}, 0
		r, err := replica.Join(t.Context(), replica.Options{ID: "me", Locks: l, Sessions: l, Log: entry()})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.Run(ctx, func(context.Context) error {
				if r.Valid() {
					t.Error("it is sure of its previews before it has looked")
				}
				looks++
				return nil
			})
		}()
		story(t, l, r, &looks)
		cancel()
		<-done
	})
}

func TestOneOfSeveralWaitsWithoutItsLocks(t *testing.T) {
	member(t, 1, func(t *testing.T, l *locks, r *replica.Replica, looks *int) {
		if !r.Valid() || r.Members() != 2 {
			t.Fatalf("valid %v among %d", r.Valid(), r.Members())
		}
		l.set(true, 1)
		time.Sleep(4 * time.Second)
		if !r.Valid() {
			t.Error("nobody can have taken anything over yet")
		}
		time.Sleep(2500 * time.Millisecond)
		if r.Valid() || r.Leads(t.Context()) {
			t.Error("others may have taken over what it runs, and it goes on")
		}
		held := make(chan error, 1)
		go func() { held <- r.Hold(t.Context()) }()
		synctest.Wait()
		select {
		case <-held:
			t.Fatal("it does not wait")
		default:
		}
		l.set(false, 1)
		time.Sleep(time.Second)
		synctest.Wait()
		if err := <-held; err != nil || *looks != 1 || !r.Valid() {
			t.Errorf("after its return: %v, looked %d times, valid %v", err, *looks, r.Valid())
		}
	})
}

func TestAShortLossIsNone(t *testing.T) {
	member(t, 1, func(t *testing.T, l *locks, r *replica.Replica, looks *int) {
		l.set(true, 1)
		time.Sleep(3 * time.Second)
		l.set(false, 1)
		time.Sleep(time.Minute)
		synctest.Wait()
		if *looks > 0 || !r.Valid() {
			t.Errorf("it looked %d times, valid %v", *looks, r.Valid())
		}
	})
}

func TestTheOnlyOneGoesOn(t *testing.T) {
	member(t, 0, func(t *testing.T, l *locks, r *replica.Replica, looks *int) {
		l.set(true, 0)
		time.Sleep(time.Hour)
		if err := r.Hold(t.Context()); err != nil {
			t.Error(err)
		}
		l.set(false, 1) // somebody came while it was away
		time.Sleep(time.Second)
		synctest.Wait()
		if r.Members() != 2 || !r.Valid() {
			t.Errorf("%d members, valid %v", r.Members(), r.Valid())
		}
	})
}

func TestWhoWaitsMayEnd(t *testing.T) {
	member(t, 1, func(t *testing.T, l *locks, r *replica.Replica, _ *int) {
		l.set(true, 1)
		time.Sleep(time.Minute)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if err := r.Hold(ctx); err == nil {
			t.Error("it may act")
		}
		r.Expel(ctx, "dead")
		if len(l.told) != 1 || l.told[0] != "dead" {
			t.Errorf("expelled %q", l.told)
		}
	})
}
