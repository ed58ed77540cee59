package source

import "strconv"

// Error says what is wrong with the files that were handed in. It is the sender's to correct, never a fault of the reader.
type Error struct {
	Path     string // as it was sent; "" when the archive as a whole is meant
	Problem  string
	TooLarge bool // a limit was reached
}

// Error quotes the path, so that control characters in it reach no log or terminal.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	const shown = 256
	if len(e.Path) > shown {
		return strconv.Quote(e.Path[:shown]) + "…: " + e.Problem
	}
	return strconv.Quote(e.Path) + ": " + e.Problem
}

func problem(path, text string) error { return &Error{Path: path, Problem: text} }
