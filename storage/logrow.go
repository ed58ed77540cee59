package storage

import (
	"slices"
	"time"

	"previewd/runtime/preview"
)

const logColumns = `
	seq, ts, origin, group_line, instance, level, source, stream, message, coloured`

// logRow is a line as it is stored: what repeats from line to line is a number.
type logRow struct {
	Seq       int64     `db:"seq"`
	Timestamp time.Time `db:"ts"`
	Origin    int64     `db:"origin"`
	GroupLine int64     `db:"group_line"`
	Instance  int       `db:"instance"`
	Level     int       `db:"level"`
	Source    int       `db:"source"`
	Stream    int       `db:"stream"`
	Message   string    `db:"message"`
	Coloured  string    `db:"coloured"`
}

func (r logRow) line(of logPlace) preview.LogLine {
	line := preview.LogLine{
		PreviewID: of.PreviewID, Seq: r.Seq, Timestamp: r.Timestamp.UTC(),
		Level: levelOf(r.Level), Message: r.Message, Source: sourceOf(r.Source), Stream: streamOf(r.Stream),
		Origin: r.Origin, OriginInstance: of.instance(r.Instance),
	}
	if r.Coloured != "" {
		line.Message = r.Coloured
	}
	if r.GroupLine > 0 {
		line.Group = r.Seq - r.GroupLine + 1
	}
	return line
}

func linesOf(rows []logRow, of logPlace) []preview.LogLine {
	lines := make([]preview.LogLine, len(rows))
	for i, row := range rows {
		lines[i] = row.line(of)
	}
	return lines
}

// The numbers are part of the schema: see the migration that made the table. What is none of the known words is 0.

func levelNumber(l preview.Level) int { return 10 * l.Severity() }

func levelOf(number int) preview.Level {
	for _, level := range preview.Levels() {
		if levelNumber(level) == number {
			return level
		}
	}
	return ""
}

func sources() []preview.Source { return []preview.Source{1: preview.Subprocess, 2: preview.System} }
func streams() []preview.Stream { return []preview.Stream{1: preview.Stdout, 2: preview.Stderr} }

func sourceNumber(s preview.Source) int  { return numberOf(sources(), s) }
func sourceOf(number int) preview.Source { return wordOf(sources(), number) }
func streamNumber(s preview.Stream) int  { return numberOf(streams(), s) }
func streamOf(number int) preview.Stream { return wordOf(streams(), number) }

func numberOf[T comparable](words []T, word T) int { return max(0, slices.Index(words, word)) }

func wordOf[T any](words []T, number int) (word T) {
	if number > 0 && number < len(words) {
		word = words[number]
	}
	return word
}
