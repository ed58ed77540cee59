package upstream_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"previewd/runtime/preview"
	"previewd/runtime/upstream"
)

// instances are where a backend says that they are.
type instances struct {
	mu    sync.Mutex
	known map[string]preview.Place
	asked int
}

func (i *instances) Place(_ context.Context, id string) (preview.Place, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.asked++
	if place, ok := i.known[id]; ok {
		return place, nil
	}
	return preview.Place{}, preview.ErrInstanceNotFound
}

func (i *instances) set(places ...preview.Place) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.known = map[string]preview.Place{}
	for _, p := range places {
		i.known[p.InstanceID] = p
	}
}

func (i *instances) looks() int {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.asked
}

// nearBed has a preview whose published port is at one address of this machine, and its instance at another.
func nearBed(t *testing.T, change ...func(*upstream.Options)) (*bed, *instances, preview.Preview) {
	t.Helper()
	all := &instances{}
	b := newBed(t, append(change, func(o *upstream.Options) { o.Places = all })...)
	p := b.app("p", says("port"))
	p.InstanceID = "i"
	b.rows.set(p)
	return b, all, p
}

func says(word string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, word) }
}

// listens runs an app at an address with the preview's own port.
func (b *bed) listens(address string, p preview.Preview, h http.HandlerFunc) *httptest.Server {
	b.Helper()
	l, err := net.Listen("tcp", net.JoinHostPort(address, fmt.Sprint(p.Port)))
	if err != nil {
		b.Fatal(err)
	}
	server := httptest.NewUnstartedServer(h)
	_ = server.Listener.Close() // of the kind that nobody asked for
	server.Listener = l
	server.Start()
	b.Cleanup(server.Close)
	return server
}

func TestTheInstanceItselfIsDialled(t *testing.T) {
	b, all, p := nearBed(t)
	b.listens("127.0.0.2", p, says("instance"))
	all.set(preview.Place{InstanceID: "i", Address: "127.0.0.2", Since: "now"})
	for range 3 {
		if a := b.get(p, "/"); string(a.Body) != "instance" {
			t.Fatalf("%s answered", a.Body)
		}
	}
	if n := all.looks(); n != 2 {
		t.Errorf("one connection took %d looks, want one before it and one after", n)
	}
}

// TestThePublishedPortIsLeft for whatever keeps the instance itself from being reached.
func TestThePublishedPortIsLeft(t *testing.T) {
	for name, place := range map[string][]preview.Place{
		"no way":       {{InstanceID: "i"}},
		"unknown":      nil,
		"refuses":      {{InstanceID: "i", Address: "127.0.0.2", Since: "now"}},
		"unreachable":  {{InstanceID: "i", Address: "255.255.255.255", Since: "now"}},
		"other's only": {{InstanceID: "j", Address: "127.0.0.2", Since: "now"}},
	} {
		t.Run(name, func(t *testing.T) {
			b, all, p := nearBed(t)
			all.set(place...)
			if a := b.get(p, "/"); string(a.Body) != "port" {
				t.Errorf("%s answered", a.Body)
			}
		})
	}
}

// TestAnAddressThatBecameAStrangers has the instance end, and its address go to another, at every moment it could; the preview's row tells
// nothing of it yet.
func TestAnAddressThatBecameAStrangers(t *testing.T) {
	mine := preview.Place{InstanceID: "i", Address: "127.0.0.2", Since: "now"}
	for name, after := range map[string][]preview.Place{
		"ended":         {{InstanceID: "j", Address: "127.0.0.2", Since: "later"}},
		"stopped":       {{InstanceID: "i"}},
		"started again": {{InstanceID: "i", Address: "127.0.0.2", Since: "later"}},
		"moved":         {{InstanceID: "i", Address: "127.0.0.3", Since: "now"}},
	} {
		for _, known := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, known before: %t", name, known), func(t *testing.T) {
				var meanwhile func()
				b, all, p := nearBed(t, withLanes, func(o *upstream.Options) {
					o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
						meanwhile()
						return (&net.Dialer{}).DialContext(ctx, network, address)
					}
				})
				all.set(mine)
				if known {
					own := b.listens("127.0.0.2", p, says("instance"))
					meanwhile = func() {}
					if a := b.get(p, "/"); string(a.Body) != "instance" {
						t.Fatalf("%s answered", a.Body)
					}
					own.Close()
				}
				b.listens("127.0.0.2", p, func(_ http.ResponseWriter, r *http.Request) {
					t.Errorf("the stranger's app got %s %s", r.Method, r.URL)
				})
				meanwhile = func() { all.set(after...) }
				if a := b.get(p, "/"); string(a.Body) != "port" {
					t.Errorf("%s answered", a.Body)
				}
			})
		}
	}
}

// TestTheRowCountsForInstances, too: a preview that is to end is asked nothing.
func TestTheRowCountsForInstances(t *testing.T) {
	var b *bed
	var p preview.Preview
	b, all, p := nearBed(t, func(o *upstream.Options) {
		o.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
			ended := p
			ended.Status = preview.Stopping
			b.rows.set(ended)
			return (&net.Dialer{}).DialContext(ctx, network, address)
		}
	})
	b.listens("127.0.0.2", p, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	all.set(preview.Place{InstanceID: "i", Address: "127.0.0.2", Since: "now"})
	if _, err := b.Ask(t.Context(), p, getRoot, limits); !errors.Is(err, upstream.ErrNotRunning) {
		t.Error(err)
	}
}
