package webhook

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/sirupsen/logrus"
	logtest "github.com/sirupsen/logrus/hooks/test"
	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

const (
	secret    = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	oldSecret = "whsec_b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQtb2xkLW9sZC0="
)

func TestMain(m *testing.M) {
	if os.Getenv(childMode) != "" {
		child()
		return
	}
	storagetest.Main(m)
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// delivery is one request that a receiver got.
type delivery struct {
	id     string
	body   string
	header http.Header
}

// receiver is a real server that checks every signature with the scheme's own verifier.
type receiver struct {
	*httptest.Server
	mu  sync.Mutex
	got []delivery
}

// receive starts a receiver; answer decides what it says.
func receive(t testing.TB, answer http.HandlerFunc) *receiver {
	t.Helper()
	verifier, err := standardwebhooks.NewWebhook(secret)
	check(t, err)
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, err := io.ReadAll(req.Body)
		if err == nil {
			err = verifier.VerifyIgnoringTimestamp(body, req.Header)
		}
		if err != nil || req.Method != http.MethodPost {
			t.Errorf("%s %v", req.Method, err)
		}
		r.mu.Lock()
		r.got = append(r.got, delivery{req.Header.Get("webhook-id"), string(body), req.Header})
		r.mu.Unlock()
		answer(w, req)
	}))
	t.Cleanup(r.Close)
	return r
}

func (r *receiver) deliveries() []delivery {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]delivery{}, r.got...)
}

func says(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }
}

func endpoint(t testing.TB, url string) Endpoint {
	t.Helper()
	e, err := ParseEndpoint(url, true)
	check(t, err)
	return e
}

func sender(t testing.TB, url string, change ...func(*SenderOptions)) *Sender {
	t.Helper()
	signer, err := NewSigner(secret)
	check(t, err)
	o := SenderOptions{Endpoint: endpoint(t, url), Signer: signer, UserAgent: "previewd/test"}
	for _, c := range change {
		c(&o)
	}
	s := NewSender(o)
	t.Cleanup(s.Close)
	return s
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func event() preview.Event {
	code := 1
	return preview.Event{
		ID: "msg_1", OccurredAt: noon, PreviewID: "p1", GenerationID: "g1", UserID: "ann", ProjectID: "shop", Status: preview.Failed, Port: 3001,
		Reason: &preview.Reason{Code: preview.AppExited, Message: "The app ended.", Hint: "Look.", ExitCode: &code},
	}
}

func quiet() (*logrus.Entry, *logtest.Hook) {
	log, hook := logtest.NewNullLogger()
	log.SetLevel(logrus.DebugLevel)
	return logrus.NewEntry(log), hook
}

// outbox opens a Store that writes events.
func outbox(t testing.TB, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), url, storage.Options{Webhooks: true})
	check(t, err)
	t.Cleanup(func() { check(t, s.Close()) })
	return s
}

// eventually polls a condition until it holds.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !ok(); {
		if time.Now().After(end) {
			t.Fatalf("waited in vain for %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func same(t testing.TB, got, want any) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
