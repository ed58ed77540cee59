// Package auth tells who a caller is, from the JSON Web Token of a request or the session token of a preview.
// It verifies tokens and is no identity provider.
package auth

import "context"

// Identity is a verified caller.
type Identity struct {
	User  string
	Admin bool // sees and handles everybody's generations
}

// May reports whether the caller may handle what belongs to owner.
func (i Identity) May(owner string) bool { return i.Admin || (i.User != "" && i.User == owner) }

type contextKey struct{}

// With returns a context that carries the caller.
func With(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, contextKey{}, id)
}

// From returns the caller of a context; ok is false when nobody was verified.
func From(ctx context.Context) (id Identity, ok bool) {
	id, ok = ctx.Value(contextKey{}).(Identity)
	return id, ok
}
