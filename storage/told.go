package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
)

// Topics of what processes tell one another about previews.
const (
	ToldStates = "states" // of previews that have changed
	ToldLines  = "lines"  // of logs that have gone on
)

const (
	channel    = "previewd"
	toldAtOnce = 150 // names in one notice, which holds less than 8,000 bytes
	reconnect  = 100 * time.Millisecond
	longest    = 5 * time.Second
	probeEvery = 30 * time.Second // a connection over which nothing comes may be dead
)

// Tell tells all other processes on the database about previews. Nobody may hear it: it makes things faster and is relied upon for nothing.
func (s *Store) Tell(ctx context.Context, topic string, previewIDs []string) error {
	for len(previewIDs) > 0 {
		n := min(len(previewIDs), toldAtOnce)
		notice := strings.Join([]string{s.process, topic, strings.Join(previewIDs[:n], ",")}, ":")
		if _, err := s.db.ExecContext(ctx, `select pg_notify($1, $2)`, channel, notice); err != nil {
			return fmt.Errorf("tell %s: %w", topic, err)
		}
		previewIDs = previewIDs[n:]
	}
	return nil
}

// Hear passes on what the other processes tell, until ctx ends. Without previews it may be about any of them: the connection was lost for a
// while.
func (s *Store) Hear(ctx context.Context, hear func(topic string, previewIDs []string)) error {
	l := pq.NewDialListener(dialer{}, s.url, reconnect, longest, nil)
	stop := context.AfterFunc(ctx, func() { _ = l.Close() }) // Listen waits for a connection
	defer stop()
	defer func() { _ = l.Close() }()
	if err := l.Listen(channel); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	probe := time.NewTicker(probeEvery)
	defer probe.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-probe.C:
			go func() { _ = l.Ping() }() // a lost connection shows, and is made anew
		case n := <-l.Notify:
			s.pass(n, hear)
		}
	}
}

func (s *Store) pass(n *pq.Notification, hear func(topic string, previewIDs []string)) {
	if n == nil { // connected again
		hear(ToldStates, nil)
		hear(ToldLines, nil)
		return
	}
	from, rest, _ := strings.Cut(n.Extra, ":")
	topic, ids, ok := strings.Cut(rest, ":")
	if ok && ids != "" && from != s.process {
		hear(topic, strings.Split(ids, ","))
	}
}
