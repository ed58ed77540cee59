package storage_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"previewd/storage"
	"previewd/storage/storagetest"
)

type told struct {
	topic string
	ids   []string
}

func TestWhatIsToldIsHeardByTheOthers(t *testing.T) {
	address := storagetest.URL(t)
	a, b, db, ctx := as(t, address, "a"), as(t, address, "b"), connect(t, address), t.Context()
	heard, ended := make(chan told, 100), make(chan error, 1)
	listening, stop := context.WithCancel(ctx)
	go func() { ended <- b.Hear(listening, func(topic string, ids []string) { heard <- told{topic, ids} }) }()
	next := func() told {
		t.Helper()
		select {
		case got := <-heard:
			return got
		case <-time.After(20 * time.Second):
			t.Fatal("nothing is heard")
			return told{}
		}
	}
	awaitSessions(t, db, `query = 'LISTEN "previewd"'`, 1)
	check(t, b.Tell(ctx, storage.ToldStates, []string{"own"}))
	check(t, a.Tell(ctx, storage.ToldStates, []string{"one", "two"}))
	if got := next(); got.topic != storage.ToldStates || !slices.Equal(got.ids, []string{"one", "two"}) {
		t.Errorf("heard %+v", got)
	}
	many := make([]string, 400)
	for i := range many {
		many[i] = fmt.Sprintf("preview-%030d", i)
	}
	check(t, a.Tell(ctx, storage.ToldLines, many))
	var all []string
	for len(all) < len(many) {
		all = append(all, next().ids...)
	}
	if !slices.Equal(all, many) {
		t.Error("many are not heard as they were told")
	}

	// Its connection is lost, and what is told meanwhile: it may be anything.
	_, err := db.ExecContext(ctx, `select pg_terminate_backend(pid, 5000) from pg_stat_activity where query = 'LISTEN "previewd"'`)
	check(t, err)
	for range 2 {
		if got := next(); got.ids != nil {
			t.Errorf("after a loss it heard %+v", got)
		}
	}
	check(t, a.Tell(ctx, storage.ToldStates, []string{"three"}))
	if got := next(); !slices.Equal(got.ids, []string{"three"}) {
		t.Errorf("heard %+v", got)
	}
	stop()
	check(t, <-ended)
}
