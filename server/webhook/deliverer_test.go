package webhook

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// clock is a time that tests move.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *clock) advance(d time.Duration) { c.offset.Add(int64(d)) }

// run delivers until stop is called, or the test ends.
func run(t testing.TB, o Options) (stop func()) {
	t.Helper()
	if o.Log == nil {
		o.Log, _ = quiet()
	}
	if o.Leads == nil {
		o.Leads = func(context.Context) bool { return true }
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every == 0 {
		o.Every = 5 * time.Millisecond
	}
	if o.Grace == 0 {
		o.Grace = time.Second
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); New(o).Run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-ended })
	t.Cleanup(stop)
	return stop
}

// lives takes previews through their whole life, each in a generation of its own, all at once.
func lives(t testing.TB, s *storage.Store, n int) {
	t.Helper()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := live(t.Context(), s); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func live(ctx context.Context, s *storage.Store) error {
	id, now := preview.NewID(), time.Now()
	if _, err := s.PutGeneration(ctx, preview.Generation{ID: id, UserID: "ann", ProjectID: "shop"}, nil, nil); err != nil {
		return err
	}
	_, _, err := s.StartPreview(ctx, preview.Preview{
		ID: id, GenerationID: id, UserID: "ann", ProjectID: "shop", CreatedAt: now, LastActiveAt: now, ExpiresAt: now, TokenExpiry: now,
	}, preview.StartOptions{PortMin: 1024, PortMax: 4096})
	if err != nil {
		return err
	}
	if rand.IntN(3) > 0 {
		if err := s.BecomeRunning(ctx, id, time.Now(), nil); err != nil {
			return err
		}
	}
	return storagetest.Err(s.Finish(ctx, id, preview.Failed, preview.Reason{Code: preview.AppExited, Message: "It ended."}, nil))
}

// stored are all events of the database, by id, in the order of each preview.
func stored(t testing.TB, s *storage.Store) (all map[string]preview.Event, byPreview map[string][]string) {
	t.Helper()
	all, byPreview = map[string]preview.Event{}, map[string][]string{}
	for next, more := "", true; more; more = next != "" {
		list, after, err := s.WebhookEvents(context.Background(), "", next, 500)
		check(t, err)
		for _, e := range list {
			all[e.ID] = e
			byPreview[e.PreviewID] = append(byPreview[e.PreviewID], e.ID)
		}
		next = after
	}
	order := []preview.Status{preview.Starting, preview.Running, preview.Failed}
	for _, ids := range byPreview {
		slices.SortFunc(ids, func(a, b string) int {
			return slices.Index(order, all[a].Status) - slices.Index(order, all[b].Status)
		})
	}
	return all, byPreview
}

func settled(t testing.TB, s *storage.Store) bool {
	t.Helper()
	list, _, err := s.WebhookEvents(context.Background(), preview.DeliveryPending, "", 1)
	check(t, err)
	return len(list) == 0
}

// complete fails the test unless the receiver has heard of every event, of each preview's in their order, and of the
// same one only in the same words.
func complete(t testing.TB, s *storage.Store, got []delivery) {
	t.Helper()
	all, byPreview := stored(t, s)
	words, heard := map[string]string{}, map[string][]string{}
	for _, d := range got {
		e, known := all[d.id]
		if !known {
			t.Errorf("%s was never written", d.id)
		}
		if said, again := words[d.id]; again && said != d.body {
			t.Errorf("%s changed between two attempts:\n%s\n%s", d.id, said, d.body)
		} else if !again {
			words[d.id] = d.body
			heard[e.PreviewID] = append(heard[e.PreviewID], d.id)
		}
	}
	for id, want := range byPreview {
		if !slices.Equal(heard[id], want) {
			t.Errorf("preview %s: heard %v, want %v", id, heard[id], want)
		}
	}
}

// accepted are the deliveries that the receiver took.
type accepted struct {
	mu   sync.Mutex
	list []delivery
}

func (a *accepted) take(req *http.Request, body string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.list = append(a.list, delivery{id: req.Header.Get("webhook-id"), body: body})
}

// tally counts by name.
type tally struct {
	mu sync.Mutex
	of map[string]int
}

func (c *tally) add(name string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.of == nil {
		c.of = map[string]int{}
	}
	c.of[name]++
	return c.of[name]
}

func TestEventsAreDeliveredOnceAndInOrder(t *testing.T) {
	s := outbox(t, storagetest.URL(t))
	lives(t, s, 30)
	r := receive(t, says(204))
	run(t, Options{Store: s, Sender: sender(t, r.URL)})
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
	if all, _ := stored(t, s); len(all) != len(r.deliveries()) {
		t.Errorf("%d deliveries of %d events", len(r.deliveries()), len(all))
	}
}

func TestAChangeWakesTheDeliverer(t *testing.T) {
	s, changes := outbox(t, storagetest.URL(t)), make(chan preview.Preview, 1)
	r := receive(t, says(200))
	stop := run(t, Options{Store: s, Sender: sender(t, r.URL), Changes: changes, Every: time.Hour})
	lives(t, s, 1)
	changes <- preview.Preview{}
	eventually(t, "all events", func() bool { return settled(t, s) })
	close(changes) // the clock goes on alone
	stop()
}

// TestOrderUnderFailures has a receiver that refuses two of three, in every way there is, but none more than seven times.
func TestOrderUnderFailures(t *testing.T) {
	s, c, took := outbox(t, storagetest.URL(t)), &clock{}, &accepted{}
	var asked tally
	r := receive(t, func(w http.ResponseWriter, req *http.Request) {
		way := rand.IntN(6)
		if asked.add(req.Header.Get("webhook-id")) > maxAttempts/2 {
			way = 4
		}
		switch way {
		case 0:
			w.WriteHeader(500)
		case 1:
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(429)
		case 2:
			panic(http.ErrAbortHandler)
		case 3:
			<-req.Context().Done()
		default:
			took.take(req, "")
			w.WriteHeader(200)
		}
	})
	run(t, Options{Store: s, Now: c.now, Sender: sender(t, r.URL, func(o *SenderOptions) { o.Timeout = 20 * time.Millisecond })})
	lives(t, s, 20)
	eventually(t, "all events", func() bool { c.advance(time.Minute); return settled(t, s) })
	all, _ := stored(t, s)
	for id, e := range all {
		if e.Delivery.State != preview.DeliveryDelivered {
			t.Errorf("%s is %s after %d attempts: %s", id, e.Delivery.State, e.Delivery.Attempts, e.Delivery.Error)
		}
	}
	complete(t, s, r.deliveries())
	complete(t, s, took.list)
}

// TestAFailingPreviewHoldsUpNoOther refuses everything of one preview, and never answers at all for some.
func TestAFailingPreviewHoldsUpNoOther(t *testing.T) {
	s := outbox(t, storagetest.URL(t))
	lives(t, s, 10)
	all, byPreview := stored(t, s)
	var bad string
	for id := range byPreview {
		bad = id
	}
	r := receive(t, func(w http.ResponseWriter, req *http.Request) {
		if all[req.Header.Get("webhook-id")].PreviewID == bad {
			w.WriteHeader(500)
		}
	})
	run(t, Options{Store: s, Sender: sender(t, r.URL)})
	eventually(t, "the others' events", func() bool {
		list, _, err := s.WebhookEvents(t.Context(), preview.DeliveryDelivered, "", 500)
		check(t, err)
		return len(list) == len(all)-len(byPreview[bad])
	})
	for _, d := range r.deliveries() {
		if e := all[d.id]; e.PreviewID == bad && e.Status != preview.Starting {
			t.Errorf("%s overtook the event before it", e.Name())
		}
	}
}

func TestTwoDeliverersOnOneDatabase(t *testing.T) {
	url := storagetest.URL(t)
	s, r := outbox(t, url), receive(t, says(200))
	var stops []func()
	for range 2 {
		own := outbox(t, url)
		leads := func(ctx context.Context) bool {
			ok, err := own.Lead(ctx, "webhooks")
			return ok && err == nil
		}
		stops = append(stops, run(t, Options{Store: own, Sender: sender(t, r.URL), Leads: leads}))
	}
	lives(t, s, 20)
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
	if all, _ := stored(t, s); len(all) != len(r.deliveries()) {
		t.Errorf("%d deliveries of %d events: both delivered", len(r.deliveries()), len(all))
	}
	for _, stop := range stops {
		stop()
	}
}

// TestTwoThatBothBelieveToLead is the moment in which one has lost its lead and not noticed: every event still
// arrives, and the first hearing of each is in order.
func TestTwoThatBothBelieveToLead(t *testing.T) {
	url := storagetest.URL(t)
	s, r := outbox(t, url), receive(t, says(200))
	for range 2 {
		run(t, Options{Store: outbox(t, url), Sender: sender(t, r.URL)})
	}
	lives(t, s, 20)
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
}

func TestGoneIsTheEndOfTheEndpoint(t *testing.T) {
	s, ctx := outbox(t, storagetest.URL(t)), t.Context()
	log, hook := quiet()
	var status atomic.Int64
	status.Store(410)
	r := receive(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(int(status.Load())) })
	lives(t, s, 1)
	run(t, Options{Store: s, Sender: sender(t, r.URL), Digest: "d", Log: log})
	eventually(t, "the end", func() bool { return settled(t, s) })
	lives(t, s, 3)
	eventually(t, "their end", func() bool { return settled(t, s) })
	if n := len(r.deliveries()); n != 1 {
		t.Errorf("%d requests, want the one that was answered 410", n)
	}
	all, _ := stored(t, s)
	tried := 0
	for _, e := range all {
		if e.Delivery.Attempts > 0 {
			tried++
		} else if !strings.HasPrefix(e.Delivery.Error, "not sent: the receiver has answered 410 Gone at 2") {
			t.Errorf("%+v", e.Delivery)
		}
		if e.Delivery.State != preview.DeliveryDead {
			t.Errorf("%s is %s", e.ID, e.Delivery.State)
		}
	}
	if tried != 1 {
		t.Errorf("%d were tried", tried)
	}
	if entry := hook.LastEntry(); entry == nil || !strings.Contains(entry.Message, "410 Gone") {
		t.Errorf("nobody was told: %v", entry)
	}

	status.Store(200)
	n, err := s.RetryDeadEvents(ctx)
	check(t, err)
	eventually(t, "all events", func() bool { return settled(t, s) })
	if n != int64(len(all)) || len(r.deliveries()) != len(all)+1 {
		t.Errorf("%d of %d were tried again, %d requests", n, len(all), len(r.deliveries()))
	}
	complete(t, s, r.deliveries())
}

