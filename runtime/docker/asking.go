package docker

import (
	"cmp"
	"context"
	"time"
)

// askTime bounds a question that an engine answers at once as a rule. To one about a container that it is stuck with, as on a dead mount,
// there may never be an answer, and who asks about all of them in turn would get no further.
const askTime = time.Minute

func (b *Backend) asking(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(b.patience, askTime))
}
