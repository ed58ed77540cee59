package watch

import (
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

// candidates are the sockets to ask: none when one is preferred, or when there is no choice.
func (w *Watcher) candidates() []listen.Socket {
	var ask []listen.Socket
	ports := map[int]bool{}
	for _, s := range w.sockets {
		c := w.rank.class(s, w.verdicts[s])
		if c <= classPort {
			return nil
		}
		if c == classTool {
			continue
		}
		ports[s.Port()] = true
		if w.verdicts[s] == unasked {
			ask = append(ask, s)
		}
	}
	if len(ports) < 2 {
		return nil
	}
	return ask
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
	for s, v := range verdicts {
		w.verdicts[s] = v
	}
	w.forget(w.sockets)
}