// TestTheEndIsDeliveredToo: previews that end with the service are told of before the process ends.
func TestTheEndIsDeliveredToo(t *testing.T) {
	s, r := outbox(t, storagetest.URL(t)), receive(t, says(200))
	stop := run(t, Options{Store: s, Sender: sender(t, r.URL), Every: time.Hour, Grace: time.Minute})
	lives(t, s, 10)
	stop()
	if !settled(t, s) {
		t.Error("events are left")
	}
	complete(t, s, r.deliveries())
}

// TestAReceiverThatHangsDoesNotHoldUpTheEnd: what was cut short is no failure of the receiver.
func TestAReceiverThatHangsDoesNotHoldUpTheEnd(t *testing.T) {
	s, arrived := outbox(t, storagetest.URL(t)), make(chan struct{}, 100)
	r := receive(t, func(_ http.ResponseWriter, req *http.Request) {
		arrived <- struct{}{}
		<-req.Context().Done()
	})
	lives(t, s, 2)
	stop := run(t, Options{Store: s, Sender: sender(t, r.URL), Grace: 10 * time.Millisecond})
	<-arrived
	stop()
	all, _ := stored(t, s)
	for _, e := range all {
		if e.Delivery.State != preview.DeliveryPending || e.Delivery.Attempts != 0 {
			t.Errorf("%+v", e.Delivery)
		}
	}
}

