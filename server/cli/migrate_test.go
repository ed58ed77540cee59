package cli

import (
	"context"
	"errors"
	"fmt"
	"testing"
)

func TestMigrate(t *testing.T) {
	for _, action := range []string{"up", "down", "status"} {
		var got MigrateOptions
		d := Deps{Environ: []string{"A=b"}, Migrate: func(_ context.Context, o MigrateOptions) error {
			got = o
			fmt.Fprintln(o.Out, "done")
			return nil
		}}
		r := runWith(t, t.Context(), d, "migrate", action)
		wantCode(t, r, ExitOK)
		if got.Action != action || got.Environ[0] != "A=b" || r.stdout != "done\n" {
			t.Errorf("%+v, %q", got, r.stdout)
		}
	}
	d := Deps{Migrate: func(context.Context, MigrateOptions) error { return errors.New("the database is away") }}
	wantCode(t, runWith(t, t.Context(), d, "migrate", "up"), ExitFailure)
	d.Migrate = func(_ context.Context, o MigrateOptions) error {
		if o.LoseData {
			return nil
		}
		return losing{errors.New("it loses all logs")}
	}
	r := runWith(t, t.Context(), d, "migrate", "down")
	wantCode(t, r, ExitFailure)
	wantText(t, r.stderr, "it loses all logs", "previewd backup FILE", "--lose-data")
	wantCode(t, runWith(t, t.Context(), d, "migrate", "down", "--lose-data"), ExitOK)
}

type losing struct{ error }

func (losing) LosesData() {}
