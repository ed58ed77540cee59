package gateway

import (
	"context"
	"errors"
	"time"

	"previewd/runtime/preview"
)

const (
	reviewEvery = time.Second
	touchTime   = 5 * time.Second
)

// Run cuts off visits of previews that end here, looks every second whether those under way are still allowed, whoever ended
// their preview or replaced their token, and notes what is in use. It returns when ctx ends or changes is closed.
func (g *Gateway) Run(ctx context.Context, changes <-chan preview.Preview) {
	ticker := time.NewTicker(reviewEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case p, open := <-changes:
			if !open {
				return
			}
			g.changed(p)
		case <-ticker.C:
			g.review(ctx)
			g.noteUses(ctx)
			g.directory.tidy()
		}
	}
}

func (g *Gateway) changed(p preview.Preview) {
	g.directory.drop(p.Host)
	if ended(p) {
		g.visits.over(p.Host, p.ID)
	}
}

// review looks after the visits under way. What cannot be looked up is left as it is: while the database is away nobody is cut off.
func (g *Gateway) review(ctx context.Context) {
	for _, host := range g.visits.hosts() {
		p, err := g.directory.find(ctx, host)
		switch {
		case errors.Is(err, preview.ErrPreviewNotFound):
			g.visits.review(host, preview.Preview{}, g.Now())
		case err == nil:
			g.visits.review(host, p, g.Now())
		}
	}
}

func (g *Gateway) noteUses(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, touchTime)
	defer cancel()
	for id, at := range g.visits.uses(g.Now()) {
		var over *preview.TransitionError
		if err := g.Uses.Touch(ctx, id, at); err != nil && !errors.As(err, &over) && ctx.Err() == nil {
			g.Log.WithField("preview_id", id).WithField("err", err).Debug("a use was not noted")
		}
	}
}

// Close ends all visits, WebSockets too, and admits no more.
func (g *Gateway) Close() error {
	g.visits.close()
	return g.said.Close()
}
