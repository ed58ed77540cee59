package source

import (
	"errors"
	"fmt"
	"io"
)

// input remembers an error of the sender's connection, which says nothing about the archive.
type input struct {
	r   io.Reader
	err error
}

func (in *input) Read(p []byte) (int, error) {
	n, err := in.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		in.err = err
	}
	return n, err
}

// fault turns what a decoder said into an *Error, unless the connection was to blame.
func (in *input) fault(err error) error {
	if in.err != nil {
		return fmt.Errorf("receiving the archive: %w", in.err)
	}
	return corrupt(err)
}

// corrupt turns a decoder's error into an *Error.
func corrupt(err error) error {
	var own *Error
	if errors.As(err, &own) {
		return own
	}
	e := &Error{Problem: "the archive is damaged: " + err.Error()}
	var read *readError
	if errors.As(err, &read) {
		e.Path, e.Problem = read.path, "is damaged in the archive: "+reason(read.err)
		return e
	}
	if errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF) {
		e.Problem = "the archive ends too early"
	}
	return e
}

func reason(err error) string {
	switch {
	case err == nil:
		return "longer than its size says"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return err.Error()
}

// capped ends a stream that unpacks to more than it may.
type capped struct {
	r    io.Reader
	left int64
}

func (c *capped) Read(p []byte) (int, error) {
	if c.left <= 0 {
		return 0, &Error{Problem: "more data than a project may hold", TooLarge: true}
	}
	if int64(len(p)) > c.left {
		p = p[:c.left]
	}
	n, err := c.r.Read(p)
	c.left -= int64(n)
	return n, err
}
