package middleware

import "context"

// record is what inner handlers tell the access log.
type record struct {
	route string
	user  string
}

type recordKey struct{}

func withRecord(ctx context.Context) (context.Context, *record) {
	rec := &record{}
	return context.WithValue(ctx, recordKey{}, rec), rec
}

func recordOf(ctx context.Context) *record {
	if rec, ok := ctx.Value(recordKey{}).(*record); ok {
		return rec
	}
	return &record{} // outside of the access log nobody reads it
}

// SetRoute tells the access log which route the request was matched to.
func SetRoute(ctx context.Context, template string) { recordOf(ctx).route = template }
