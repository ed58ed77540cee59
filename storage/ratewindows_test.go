package storage_test

import (
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

func TestActsAreCountedTogether(t *testing.T) {
	address := storagetest.URL(t)
	a, b, db, ctx := open(t, address), open(t, address), connect(t, address), t.Context()
	_, err := a.CountActs(ctx, "k", time.Minute, []preview.Acts{{Key: "x", N: 2}, {Key: "y", N: 5}})
	check(t, err)
	count := func(kind string) preview.Window {
		t.Helper()
		got, err := b.CountActs(ctx, kind, time.Minute, []preview.Acts{{Key: "x", N: 3}})
		check(t, err)
		if len(got) != 1 || got[0].Key != "x" || got[0].Age < 0 {
			t.Fatalf("counted %+v", got)
		}
		return got[0]
	}
	if w := count("k"); w.Used != 5 {
		t.Errorf("2 and 3 are %d", w.Used)
	}
	if w := count("other"); w.Used != 3 || w.Age != 0 {
		t.Errorf("of another kind there are %+v", w)
	}
	_, err = db.ExecContext(ctx, `update rate_windows set began_at = began_at - interval '40 s' where kind = 'k'`)
	check(t, err)
	if w := count("k"); w.Used != 8 || w.Age < 40*time.Second {
		t.Errorf("within the window there are %+v", w)
	}
	_, err = db.ExecContext(ctx, `update rate_windows set began_at = began_at - interval '30 s' where kind = 'k'`)
	check(t, err)
	if w := count("k"); w.Used != 3 || w.Age != 0 {
		t.Errorf("the next window has %+v", w)
	}
	_, err = db.ExecContext(ctx, `update rate_windows set began_at = began_at - interval '2 h' where key = 'y'`)
	check(t, err)
	if n, err := a.PruneRateWindows(ctx); err != nil || n != 1 {
		t.Errorf("%d pruned, %v", n, err)
	}
}
