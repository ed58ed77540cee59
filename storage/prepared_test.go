package storage_test

import (
	"sync"
	"testing"

	"previewd/runtime/preview"
	"previewd/storage/storagetest"
)

// TestFirstLookUpsAtOnce has many ask before the query was ever prepared, on several connections.
func TestFirstLookUpsAtOnce(t *testing.T) {
	s := storagetest.New(t)
	p := inStatus(t, s, preview.Running)
	var wg sync.WaitGroup
	for range 30 {
		wg.Go(func() {
			if got, err := s.LatestPreview(t.Context(), p.GenerationID); err != nil || got.ID != p.ID {
				t.Error(got.ID, err)
			}
		})
	}
	wg.Wait()
}

// TestLookUpsSurviveANewSchema has another previewd of a later version migrate the database meanwhile.
func TestLookUpsSurviveANewSchema(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := inStatus(t, s, preview.Running)
	for _, change := range []string{
		`select`,
		`alter table previews add column later text not null default 'x'`,
		`drop index previews_of_generation`,
	} {
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		if got, err := s.LatestPreview(t.Context(), p.GenerationID); err != nil || got.ID != p.ID {
			t.Errorf("after %s: %s %v", change, got.ID, err)
		}
	}
}

// TestLookUpsSurviveARestart ends every connection of the Store.
func TestLookUpsSurviveARestart(t *testing.T) {
	address := storagetest.URL(t)
	s, db := open(t, address), connect(t, address)
	p := inStatus(t, s, preview.Running)
	for end := range 2 {
		if end > 0 {
			_, err := db.Exec(`
				select pg_terminate_backend(pid)
				from   pg_stat_activity
				where  datname = current_database()
				  and  application_name = 'previewd'`)
			check(t, err)
		}
		if got, err := s.LatestPreview(t.Context(), p.GenerationID); err != nil || got.ID != p.ID {
			t.Fatal(got.ID, err)
		}
	}
}
