package storage

import (
	"encoding/base64"
	"fmt"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// Page sizes of lists.
const (
	defaultPage = 50
	maxPage     = 500
)

func pageSize(limit int) int {
	if limit <= 0 {
		return defaultPage
	}
	return min(limit, maxPage)
}

// cursor is the place of a row in a list sorted by age, newest first. Ties of the time are broken by the id.
type cursor struct {
	At time.Time
	ID string
}

// before everything that may be stored: where the first page starts.
var listStart = cursor{At: time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)}

func (c cursor) String() string {
	return base64.RawURLEncoding.EncodeToString([]byte(c.At.UTC().Format(time.RFC3339Nano) + "|" + c.ID))
}

func parseCursor(s string) (cursor, error) {
	if s == "" {
		return listStart, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(s)
	at, id, ok := strings.Cut(string(raw), "|")
	if err != nil || !ok || !preview.ValidID(id) {
		return cursor{}, fmt.Errorf("%w: %.40q", preview.ErrInvalidCursor, s)
	}
	t, err := time.Parse(time.RFC3339Nano, at)
	if err != nil || t.Year() < 1 {
		return cursor{}, fmt.Errorf("%w: %.40q", preview.ErrInvalidCursor, s)
	}
	return cursor{At: t, ID: id}, nil
}

// cut splits one page off rows, which were asked for with one row more than the page holds.
func cut[T any](rows []T, page int, place func(T) cursor) (list []T, next string) {
	if len(rows) <= page {
		return rows, ""
	}
	return rows[:page], place(rows[page-1]).String()
}
