package logs

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/preview"
)

func TestFloodIsCutAndTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := newMemStore()
		l, stop := start(t, Options{Store: store, LineRate: 10, LineBurst: 100})
		j := open(t, l, "p")
		r := output()
		r.follow = true
		for i := range int64(1000) {
			r.list = append(r.list, out(i, "flood"))
		}
		go func() { _ = j.Pump(t.Context(), r, "i", nil) }()
		time.Sleep(2 * tellAfter) // of the bubble's clock: the app has fallen silent
		synctest.Wait()
		tail := tailOf(t, j, 1000)
		if last := tail[len(tail)-1]; len(tail) != 101 || last.Message != "dropped 900 lines: the app writes more than 10 lines or 4096 KB a second" ||
			last.Source != preview.System || last.Level != preview.Warning {
			t.Errorf("%d lines, the last is %+v", len(tail), last)
		}
		_ = r.Close()
		closeJournal(t, j)
		_ = stop()
	})
}

func TestFloodEndsWhenTheBurstIsFreeAgain(t *testing.T) {
	f := newFlood(Options{LineRate: 10, LineBurst: 100, ByteRate: 1000, ByteBurst: 1000})
	passed := func(at time.Duration, n, size int) (k int) {
		for range n {
			if f.admit(epoch.Add(at), size) {
				k++
			}
		}
		return k
	}
	for _, step := range []struct {
		at         time.Duration
		n, size    int
		want       int
		accounting string
	}{
		{0, 150, 1, 100, "the burst"},
		{500 * time.Millisecond, 10, 1, 0, "5 free: less than a tenth"},
		{time.Second, 50, 1, 10, "a tenth is free"},
		{0, 5, 1, 0, "time does not go back"},
		{time.Hour, 3, 400, 2, "bytes"},
	} {
		if got := passed(step.at, step.n, step.size); got != step.want {
			t.Errorf("%s: %d lines passed, want %d", step.accounting, got, step.want)
		}
	}
}

// After an outage the engine delivers hours of output in a second.
func TestALogReadLateIsNoFlood(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store, LineRate: 10, LineBurst: 100})
	j := open(t, l, "p")
	r := output()
	for i := range int64(5000) {
		r.list = append(r.list, out(i*int64(time.Second)/10, "slow"))
	}
	if err := j.Pump(t.Context(), r, "i", nil); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	if n := len(store.messages(t, "p")); n != 5000 {
		t.Errorf("%d lines", n)
	}
	_ = stop()
}

func TestFloodNoticeStandsBetweenTheLines(t *testing.T) {
	store := newMemStore()
	l, stop := start(t, Options{Store: store, LineRate: 10, LineBurst: 2})
	j := open(t, l, "p")
	list := []preview.LogEntry{out(1, "1"), out(1, "2"), out(1, "3"), out(1, "4"), out(int64(time.Second), "5"), out(int64(time.Second), "6"), out(int64(time.Second), "7")}
	if err := j.Pump(t.Context(), output(list...), "i", nil); err != nil {
		t.Fatal(err)
	}
	closeJournal(t, j)
	got := strings.Join(store.messages(t, "p"), "|")
	const why = ": the app writes more than 10 lines or 4096 KB a second"
	if want := "1|2|dropped 2 lines" + why + "|5|6|dropped 1 lines" + why; got != want {
		t.Errorf("%s", got)
	}
	_ = stop()
}
