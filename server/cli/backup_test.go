package cli

import (
	"context"
	"errors"
	"io"
	"testing"
)

func TestBackup(t *testing.T) {
	d := Deps{Environ: []string{"A=b"}, Backup: func(_ context.Context, environ []string, path string, out, passed io.Writer) (int64, error) {
		if path == "-" {
			_, err := io.WriteString(out, "the dump")
			return 8, err
		}
		if environ[0] != "A=b" || path != "to.dump" {
			t.Errorf("%q %q", environ, path)
		}
		_, err := io.WriteString(passed, "1234")
		return 1234567, err
	}}
	r := runWith(t, t.Context(), d, "backup", "to.dump")
	wantCode(t, r, ExitOK)
	wantText(t, r.stdout, "to.dump: 1.2 MB in ")
	if r = runWith(t, t.Context(), d, "backup", "-"); r.stdout != "the dump" {
		t.Errorf("%q", r.stdout)
	}
	wantCode(t, runWith(t, t.Context(), d, "backup"), ExitUsage)
	wantCode(t, runWith(t, t.Context(), Deps{}, "backup", "x"), ExitFailure)
}

func TestRestore(t *testing.T) {
	var got RestoreOptions
	failure := error(nil)
	d := Deps{Environ: []string{"A=b"}, Restore: func(_ context.Context, o RestoreOptions) error { got = o; return failure }}
	r := runWith(t, t.Context(), d, "restore", "--force", "--copy", "a.dump")
	wantCode(t, r, ExitOK)
	if got.Environ[0] != "A=b" || got.Path != "a.dump" || !got.Replace || !got.Copy || r.stdout != "restored a.dump\n" {
		t.Errorf("%+v %q", got, r.stdout)
	}
	failure = errors.New("it is no backup")
	r = runWith(t, t.Context(), d, "restore", "a.dump")
	wantCode(t, r, ExitFailure)
	if got.Replace || got.Copy || r.stdout != "" {
		t.Errorf("%+v %q", got, r.stdout)
	}
	failure = context.Canceled
	wantCode(t, runWith(t, t.Context(), d, "restore", "a.dump"), ExitInterrupted)
	wantCode(t, runWith(t, t.Context(), Deps{}, "restore", "x"), ExitFailure)
}
