package problem

import (
	"fmt"
	"maps"
	"time"
)

// Error is an error that knows how it is told to a caller. Detail is for the caller; the cause is for the log.
type Error struct {
	Code   Code
	Detail string
	Status int       // 0 is the code's own
	Reset  time.Time // when a used-up limit starts anew; told as retry_after and reset_time

	// Members are told beside those that every error has (RFC 9457, section 3.2); their names are none of Body's.
	Members map[string]any
	// RetryAfter is when to try again; 0 leaves it to the status.
	RetryAfter time.Duration

	ofApp bool // see OfApp
	cause error
}

// New returns an error with a code and a sentence for the caller; "" is the code's own sentence.
func New(code Code, detail string) *Error { return &Error{Code: code, Detail: detail} }

// Newf is New with a format.
func Newf(code Code, format string, args ...any) *Error {
	return New(code, fmt.Sprintf(format, args...))
}

// Because returns a copy that unwraps to the cause.
func (e *Error) Because(cause error) *Error {
	with := *e
	with.cause = cause
	return &with
}

// With returns a copy that tells one thing more.
func (e *Error) With(name string, value any) *Error {
	more := *e
	more.Members = maps.Clone(e.Members)
	if more.Members == nil {
		more.Members = map[string]any{}
	}
	more.Members[name] = value
	return &more
}

// OfApp returns a copy whose fault is an app's, whatever the status: nothing for previewd's operator to look at.
func (e *Error) OfApp() *Error {
	theirs := *e
	theirs.ofApp = true
	return &theirs
}

// After returns a copy that says when to try again.
func (e *Error) After(wait time.Duration) *Error {
	later := *e
	later.RetryAfter = wait
	return &later
}

func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Detail
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.cause }
