package webhook

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"testing"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
)

// TestTheDocumentsExamples: whoever tries their verifier on the example in the documentation must not be misled, and
// its bodies have the members that are sent.
func TestTheDocumentsExamples(t *testing.T) {
	text, err := os.ReadFile("../../docs/webhooks.md")
	check(t, err)
	h := http.Header{}
	for _, line := range regexp.MustCompile(`(?m)^(Webhook-\w+): (.+)$`).FindAllStringSubmatch(string(text), -1) {
		h.Set(line[1], line[2])
	}
	bodies := regexp.MustCompile(`(?m)^\{"event".*\}$`).FindAll(text, -1)
	known := regexp.MustCompile(`whsec_[A-Za-z0-9+/]+=`).Find(text)
	if len(bodies) != 4 || known == nil {
		t.Fatalf("%d bodies, secret %s", len(bodies), known)
	}
	verifier, err := standardwebhooks.NewWebhook(string(known))
	check(t, err)
	if err := verifier.VerifyIgnoringTimestamp(bodies[0], h); err != nil {
		t.Error(err)
	}
	for _, body := range bodies {
		var p Payload
		check(t, json.Unmarshal(body, &p))
		again, err := json.Marshal(p)
		check(t, err)
		var want, got map[string]any
		check(t, json.Unmarshal(body, &want))
		check(t, json.Unmarshal(again, &got))
		same(t, got, want)
	}
}
