package logs

import (
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/runtime/redact"
)

const password = "hunter2-hunter2"

// Wherever a line is put together and cut, its secrets are gone before.
func TestSecretsAreTakenOut(t *testing.T) {
	const limit = 100
	store := newMemStore()
	l, stop := start(t, Options{Store: store, LineBytes: limit})
	j, err := l.Open(t.Context(), "p", redact.New([]string{password}))
	if err != nil {
		t.Fatal(err)
	}
	pad := func(n int) string { return strings.Repeat("x", n) }
	pumpInto(t, j, []preview.LogEntry{
		out(1, "password "+password),
		partOf(out(2, pad(50)+password[:7])), errOut(3, "between"), out(4, password[7:]),
		out(5, pad(limit-7)+password+"y"),
		partOf(out(6, pad(limit-7)+password)), partOf(out(7, pad(tailBytes))), out(8, pad(tailBytes)),
		out(9, "\x1b[31m"+password+"\x1b[0m\x00"),
	})
	j.System(preview.Info, "found a project, started by: %s", "serve --key "+password)
	closeJournal(t, j)
	want := []string{
		"password [redacted]",
		"between",
		pad(50) + "[redacted]",
		pad(limit-7) + "[redact" + truncated,
		pad(limit-7) + "[redact" + truncated,
		"\x1b[31m[redacted]\x1b[0m\uFFFD",
		"found a project, started by: serve --key [redacted]",
	}
	if got := store.messages(t, "p"); !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	_ = stop()
}
