package storage_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

// pages follows a query to its end and returns all that was found, in the query's direction, and the number of pages.
func pages(t *testing.T, s *storage.Store, id string, q preview.LogQuery) (found []preview.LogLine, n int) {
	t.Helper()
	for {
		page, err := s.SearchLogs(t.Context(), id, q)
		check(t, err)
		if len(page.Lines) > q.Limit {
			t.Fatalf("%d lines on a page of %d", len(page.Lines), q.Limit)
		}
		if !slices.IsSortedFunc(page.Lines, func(a, b preview.LogLine) int { return int(a.Seq - b.Seq) }) {
			t.Fatal("a page is not in order")
		}
		if q.Backward {
			slices.Reverse(page.Lines)
		}
		found = append(found, page.Lines...)
		if n++; page.Next == 0 {
			return found, n
		}
		if (page.Next <= q.From) != q.Backward {
			t.Fatalf("from %d on to %d", q.From, page.Next)
		}
		q.From = page.Next
	}
}

func text(t *testing.T, text string) *preview.Pattern {
	t.Helper()
	p, err := preview.ContainingText(text)
	check(t, err)
	return p
}

func expression(t *testing.T, text string) *preview.Pattern {
	t.Helper()
	p, err := preview.MatchingRegexp(text)
	check(t, err)
	return p
}

// spoken makes a log of n lines with some of everything.
func spoken(id string, n int) []preview.LogLine {
	words := []string{"GET /a 200", "Straße 100% done", "\x1b[31mERR\x1b[0mOR: lost", `back\slash_x`, "slow query 1234 ms", "größer Ä"}
	levels := append(preview.Levels(), "")
	random := rand.New(rand.NewPCG(4, 2))
	lines := linesFrom(id, 1, n)
	for i := range lines {
		lines[i].Message = words[random.IntN(len(words))] + fmt.Sprint(" ", random.IntN(50))
		lines[i].Level = levels[random.IntN(len(levels))]
		if random.IntN(4) == 0 {
			lines[i].Source, lines[i].Stream = preview.System, ""
		}
	}
	return lines
}

func TestSearchFindsWhatItShould(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p, other := createdAt(t, s, start0), createdAt(t, s, start0)
	lines := spoken(p.ID, 1500)
	check(t, s.AppendLogs(ctx, append(lines, spoken(other.ID, 200)...)))
	for name, q := range map[string]preview.LogQuery{
		"all":                 {},
		"level":               {Level: preview.Warning},
		"lowest level":        {Level: preview.Debug},
		"source":              {Source: preview.System},
		"since":               {Since: lines[700].Timestamp},
		"until":               {Until: lines[700].Timestamp},
		"between":             {Since: lines[100].Timestamp, Until: lines[200].Timestamp, Level: preview.Info},
		"text":                {Pattern: text(t, "SLOW query")},
		"text over colours":   {Pattern: text(t, "error: Lost")},
		"text without ASCII":  {Pattern: text(t, "GRÖSSER ä")},
		"text with umlauts":   {Pattern: text(t, "GRÖßER ä")},
		"per cent":            {Pattern: text(t, "100%")},
		"underscore":          {Pattern: text(t, `H_X`)},
		"backslash":           {Pattern: text(t, `k\s`)},
		"nowhere":             {Pattern: text(t, "nowhere")},
		"expression":          {Pattern: expression(t, `query \d+ ms 1\d$`)},
		"no literal":          {Pattern: expression(t, `\d{4}`)},
		"alternatives":        {Pattern: expression(t, `GET|lost 4`)},
		"case counts":         {Pattern: expression(t, `get`)},
		"everything at once":  {Level: preview.Info, Source: preview.Subprocess, Since: lines[10].Timestamp, Pattern: text(t, "a")},
		"matches with no end": {Pattern: expression(t, `x*`)},
	} {
		t.Run(name, func(t *testing.T) {
			var want []preview.LogLine
			for _, l := range lines {
				if q.Wants(l) {
					want = append(want, l)
				}
			}
			for _, limit := range []int{7, 100, 5000} {
				q.Limit, q.From, q.Backward = limit, 0, false
				got, _ := pages(t, s, p.ID, q)
				same(t, got, want)
				q.From, q.Backward = math.MaxInt64, true
				got, _ = pages(t, s, p.ID, q)
				slices.Reverse(got)
				same(t, got, want)
			}
		})
	}
}

