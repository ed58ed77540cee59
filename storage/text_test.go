package storage

import (
	"encoding/json"
	"strings"
	"testing"
)

func TestWhatJSONCannotHold(t *testing.T) {
	for in, want := range map[string]string{
		"plain":            "plain",
		"\x00":             "\ufffd",
		`\u0000`:           `\u0000`,
		"\\\x00\\":         "\\\ufffd\\",
		`\\u0000` + "\x00": `\\u0000` + "\ufffd",
		"\xff":             "\ufffd",
		"\"\x00\"\n":       "\"\ufffd\"\n",
	} {
		text, err := toJSON(in)
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%q became %s: %v", in, text, err)
		}
		if got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	if _, err := toJSON(func() {}); err == nil {
		t.Error("a function has no JSON")
	}
}

func FuzzWithoutNUL(f *testing.F) {
	f.Add("a\x00\\u0000\\")
	f.Fuzz(func(t *testing.T, in string) {
		plain, err := json.Marshal(in)
		if err != nil {
			t.Fatal(err)
		}
		var want, got string
		if err := json.Unmarshal(plain, &want); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(withoutNUL(plain), &got); err != nil {
			t.Fatal(err)
		}
		if want = strings.ReplaceAll(want, "\x00", "\ufffd"); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	})
}
