package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"previewd/runtime/preview"
)

// logPlace is where a preview's lines are. Day and Log never change. Queries are given both as parameters, so that
// PostgreSQL plans for one partition.
type logPlace struct {
	PreviewID string         `db:"id"`
	Day       time.Time      `db:"log_day"`
	Log       int            `db:"log_id"`
	Instances pq.StringArray `db:"log_instances"` // what lines number from 1
}

// nowhere says that there is no such preview, and so no log.
func (p logPlace) nowhere() bool { return p.Log == 0 }

// instance is the one that lines know under a number.
func (p logPlace) instance(number int) string {
	if number < 1 || number > len(p.Instances) {
		return ""
	}
	return p.Instances[number-1]
}

// number is the one under which lines know an instance; 0 means that it has none yet.
func (p logPlace) number(instance string) int { return slices.Index(p.Instances, instance) + 1 }

// logPlaceOf finds the log of a preview.
func logPlaceOf(ctx context.Context, db sqlx.QueryerContext, previewID string) (logPlace, error) {
	var place logPlace
	err := sqlx.GetContext(ctx, db, &place, `
		select id, log_day, log_id, log_instances
		from   previews
		where  id = $1`, previewID)
	if err != nil && !isNoRows(err) {
		return logPlace{}, fmt.Errorf("log of preview %s: %w", previewID, err)
	}
	return place, nil
}

// holdLogs finds the logs that lines belong to, by preview, and keeps these previews from being deleted until the
// transaction ends. Deleted ones are not among them, and neither are those that another process took over.
func (s *Store) holdLogs(ctx context.Context, tx *sqlx.Tx, lines []preview.LogLine) (map[string]*logPlace, error) {
	var places []*logPlace
	err := tx.SelectContext(ctx, &places, `
		select id, log_day, log_id, log_instances
		from   previews
		where  id = any ($1)`+s.mine()+durability(lines)+`
		order  by id
		for    key share`, pq.StringArray(previewsIn(lines)))
	if err != nil {
		return nil, fmt.Errorf("logs to append to: %w", err)
	}
	of := make(map[string]*logPlace, len(places))
	for _, place := range places {
		of[place.PreviewID] = place
	}
	return of, nil
}

// durability lets a commit not wait for the disk when the engine has every line: should the database server crash
// within the next moments, the pump resumes after what is stored. Lines of previewd itself are nowhere else, and their
// commit waits. It takes along what was committed before it, and so does the one that ends the preview.
func durability(lines []preview.LogLine) string {
	for _, line := range lines {
		if line.Origin == 0 {
			return ""
		}
	}
	return lazily
}

func previewsIn(lines []preview.LogLine) []string {
	ids, seen := make([]string, 0, 1), map[string]bool{}
	for _, line := range lines {
		if !seen[line.PreviewID] {
			ids, seen[line.PreviewID] = append(ids, line.PreviewID), true
		}
	}
	return ids
}
