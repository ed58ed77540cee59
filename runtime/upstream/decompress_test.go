package upstream_test

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/upstream"
)

func packed(t *testing.T, coding, text string) []byte {
	t.Helper()
	var buf bytes.Buffer
	var w io.WriteCloser
	switch coding {
	case "gzip":
		w = gzip.NewWriter(&buf)
	case "zlib":
		w = zlib.NewWriter(&buf)
	case "flate":
		w, _ = flate.NewWriter(&buf, 9)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

func TestCompressedAnswers(t *testing.T) {
	gz := packed(t, "gzip", "hello")
	bomb := packed(t, "gzip", strings.Repeat("\x00", 8<<20))
	random := []byte("not compressed")
	tests := []struct {
		name, coding string
		body         []byte
		want         string
		cut, kept    bool // kept: as it came, with its header
	}{
		{"gzip", "gzip", gz, "hello", false, false},
		{"old name, any case", "X-GZIP", gz, "hello", false, false},
		{"deflate", "deflate", packed(t, "zlib", "hello"), "hello", false, false},
		{"bare deflate", "deflate", packed(t, "flate", "hello"), "hello", false, false},
		{"bomb", "gzip", bomb, strings.Repeat("\x00", 64<<10), true, false},
		{"unknown", "br", random, string(random), false, true},
		{"twice", "gzip, gzip", gz, string(gz), false, true},
		{"a lie", "gzip", random, string(random), false, true},
		{"broken", "gzip", gz[:len(gz)-3], string(gz[:len(gz)-3]), false, true},
		{"empty", "gzip", nil, "", false, true},
	}
	b := newBed(t)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := b.app(test.name, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Encoding", test.coding)
				_, _ = w.Write(test.body)
			})
			a, err := b.Ask(t.Context(), p, getRoot, upstream.Limits{Timeout: time.Minute, Bytes: 64 << 10})
			if err != nil || string(a.Body) != test.want || a.Truncated != test.cut {
				t.Errorf("%d bytes, truncated %v, %v", len(a.Body), a.Truncated, err)
			}
			if kept := a.Header.Get("Content-Encoding") != ""; kept != test.kept || !kept && a.Header.Get("Content-Length") != "" {
				t.Error(a.Header)
			}
		})
	}
}

// TestCutAndCompressed keeps what can be read of a compressed body that is longer than allowed.
func TestCutAndCompressed(t *testing.T) {
	text := make([]byte, 64<<10)
	for i := range text {
		text[i] = "0123456789abcdef"[(i*i+i/7)%16]
	}
	gz := packed(t, "gzip", string(text))
	b := newBed(t)
	p := b.app("p1", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(gz)
	})
	a, err := b.Ask(t.Context(), p, getRoot, upstream.Limits{Timeout: time.Minute, Bytes: len(gz) / 2})
	if err != nil || !a.Truncated || len(a.Body) == 0 || !bytes.HasPrefix(text, a.Body) {
		t.Errorf("%d bytes, truncated %v, %v", len(a.Body), a.Truncated, err)
	}
}
