package redact_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
	"testing"

	"previewd/runtime/redact"
)

const key = `p@ss "wörd"\/+x 1234567890`

func TestForms(t *testing.T) {
	quoted, err := json.Marshal(key)
	if err != nil {
		t.Fatal(err)
	}
	r := redact.New([]string{key})
	for name, text := range map[string]string{
		"plain":          key,
		"JSON":           string(quoted[1 : len(quoted)-1]),
		"Python's JSON":  `p@ss \"w\u00f6rd\"\\/+x 1234567890`,
		"query":          url.QueryEscape(key),
		"path":           url.PathEscape(key),
		"JavaScript":     strings.ReplaceAll(url.QueryEscape(key), "+", "%20"),
		"twice, touched": key + key,
	} {
		if got := r.String("a " + text + " b"); got != "a [redacted] b" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// Whatever stands before and after a secret when both are encoded together, nothing of it can be read but parts of its first and last byte.
func TestBase64(t *testing.T) {
	r := redact.New([]string{key})
	for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding} {
		for before := range 5 {
			for after := range 5 {
				text := e.EncodeToString([]byte(strings.Repeat("u", before) + key + strings.Repeat("v", after)))
				got := r.String("Basic " + text)
				if !strings.Contains(got, redact.Mark) || len(got) > len("Basic ")+len(redact.Mark)+before*2+after*2+8 {
					t.Errorf("%d before, %d after: %q of %q", before, after, got, text)
				}
			}
		}
	}
}

func TestValues(t *testing.T) {
	pem := "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nXy8=\n-----END KEY-----\n"
	for _, c := range []struct {
		values     []string
		text, want string
	}{
		{[]string{"abcdef", "defghi"}, "abcdefghi, abcdef, defghi", "[redacted], [redacted], [redacted]"},
		{[]string{"abcd", "xabcdx"}, "xabcdx xabcd", "[redacted] x[redacted]"},
		{[]string{"bcde", "abcdef"}, "abcdef abcdeX", "[redacted] a[redacted]X"},
		{[]string{"aaaa"}, "aaaaaaa", "[redacted]"},
		{[]string{"  spaces  "}, "x spaces y", "x [redacted] y"},
		{[]string{pem}, "key: MIIEvQIBADANBgkq", "key: [redacted]"},
		{[]string{pem}, `{"key":"-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nXy8=\n"}`, `{"key":"[redacted]\n[redacted]\nXy8=\n"}`},
		{[]string{"wörd"}, "wörd w\xc3 wörd", "[redacted] w\xc3 [redacted]"},
		{[]string{"none here"}, "text", "text"},
	} {
		if got := redact.New(c.values).String(c.text); got != c.want {
			t.Errorf("%q in %q: %q, want %q", c.values, c.text, got, c.want)
		}
	}
}

func TestNothingToHide(t *testing.T) {
	for _, values := range [][]string{nil, {}, {""}, {"abc", "\n\n", "a\nb"}} {
		r := redact.New(values)
		if r != nil {
			t.Errorf("%q makes a Redactor", values)
		}
		if got := r.String("abc"); got != "abc" || string(r.Text([]byte("abc"))) != "abc" || string(r.Cut([]byte("abc"))) != "abc" {
			t.Errorf("%q", got)
		}
	}
}

func TestCut(t *testing.T) {
	r := redact.New([]string{"abcdefgh", "cdefXX"})
	for text, want := range map[string]string{
		"x abcdefgh":    "x [redacted]",
		"x abcdefg":     "x [redacted]",
		"x abcd":        "x [redacted]",
		"x abc":         "x abc",
		"x cdef":        "x [redacted]",
		"x":             "x",
		"abcdefgh abcd": "[redacted] [redacted]",
	} {
		if got := string(r.Cut([]byte(text))); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}

// Compared with a search for each value at each place.
func TestAgainstASimpleSearch(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	word := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = "abc"[random.IntN(3)]
		}
		return string(b)
	}
	for range 20_000 {
		values, text := []string{word(4), word(4 + random.IntN(4)), word(5)}, word(random.IntN(40))
		hidden := make([]bool, len(text))
		for _, v := range values {
			for i := range text {
				if strings.HasPrefix(text[i:], v) {
					for k := range v {
						hidden[i+k] = true
					}
				}
			}
		}
		if got, want := redact.New(values).String(text), naive(text, hidden); got != want {
			t.Fatalf("%q in %q: %q, want %q", values, text, got, want)
		}
	}
}

// No secret is ever left over.
func FuzzText(f *testing.F) {
	f.Add("abcdef", "defghi", "xabcdefghiabcd")
	f.Add("aaaa", "aaaaaa", "aaaaaaaaaaaab")
	f.Add("\x00\xff\x00\xff", "key=", "\x00\xff\x00\xff\x00")
	f.Fuzz(func(t *testing.T, a, b, text string) {
		got := redact.New([]string{a, b}).String(text)
		for _, v := range []string{a, b} {
			v = strings.TrimSpace(v)
			if len(v) < redact.MinBytes || strings.ContainsAny(v, "\r\n") {
				continue
			}
			if strings.Contains(strings.ReplaceAll(got, redact.Mark, "\n"), v) {
				t.Errorf("%q is left in %q", v, got)
			}
		}
	})
}

func naive(text string, hidden []bool) string {
	var out strings.Builder
	for i := range len(text) {
		switch {
		case !hidden[i]:
			out.WriteByte(text[i])
		case i == 0 || !hidden[i-1]:
			out.WriteString(redact.Mark)
		}
	}
	return out.String()
}

func BenchmarkText(b *testing.B) {
	var values []string
	for i := range 20 {
		values = append(values, fmt.Sprintf("sk-%d-0123456789abcdefghijklmnopqrstuv", i))
	}
	r := redact.New(values)
	line := []byte(`{"level":30,"time":1795547152123,"pid":1,"hostname":"8cf47db77539","reqId":"req-1","msg":"request completed"}`)
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		r.Text(line)
	}
}

// The worst that patterns and text can do to each other.
func BenchmarkHostile(b *testing.B) {
	var values []string
	for i := range 200 {
		values = append(values, strings.Repeat("a", 150)+string(rune('A'+i)))
	}
	r := redact.New(values)
	line := []byte(strings.Repeat(strings.Repeat("a", 150)+"-", 400))
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		r.Text(line)
	}
}