func TestSearchTellsTheEndsOfTheLog(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := createdAt(t, s, start0)
	ends := func(q preview.LogQuery) (page preview.LogPage) {
		t.Helper()
		page, err := s.SearchLogs(ctx, p.ID, q)
		check(t, err)
		page.Lines = slices.DeleteFunc(page.Lines, func(l preview.LogLine) bool { return l.Seq != 52 && l.Seq != 100 })
		return page
	}
	same(t, ends(preview.LogQuery{Limit: 9}), preview.LogPage{Lines: []preview.LogLine{}})
	lines := linesFrom(p.ID, 1, 100)
	check(t, s.AppendLogs(ctx, lines))
	_, err := s.TrimLogs(ctx, 50)
	check(t, err)
	none := []preview.LogLine{}
	same(t, ends(preview.LogQuery{Limit: 2}), preview.LogPage{Lines: lines[51:52], Next: 52, First: 51, Last: 100})
	same(t, ends(preview.LogQuery{From: 98, Limit: 2}), preview.LogPage{Lines: lines[99:], First: 51, Last: 100})
	same(t, ends(preview.LogQuery{From: 100, Limit: 2}), preview.LogPage{Lines: none, First: 51, Last: 100})
	same(t, ends(preview.LogQuery{From: 53, Limit: 2, Backward: true}), preview.LogPage{Lines: lines[51:52], First: 51, Last: 100})
	same(t, ends(preview.LogQuery{From: 51, Limit: 2, Backward: true}), preview.LogPage{Lines: none, First: 51, Last: 100})
	same(t, ends(preview.LogQuery{From: 1, Limit: 2, Backward: true}), preview.LogPage{Lines: none, First: 51, Last: 100})
	same(t, ends(preview.LogQuery{}), preview.LogPage{Lines: none})
	unknown, err := s.SearchLogs(ctx, preview.NewID(), preview.LogQuery{Limit: 2})
	check(t, err)
	same(t, unknown, preview.LogPage{Lines: none})
}

// TestSearchGoesOnWhereTimeRanOut has each search run out of time at once.
func TestSearchGoesOnWhereTimeRanOut(t *testing.T) {
	address, now := storagetest.URL(t), start0
	s, err := storage.Open(t.Context(), address, storage.Options{Now: func() time.Time { now = now.Add(time.Second); return now }})
	check(t, err)
	defer func() { check(t, s.Close()) }()
	p := createdAt(t, s, start0)
	lines := spoken(p.ID, 60)
	check(t, s.AppendLogs(t.Context(), lines))
	q := preview.LogQuery{Limit: 10, Pattern: expression(t, `\d`)}
	got, n := pages(t, s, p.ID, q)
	same(t, got, lines)
	if n != 60 {
		t.Errorf("%d pages", n)
	}
	q.From, q.Backward = math.MaxInt64, true
	got, n = pages(t, s, p.ID, q)
	slices.Reverse(got)
	same(t, got, lines)
	if n != 60 {
		t.Errorf("%d pages back", n)
	}
}

// TestSearchOfALongLog crosses from one statement's lines to the next one's.
func TestSearchOfALongLog(t *testing.T) {
	s := storagetest.New(t)
	p := createdAt(t, s, start0)
	lines := linesFrom(p.ID, 1, 120_000)
	rare := []int{0, 49_999, 50_000, 99_999, 100_000, 119_999}
	for _, i := range rare {
		lines[i].Message = "rare"
	}
	check(t, s.AppendLogs(t.Context(), lines))
	for _, q := range []preview.LogQuery{{Limit: 100, Pattern: text(t, "rare")}, {Limit: 100, Pattern: text(t, "rare"), From: math.MaxInt64, Backward: true}} {
		got, _ := pages(t, s, p.ID, q)
		if q.Backward {
			slices.Reverse(got)
		}
		for i, l := range got {
			if l.Seq != lines[rare[i]].Seq {
				t.Errorf("found %d", l.Seq)
			}
		}
		if len(got) != len(rare) {
			t.Errorf("%d lines found", len(got))
		}
	}
}

func TestPagesAreBoundedInBytes(t *testing.T) {
	s := storagetest.New(t)
	p := createdAt(t, s, start0)
	lines := linesFrom(p.ID, 1, 100)
	for i := range lines {
		lines[i].Message = strings.Repeat("x", 64<<10)
	}
	check(t, s.AppendLogs(t.Context(), lines))
	got, n := pages(t, s, p.ID, preview.LogQuery{Limit: 5000})
	if len(got) != 100 || n != 2 {
		t.Errorf("%d lines on %d pages", len(got), n)
	}
}
