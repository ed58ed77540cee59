package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"previewd/server/auth"
)

// scaleBench is a whole previewd on a real database and a simulated engine, that takes over many previews from one that
// was killed. The engine is simulated in previewd's own process, and what it takes for itself is taken off.
func scaleBench(fs *flag.FlagSet) bench {
	var s scale
	fs.IntVar(&s.previews, "scale-previews", 10_000, "running previews; above 64,512 without the unique lease of a port")
	fs.IntVar(&s.nodes, "scale-nodes", 100, "simulated machines that they run on")
	fs.IntVar(&s.lines, "scale-lines", 50, "lines in each one's log before")
	fs.IntVar(&s.workers, "scale-workers", 16, "clients at once that ask for states")
	fs.IntVar(&s.rate, "scale-rate", 1000, "states that they ask for in a second: each preview's every ten seconds")
	fs.DurationVar(&s.period, "scale-period", 10*time.Second, "in which each preview writes one line")
	fs.DurationVar(&s.last, "scale-time", 30*time.Second, "how long each part is measured; 2s with 200 previews tries it out")
	return bench{"scale", "a previewd that takes over many previews on simulated machines", func(ctx context.Context, _ *bed, r *report) error {
		return s.measure(ctx, r)
	}}
}

type scale struct {
	previews, nodes, lines, workers, rate int

	period, last time.Duration
	database     *logBed
	child        *bed
	metrics      string // where previewd tells them
}

func (s *scale) measure(ctx context.Context, r *report) error {
	return onLogBed(ctx, func(b *logBed) (err error) {
		s.database = b
		progress("%d previews are written into the database", s.previews)
		if err := b.crowd(ctx, s.previews, s.lines); err != nil {
			return err
		}
		if err := s.takeOver(ctx, r); err != nil {
			return err
		}
		defer s.child.stop()
		if err := s.steady(ctx, r, "silent", 0); err != nil {
			return err
		}
		if err := s.passes(ctx, r); err != nil {
			return err
		}
		return s.steady(ctx, r, fmt.Sprintf("each writes a line in %v", s.period), s.period)
	})
}

// takeOver starts previewd and waits until it follows all previews.
func (s *scale) takeOver(ctx context.Context, r *report) (err error) {
	s.metrics = freeAddr()
	s.child, err = startChild(ctx, "PREVIEW_DATABASE_URL="+s.database.server.URL(), clusterEnv+"="+strconv.Itoa(s.nodes),
		"PREVIEW_METRICS_ADDR="+s.metrics, "GOGC=50", "PREVIEW_ON_SHUTDOWN=keep",
		fmt.Sprintf("PREVIEW_PORT_MIN=%d", lowestPort), "PREVIEW_PORT_MAX=32767") // the benchmark's own are above
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			s.child.stop()
		}
	}()
	answers, err := s.vitals(ctx, "")
	if err != nil {
		return err
	}
	r.add(fmt.Sprintf("previews of a killed previewd, on %d nodes", s.nodes), float64(s.previews), "")
	r.add("  from start until the API answers", float64(answers.SinceMS)/1000, "s")
	for v := answers; v.AdoptedMS == 0; {
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
		if v, err = s.vitals(ctx, ""); err != nil {
			return err
		}
		answers = v
	}
	r.add("  until all are followed", float64(answers.AdoptedMS)/1000, "s")
	return nil
}

// steady tells what it takes to watch them, and how soon their states are told.
func (s *scale) steady(ctx context.Context, r *report, how string, period time.Duration) error {
	if err := s.write(ctx, period); err != nil {
		return err
	}
	progress("%s", how)
	if err := pause(ctx, s.last); err != nil { // what the change took is over then
		return err
	}
	spent, err := s.cpu(ctx)
	if err != nil {
		return err
	}
	v, err := s.vitals(ctx, "look")
	if err != nil {
		return err
	}
	rss, _, err := s.child.resident()
	if err != nil {
		return err
	}
	r.add(how+": previewd's processor time, of one core", spent.previewd, "%")
	r.add("  the database's", spent.database, "%")
	r.add("  goroutines of previewd, for each preview", float64(v.Now.Goroutines-v.Before.Goroutines)/float64(s.previews), "")
	r.add("  memory of previewd: heap in use after a collection", v.Now.HeapMB-v.Before.HeapMB, "MB")
	r.add("  stacks", v.Now.StacksMB-v.Before.StacksMB, "MB")
	r.add("  resident, with the simulation in it", rss, "MB")
	r.add("  the simulation's heap and stacks", v.Before.HeapMB+v.Before.StacksMB, "MB")
	open, _, err := s.database.connections(ctx)
	if err != nil {
		return err
	}
	r.add("  connections to the database", float64(open), "")
	return s.status(ctx, r)
}

func (s *scale) status(ctx context.Context, r *report) error {
	tokens, err := s.tokens()
	if err != nil {
		return err
	}
	asked := make(chan int)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		for i := 0; ; i += 7919 { // a prime: neighbours in the database are not asked after one another
			select {
			case asked <- i % s.previews:
			case <-ctx.Done():
				return
			}
		}
	}()
	got, err := pacedLoad(ctx, s.workers, s.rate, s.last, func(ctx context.Context) (*http.Request, error) {
		i := <-asked
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("%s/api/v1/generations/scale-%d/preview/status", s.child.api, i), http.NoBody)
		if err == nil {
			req.Header.Set("Authorization", "Bearer "+tokens[i/100])
		}
		return req, err
	})
	if err != nil {
		return err
	}
	r.add(fmt.Sprintf("  status over HTTP, asked for by %d clients", s.workers), got.perSecond, "req/s")
	r.add("    p50", got.quantile(0.5), "ms")
	r.add("    p99", got.quantile(0.99), "ms")
	r.atMost(20)
	return nil
}

func (s *scale) tokens() ([]string, error) {
	tokens := make([]string, (s.previews+99)/100)
	for i := range tokens {
		token, err := auth.Mint([]byte(secret), fmt.Sprintf("user-%d", i), time.Hour, false)
		if err != nil {
			return nil, err
		}
		tokens[i] = token
	}
	return tokens, nil
}

func (s *scale) vitals(ctx context.Context, look string) (v clusterVitals, err error) {
	text, err := get(ctx, s.child.debug+"/cluster?look="+look)
	if err != nil {
		return v, err
	}
	return v, json.Unmarshal(text, &v)
}

// write has each preview write a line in a period.
func (s *scale) write(ctx context.Context, period time.Duration) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.child.debug+"/cluster/lines?period="+period.String(), http.NoBody)
	if err != nil {
		return err
	}
	resp, err := direct.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulation answers HTTP %d", resp.StatusCode)
	}
	return nil
}
