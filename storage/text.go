package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

// clean replaces what PostgreSQL's text cannot hold, invalid UTF-8 and NUL, by U+FFFD. Programs inside instances
// print both.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
}

// toJSON renders v for a jsonb column. It is a string because the driver sends byte slices in binary form.
func toJSON(v any) (string, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return "", fmt.Errorf("encode %T: %w", v, err)
	}
	return string(withoutNUL(text)), nil
}

// withoutNUL replaces the escape of NUL, which jsonb refuses, by that of U+FFFD. A backslash always escapes the
// character after it, so `\\u0000` (a backslash and five characters) stays.
func withoutNUL(text []byte) []byte {
	if !bytes.Contains(text, []byte(`\u0000`)) {
		return text
	}
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		switch {
		case bytes.HasPrefix(text[i:], []byte(`\u0000`)):
			out = append(out, `\ufffd`...)
			i += 5
		case text[i] == '\\' && i+1 < len(text):
			out = append(out, text[i], text[i+1])
			i++
		default:
			out = append(out, text[i])
		}
	}
	return out
}

func fromJSON(text []byte, v any) error {
	if err := json.Unmarshal(text, v); err != nil {
		return fmt.Errorf("decode %T: %w", v, err)
	}
	return nil
}
