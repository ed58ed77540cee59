package images

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// saveEvery bounds how often a use of the same image is written down.
const saveEvery = time.Minute

// usage remembers when images were last used. It is a hint: what it forgets counts as last used at its creation.
type usage struct {
	path string
	log  *logrus.Entry

	mu    sync.Mutex
	used  map[string]time.Time // by tag
	saved map[string]time.Time
}

func readUsage(path string, log *logrus.Entry) *usage {
	u := &usage{path: path, log: log, used: map[string]time.Time{}, saved: map[string]time.Time{}}
	if path == "" {
		return u
	}
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &u.used)
	}
	if u.used == nil { // the file said null
		u.used = map[string]time.Time{}
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		log.WithError(err).Warn("last uses of dependency images are forgotten")
	}
	return u
}

// touch notes a use.
func (u *usage) touch(tag string, at time.Time) {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.used[tag] = at
	if at.Sub(u.saved[tag]) >= saveEvery {
		u.saved[tag] = at
		u.save()
	}
}

// last returns when tag was used, and otherwise when nothing is known.
func (u *usage) last(tag string, otherwise time.Time) time.Time {
	u.mu.Lock()
	defer u.mu.Unlock()
	if at, ok := u.used[tag]; ok {
		return at
	}
	return otherwise
}

// keepOnly forgets all tags but those in alive.
func (u *usage) keepOnly(alive map[string]bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	before := len(u.used)
	for tag := range u.used {
		if !alive[tag] {
			delete(u.used, tag)
			delete(u.saved, tag)
		}
	}
	if len(u.used) != before {
		u.save()
	}
}

// save replaces the file as a whole. The caller holds the lock.
func (u *usage) save() {
	if u.path == "" {
		return
	}
	data, err := json.Marshal(u.used)
	if err == nil {
		err = os.WriteFile(u.path+".new", data, 0o600)
	}
	if err == nil {
		err = os.Rename(u.path+".new", u.path)
	}
	if err != nil {
		u.log.WithError(err).Warn("last uses of dependency images are not written down")
	}
}
