package images

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"previewd/runtime/preview"
)

// settle is how long after its last use an image is never evicted: a launch may be about to create its instance.
const settle = 10 * time.Minute

// kept is an image that counts towards the budget.
type kept struct {
	tag   string
	bytes int64
	used  time.Time
}

// Evict removes the least recently used images of dependencies and projects until the rest fits the budget, and
// returns how many bytes that freed. Images in use stay.
func (s *Store) Evict(ctx context.Context) (freed int64, err error) {
	list, err := s.kept(ctx)
	if err != nil {
		return 0, err
	}
	var total int64
	for _, k := range list {
		total += k.bytes
	}
	defer func() { s.o.Metrics.cache(total-freed, s.o.Budget) }()
	if s.o.Budget <= 0 {
		return 0, nil
	}
	slices.SortFunc(list, func(a, b kept) int { return a.used.Compare(b.used) })
	for _, k := range list {
		if total-freed <= s.o.Budget {
			break
		}
		if s.o.Now().Sub(k.used) < settle {
			break // all others were used later still
		}
		switch err := s.o.Engine.RemoveImage(ctx, k.tag); {
		case errors.Is(err, preview.ErrImageInUse):
		case err != nil:
			return freed, fmt.Errorf("evict: %w", err)
		default:
			freed += k.bytes
			s.o.Metrics.evicted(k.bytes)
			s.log.WithField("image", k.tag).WithField("bytes", k.bytes).Info("evicted")
		}
	}
	return freed, nil
}

// kept lists the images that count, and lets the last uses of all others be forgotten.
func (s *Store) kept(ctx context.Context) ([]kept, error) {
	found, err := s.o.Engine.Images(ctx)
	if err != nil {
		return nil, fmt.Errorf("cached images: %w", err)
	}
	var list []kept
	alive := map[string]bool{}
	for _, i := range found {
		if kind := i.Labels[labelImage]; kind != imageDeps && kind != imageProject || len(i.Tags) == 0 {
			continue
		}
		tag := i.Tags[0]
		alive[tag] = true
		list = append(list, kept{tag: tag, bytes: added(i), used: s.usage.last(tag, i.CreatedAt)})
	}
	s.usage.keepOnly(alive)
	return list, nil
}

// added is what an image takes beside the one it was made from, where that is known.
func added(i preview.Image) int64 {
	if n, err := strconv.ParseInt(i.Labels[labelBytes], 10, 64); err == nil && n >= 0 && n <= i.Bytes {
		return n
	}
	return i.Bytes
}
