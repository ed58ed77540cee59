package catalog

import (
	"context"
	"sync"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

// maxWaiting bounds the previews that wait to be listed; of more the number of endpoints is told when somebody asks for the list.
const maxWaiting = 1000

// Watch lists the endpoints of every preview that begins to run, or that ends without having run, so that its status can tell
// their number. It returns when changes is closed, or ctx ends.
func (c *Catalog) Watch(ctx context.Context, changes <-chan preview.Preview) {
	waiting := make(chan preview.Preview, maxWaiting)
	var listing sync.WaitGroup
	listing.Go(func() {
		for p := range waiting {
			c.note(ctx, p)
		}
	})
	defer listing.Wait()
	defer close(waiting)
	ran := map[string]bool{}
	for {
		select {
		case p, open := <-changes:
			if !open {
				return
			}
			begins, ends := p.Status == preview.Running, !p.Status.Active()
			if (begins || ends) && !ran[p.ID] && (c.Mine == nil || c.Mine(p)) {
				offer(waiting, p)
			}
			if begins {
				ran[p.ID] = true
			}
			if ends {
				delete(ran, p.ID)
				c.forget(p.ID)
			}
		case <-ctx.Done():
			return
		}
	}
}

func offer(waiting chan<- preview.Preview, p preview.Preview) {
	select {
	case waiting <- p:
	default:
	}
}

// note lists one preview's endpoints.
func (c *Catalog) note(ctx context.Context, p preview.Preview) {
	if ctx.Err() != nil {
		return
	}
	g, err := c.Store.Generation(ctx, p.GenerationID)
	if err == nil {
		_, err = c.List(ctx, g, &p)
	}
	if err != nil && ctx.Err() == nil {
		c.Log.WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Debug("the preview's endpoints are not known")
	}
}
