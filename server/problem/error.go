package problem

import "fmt"

// Error is an error that knows how it is told to a caller. Detail is for the caller; the cause is for the log.
type Error struct {
	Code   Code
	Detail string
	Status int // 0 is the code's own

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

func (e *Error) Error() string {
	text := string(e.Code) + ": " + e.Detail
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

func (e *Error) Unwrap() error { return e.cause }
