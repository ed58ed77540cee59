package watch

import (
	"maps"
	"slices"
	"sync"
	"time"

	"previewd/runtime/shim/internal/listen"
)

// askTimeout is how long a socket has to show that it speaks HTTP.
const askTimeout = time.Second

// undecided says that several sockets may be the app's and that they have not been asked yet, and asks them. A lone
// candidate is never asked, so that its access log stays clean.
func (w *Watcher) undecided() bool {
	if w.asking {
		return true
	}
	ask := w.candidates()
	if len(ask) == 0 {
		return false
	}
	w.asking = true
	go func() { w.answers <- w.askAll(ask) }()
	return true
}

// maxAsked bounds how many sockets are asked, the likeliest ones.
const maxAsked = 16

// candidates are the sockets to ask: none when one is preferred, or when there is no choice.
func (w *Watcher) candidates() []listen.Socket {
	able := slices.DeleteFunc(slices.Clone(w.sockets), func(s listen.Socket) bool {
		return w.rank.class(s, w.verdicts[s]) == classTool
	})
	preferred := slices.ContainsFunc(able, func(s listen.Socket) bool {
		return w.rank.class(s, unasked) <= classPort
	})
	if preferred || !severalPorts(able) {
		return nil
	}
	slices.SortFunc(able, func(a, b listen.Socket) int { return w.rank.compare(a, b, unasked, unasked) })
	return slices.DeleteFunc(able[:min(len(able), maxAsked)], func(s listen.Socket) bool {
		return w.verdicts[s] != unasked
	})
}

func severalPorts(sockets []listen.Socket) bool {
	return slices.ContainsFunc(sockets, func(s listen.Socket) bool { return s.Port() != sockets[0].Port() })
}

func (w *Watcher) askAll(sockets []listen.Socket) map[listen.Socket]verdict {
	verdicts := make(map[listen.Socket]verdict, len(sockets))
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, s := range sockets {
		wg.Go(func() {
			v := judge(ask(&w.meter, s.DialAddr(), "/", askTimeout))
			mu.Lock()
			defer mu.Unlock()
			verdicts[s] = v
		})
	}
	wg.Wait()
	return verdicts
}

func (w *Watcher) heard(verdicts map[listen.Socket]verdict) {
	w.asking = false
	maps.Copy(w.verdicts, verdicts)
	w.forget(w.sockets)
}
