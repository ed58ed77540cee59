package webhook

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// childMode makes the test binary a previewd that is going to be killed: "write" changes previews, "deliver" sends
// webhooks, "both" does both.
const (
	childMode     = "PREVIEWD_WEBHOOK_CHILD"
	childDatabase = "PREVIEWD_WEBHOOK_DATABASE"
	childReceiver = "PREVIEWD_WEBHOOK_RECEIVER"
)

// child runs until it is killed.
func child() {
	ctx, mode := context.Background(), os.Getenv(childMode)
	s, err := storage.Open(ctx, os.Getenv(childDatabase), storage.Options{Webhooks: true})
	if err != nil {
		panic(err)
	}
	if mode != "deliver" {
		for range 4 {
			go func() {
				for {
					if err := live(ctx, s); err != nil {
						panic(err)
					}
				}
			}()
		}
	}
	if mode == "write" {
		select {}
	}
	receiver, err := ParseEndpoint(os.Getenv(childReceiver), true)
	if err != nil {
		panic(err)
	}
	signer, err := NewSigner(secret)
	if err != nil {
		panic(err)
	}
	leads := func(ctx context.Context) bool {
		ok, err := s.Lead(ctx, "webhooks")
		return ok && err == nil
	}
	log, _ := quiet()
	New(Options{
		Store: s, Sender: NewSender(SenderOptions{Endpoint: receiver, Signer: signer}), Leads: leads, Every: 5 * time.Millisecond,
		Now: time.Now, Log: log,
	}).Run(ctx)
}

// spawn starts a child; kill ends it without a warning.
func spawn(t *testing.T, mode, database, receiver string) (kill func()) {
	t.Helper()
	cmd := exec.Command("/proc/self/exe")
	cmd.Env = append(os.Environ(), childMode+"="+mode, childDatabase+"="+database, childReceiver+"="+receiver)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Stderr = os.Stderr
	check(t, cmd.Start())
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	var killed atomic.Bool
	kill = func() {
		if killed.CompareAndSwap(false, true) {
			_ = cmd.Process.Kill()
			if err := <-ended; err == nil || err.Error() != "signal: killed" {
				t.Errorf("the child ended by itself: %v", err)
			}
		}
	}
	t.Cleanup(kill)
	return kill
}

// agree waits until there is an event for every change of a preview, and none without. The database may still be
// busy with the last words of a process that was killed.
func agree(t *testing.T, s *storage.Store) {
	t.Helper()
	defer func() {
		if t.Failed() {
			t.Log(differences(t, s))
		}
	}()
	eventually(t, "events that agree with the previews", func() bool { return len(differences(t, s)) == 0 })
}

func differences(t *testing.T, s *storage.Store) (differ []string) {
	t.Helper()
	all, byPreview := stored(t, s)
	for next, more := "", true; more; more = next != "" {
		list, after, err := s.Previews(t.Context(), "", next, 500)
		check(t, err)
		for _, p := range list {
			want := []preview.Status{preview.Starting}
			if p.RunningAt != nil {
				want = append(want, preview.Running)
			}
			if p.EndedAt != nil {
				want = append(want, p.Status)
			}
			var got []preview.Status
			for _, id := range byPreview[p.ID] {
				got = append(got, all[id].Status)
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				differ = append(differ, fmt.Sprintf("preview %s: events %v, want %v", p.ID, got, want))
			}
		}
		next = after
	}
	return differ
}

func TestKilledBetweenCommitAndSend(t *testing.T) {
	url := storagetest.URL(t)
	s, r := outbox(t, url), receive(t, says(200))
	kill := spawn(t, "write", url, "")
	eventually(t, "events", func() bool { all, _ := stored(t, s); return len(all) > 50 })
	kill()
	agree(t, s)
	run(t, Options{Store: s, Sender: sender(t, r.URL)})
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
}

func TestKilledBetweenSendAndNote(t *testing.T) {
	url := storagetest.URL(t)
	s := outbox(t, url)
	lives(t, s, 5)
	arrived, killed := make(chan struct{}, 100), make(chan struct{})
	r := receive(t, func(http.ResponseWriter, *http.Request) {
		arrived <- struct{}{}
		<-killed // it was taken, and nobody is left to hear so
	})
	kill := spawn(t, "deliver", url, r.URL)
	for range 5 {
		<-arrived
	}
	kill()
	close(killed)
	run(t, Options{Store: s, Sender: sender(t, r.URL)})
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
	if all, _ := stored(t, s); len(r.deliveries()) != len(all)+5 {
		t.Errorf("%d deliveries of %d events, want the first five twice", len(r.deliveries()), len(all))
	}
}

// TestKilledAtAnyMoment kills one process after the other while it launches previews and delivers events.
func TestKilledAtAnyMoment(t *testing.T) {
	url := storagetest.URL(t)
	s, c := outbox(t, url), &clock{}
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) {
		if rand.IntN(20) == 0 {
			w.WriteHeader(503)
		}
	})
	for range 8 {
		enough := len(r.deliveries()) + rand.IntN(100)
		kill := spawn(t, "both", url, r.URL)
		eventually(t, "deliveries", func() bool { return len(r.deliveries()) > enough })
		kill()
		agree(t, s)
	}
	run(t, Options{Store: s, Sender: sender(t, r.URL), Now: c.now})
	eventually(t, "all events", func() bool { c.advance(time.Minute); return settled(t, s) })
	complete(t, s, r.deliveries())
	t.Logf("%d deliveries", len(r.deliveries()))
}
