package docker

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// answers is a server that says a word to whoever connects.
const answers = `
use strict; use warnings; use IO::Socket::INET;
my $l = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => $ENV{PORT}, Listen => 5, ReuseAddr => 1) or die $!;
$| = 1; print "listens\n";
while (my $c = $l->accept) { print $c "here\n"; close $c }`

func TestAnInstanceIsDialledAtItsPlace(t *testing.T) {
	b := testBackend(t, Options{})
	ctx := t.Context()
	if err := b.EnsureNetworks(ctx); err != nil {
		t.Fatal(err)
	}
	spec := perl(answers)
	spec.Env = map[string]string{"PORT": "8000"}
	id, err := b.Create(ctx, spec)
	if err != nil {
		t.Fatal(err)
	}
	if place, err := b.Place(ctx, id); err != nil || place != (preview.Place{}) {
		t.Errorf("before its start it is at %+v, %v", place, err)
	}
	first := placeOfStarted(t, b, id)
	conn, err := (&net.Dialer{Timeout: time.Minute}).DialContext(ctx, "tcp", net.JoinHostPort(first.Address, "8000"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if line, err := bufio.NewReader(conn).ReadString('\n'); line != "here\n" {
		t.Errorf("%q, %v", line, err)
	}
	if again, err := b.Place(ctx, id); err != nil || again != first || again.InstanceID != id {
		t.Errorf("it was at %+v and is at %+v, %v", first, again, err)
	}
	if err := b.Stop(ctx, id, 0); err != nil {
		t.Fatal(err)
	}
	if place, err := b.Place(ctx, id); err != nil || place != (preview.Place{}) {
		t.Errorf("after its end it is at %+v, %v", place, err)
	}
	if second := placeOfStarted(t, b, id); second == first {
		t.Error("a second run is not told from the first")
	}
}

// placeOfStarted starts an instance and waits for it to listen.
func placeOfStarted(t *testing.T, b *Backend, id string) preview.Place {
	t.Helper()
	began := time.Now()
	if err := b.Start(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	r, err := b.Logs(t.Context(), id, preview.LogsOptions{Follow: true, Since: began})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	if e, err := r.Next(); string(e.Text) != "listens" {
		t.Fatalf("%q, %v", e.Text, err)
	}
	place, err := b.Place(t.Context(), id)
	if err != nil || place.Address == "" {
		t.Fatalf("it is at %+v, %v", place, err)
	}
	return place
}

// TestPlacesElsewhere are none: an engine on another host has bridges of its own.
func TestPlacesElsewhere(t *testing.T) {
	remote := scripted(t, map[string]http.HandlerFunc{
		"GET /v1.41/containers/ours/json": says(http.StatusOK, `{"Id":"ours","Config":{"Labels":{"previewd.owner":"scripted"}},"State":{"Status":"running"},
			"NetworkSettings":{"Networks":{"previewd-scripted-previews":{"IPAddress":"127.0.0.2","Gateway":"127.0.0.1"}}}}`),
		"GET /v1.41/containers/theirs/json": says(http.StatusOK, `{"Id":"theirs","Config":{"Labels":{}},"State":{"Status":"running"}}`),
	})
	if place, err := remote.Place(t.Context(), "ours"); err != nil || place != (preview.Place{}) {
		t.Errorf("an instance of another host is at %+v, %v", place, err)
	}
	if _, err := remote.Place(t.Context(), "theirs"); !errors.Is(err, preview.ErrInstanceNotFound) {
		t.Error("another owner's instance has a place:", err)
	}
	if hasAddress("lo", "127.0.0.11") || hasAddress("none", "127.0.0.1") || !hasAddress("lo", "127.0.0.1") {
		t.Error("addresses of this machine's interfaces are mixed up")
	}
}
