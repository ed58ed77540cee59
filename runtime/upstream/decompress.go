package upstream

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"strings"
)

// decompress replaces a body that came compressed, though that was not asked for, by what it holds, at most limit bytes of it. A
// body that cannot be decompressed, or whose coding is not known here, stays as it came, with its header.
func (a *Answer) decompress(limit int) {
	open := opener(strings.ToLower(a.Header.Get("Content-Encoding")))
	if open == nil || len(a.Body) == 0 {
		return
	}
	reader, err := open(a.Body)
	if err != nil {
		return
	}
	plain, err := io.ReadAll(io.LimitReader(reader, int64(limit)+1))
	if err != nil && !a.Truncated { // one that was cut ends in the middle, of course
		return
	}
	if len(plain) > limit {
		plain, a.Truncated = plain[:limit], true
	}
	a.Body = plain
	a.Header.Del("Content-Encoding")
	a.Header.Del("Content-Length")
}

// opener knows the codings of the standard library (RFC 9110, section 8.4.1).
func opener(coding string) func([]byte) (io.Reader, error) {
	switch coding {
	case "gzip", "x-gzip":
		return func(b []byte) (io.Reader, error) { return gzip.NewReader(bytes.NewReader(b)) }
	case "deflate":
		return inflate
	}
	return nil
}

// inflate also reads the bare stream that some servers send without the wrapping the standard asks for.
func inflate(b []byte) (io.Reader, error) {
	if wrapped, err := zlib.NewReader(bytes.NewReader(b)); err == nil {
		return wrapped, nil
	}
	return flate.NewReader(bytes.NewReader(b)), nil
}
