package upstream

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
)

// ErrUnreachable says that no HTTP answer could be had of an app, though its preview runs.
var ErrUnreachable = errors.New("app is unreachable")

// ErrSlow says that the Pool's patience ended before an answer began.
var ErrSlow = errors.New("app does not answer in time")

// UnreachableError says why, in a sentence for the app's developer.
type UnreachableError struct {
	Message string
	cause   error
}

func (e *UnreachableError) Error() string { return fmt.Sprintf("%s %v", e.Message, e.cause) }

func (e *UnreachableError) Unwrap() []error { return []error{ErrUnreachable, e.cause} }

// explain sorts the errors of a round trip.
func explain(ctx context.Context, err error) error {
	var dialled *net.OpError
	refused := errors.As(err, &dialled) && dialled.Op == "dial"
	late, isNet := errors.AsType[net.Error](err)
	lookup, ours := errors.AsType[*lookupError](err)
	switch {
	case ctx.Err() != nil:
		return fmt.Errorf("ask the app: %w", ctx.Err())
	case errors.Is(err, ErrNotRunning):
		return err
	case ours:
		return lookup
	case refused:
		return &UnreachableError{"The app refuses connections.", err}
	case isNet && late.Timeout():
		return fmt.Errorf("%w: %w", ErrSlow, err)
	case errors.Is(err, io.EOF), errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, net.ErrClosed):
		return &UnreachableError{"The app closed the connection without an answer.", err}
	}
	return &UnreachableError{"The app's answer is not valid HTTP/1.1.", err}
}
