package cli

import (
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// logFlags say which lines of a log are printed.
type logFlags struct {
	follow                              bool
	since, level, source, grep, preview string
}

func (f *logFlags) register(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.BoolVarP(&f.follow, "follow", "f", false, "go on until the preview ends")
	flags.StringVar(&f.since, "since", "", "only lines since then: how long ago, such as 10m, or a time such as 2026-11-05T09:30:00Z")
	flags.StringVar(&f.level, "level", "", "only lines at least as severe: debug, info, warning or error")
	flags.StringVar(&f.source, "source", "", "only lines of the app (subprocess) or of previewd (system)")
	flags.StringVar(&f.grep, "grep", "", "only lines that match a regular expression in RE2's syntax; (?i) before it ignores case")
	flags.StringVar(&f.preview, "preview", "", "an earlier preview of the generation, by its id")
}

// parse returns the conditions for stored lines and the same ones for live lines.
func (f *logFlags) parse() (stored client.LogSearch, live preview.LogQuery, err error) {
	live.Level, live.Source = preview.Level(strings.ToUpper(f.level)), preview.Source(f.source)
	if f.level != "" && !slices.Contains(preview.Levels(), live.Level) {
		return stored, live, &usageError{"--level " + f.level + " is none", "use debug, info, warning or error"}
	}
	if f.source != "" && live.Source != preview.Subprocess && live.Source != preview.System {
		return stored, live, &usageError{"--source " + f.source + " is none", "use subprocess or system"}
	}
	if live.Since, err = parseSince(f.since, time.Now()); err != nil {
		return stored, live, err
	}
	if f.grep != "" {
		if live.Pattern, err = preview.MatchingRegexp(f.grep); err != nil {
			return stored, live, &usageError{"--grep: " + err.Error(), "see https://github.com/google/re2/wiki/Syntax"}
		}
	}
	return client.LogSearch{
		PreviewID: f.preview, Level: live.Level, Source: live.Source, Since: live.Since, Regexp: f.grep,
	}, live, nil
}

// parseSince reads how long ago, or when; "" is no bound.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if ago, err := time.ParseDuration(text); err == nil && ago >= 0 {
		return now.Add(-ago), nil
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return at, &usageError{"--since " + text + " is no time", "say how long ago, such as 10m, or when, such as 2026-11-05T09:30:00Z"}
	}
	return at, nil
}