// brokenStore fails now and then.
type brokenStore struct {
	Store
	fail func(what string) error
}

func (b brokenStore) DueEvents(ctx context.Context, now time.Time, busy []string, limit int) ([]preview.Event, error) {
	if err := b.fail("due"); err != nil {
		return nil, err
	}
	return b.Store.DueEvents(ctx, now, busy, limit)
}

func (b brokenStore) NoteAttempt(ctx context.Context, e preview.Event, a preview.Attempt) error {
	if err := b.fail("note"); err != nil {
		return err
	}
	return b.Store.NoteAttempt(ctx, e, a)
}

func (b brokenStore) EndpointGoneAt(ctx context.Context, digest string) (*time.Time, error) {
	if err := b.fail("gone"); err != nil {
		return nil, err
	}
	return b.Store.EndpointGoneAt(ctx, digest)
}

// TestADatabaseThatIsAwayNowAndThen: an event that was delivered is noted, and not sent again meanwhile.
func TestADatabaseThatIsAwayNowAndThen(t *testing.T) {
	s, r := outbox(t, storagetest.URL(t)), receive(t, says(200))
	var failures atomic.Int64
	broken := brokenStore{s, func(what string) error {
		if rand.IntN(2) == 0 {
			failures.Add(1)
			return fmt.Errorf("no %s: database away", what)
		}
		return nil
	}}
	lives(t, s, 10)
	run(t, Options{Store: broken, Sender: sender(t, r.URL)})
	eventually(t, "all events", func() bool { return settled(t, s) })
	complete(t, s, r.deliveries())
	if all, _ := stored(t, s); len(all) != len(r.deliveries()) || failures.Load() == 0 {
		t.Errorf("%d deliveries of %d events, %d failures", len(r.deliveries()), len(all), failures.Load())
	}
}

func TestAnOutcomeThatCannotBeNotedDoesNotHoldUpTheEnd(t *testing.T) {
	s, noted := outbox(t, storagetest.URL(t)), make(chan struct{}, 1000)
	broken := brokenStore{s, func(what string) error {
		if what == "note" {
			noted <- struct{}{}
			return errors.New("database away")
		}
		return nil
	}}
	r := receive(t, says(200))
	lives(t, s, 1)
	stop := run(t, Options{Store: broken, Sender: sender(t, r.URL), Grace: 10 * time.Millisecond})
	<-noted
	<-noted
	stop()
	if n := len(r.deliveries()); n != 1 {
		t.Errorf("it was sent %d times", n)
	}
}
