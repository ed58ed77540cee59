package storage_test

import (
	"fmt"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/storage"
	"previewd/storage/storagetest"
)

func idsOf(list []preview.Preview) []string {
	ids := []string{}
	for _, p := range list {
		ids = append(ids, p.ID)
	}
	return ids
}

// at starts a preview of a generation of its own that was created then.
func at(t *testing.T, s *storage.Store, id, user string, created time.Time) preview.Preview {
	t.Helper()
	putGeneration(t, s, "g-"+id, user)
	p := row("g-"+id, user)
	p.ID, p.CreatedAt = id, created
	p, _, err := s.StartPreview(t.Context(), p, ports)
	check(t, err)
	return p
}

func TestPreviewsInPages(t *testing.T) {
	s := storagetest.New(t)
	for i := range 6 {
		// Pairs of one time, so that the id must break the tie.
		at(t, s, fmt.Sprint("p", i), []string{"ann", "ann", "bob"}[i%3], start0.Add(time.Duration(i/2)*time.Microsecond))
	}
	for _, c := range []struct {
		user  string
		limit int
		want  [][]string
	}{
		{"", 4, [][]string{{"p5", "p4", "p3", "p2"}, {"p1", "p0"}}},
		{"ann", 3, [][]string{{"p4", "p3", "p1"}, {"p0"}}},
		{"bob", 2, [][]string{{"p5", "p2"}}},
		{"eve", 2, [][]string{{}}},
	} {
		next := ""
		for _, want := range c.want {
			list, after, err := s.Previews(t.Context(), c.user, next, c.limit)
			check(t, err)
			same(t, idsOf(list), want)
			next = after
		}
		if next != "" {
			t.Errorf("more after the last page of %q", c.user)
		}
	}
}

func TestLatestPreview(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	p := inStatus(t, s, preview.Failed)
	latest, err := s.LatestPreview(ctx, p.GenerationID)
	check(t, err)
	same(t, latest, p)

	// An active one is the latest even when the clock of its previewd is behind.
	late := row(p.GenerationID, p.UserID)
	late.CreatedAt = start0.Add(-time.Minute)
	late, _, err = s.StartPreview(ctx, late, ports)
	check(t, err)
	latest, err = s.LatestPreview(ctx, p.GenerationID)
	check(t, err)
	same(t, latest, late)
}

func TestDuePreviews(t *testing.T) {
	s, ctx := storagetest.New(t), t.Context()
	expired, idle, both, busy := inStatus(t, s, preview.Running), inStatus(t, s, preview.Running), inStatus(t, s, preview.Running), inStatus(t, s, preview.Running)
	starting := inStatus(t, s, preview.Starting)
	ended := inStatus(t, s, preview.Stopped)
	now := both.ExpiresAt.Add(time.Second)
	for id, until := range map[string]time.Time{expired.ID: now, idle.ID: now.Add(time.Hour), busy.ID: now.Add(time.Hour)} {
		_, err := s.Extend(ctx, id, until, start0)
		check(t, err)
	}
	for _, p := range []preview.Preview{expired, busy} {
		check(t, s.Touch(ctx, p.ID, now.Add(-time.Second)))
	}
	check(t, s.Touch(ctx, idle.ID, now.Add(-10*time.Minute)))
	_, _ = starting, ended

	for _, c := range []struct {
		idle time.Duration
		want []string
	}{
		{0, []string{both.ID, expired.ID}},
		{10 * time.Minute, []string{both.ID, expired.ID, idle.ID}},
		{10*time.Minute + time.Second, []string{both.ID, expired.ID}},
	} {
		list, err := s.DuePreviews(ctx, now, c.idle)
		check(t, err)
		same(t, idsOf(list), c.want)
	}
}
