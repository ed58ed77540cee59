package migrations

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

var (
	creates = regexp.MustCompile(`(?m)^create (?:unlogged )?table (\w+)`)
	version = regexp.MustCompile(`^0*(\d+)_`)
	loses   = regexp.MustCompile(`(?m)^-- Loses (.*)$`)
)

// Tables are all that any migration makes, and the one that counts migrations.
func Tables() []string {
	tables := []string{"goose_db_version"}
	for _, text := range all() {
		up, _, _ := strings.Cut(text, "-- +goose Down")
		for _, found := range creates.FindAllStringSubmatch(up, -1) {
			tables = append(tables, found[1])
		}
	}
	slices.Sort(tables)
	return slices.Compact(tables)
}

// Newest is the version of the last migration.
func Newest() (newest int64) {
	for name := range all() {
		newest = max(newest, versionOf(name))
	}
	return newest
}

// Loses says what is gone for good when a migration is taken back; "" where the older schema holds everything, or where it is
// found out anew.
func Loses(of int64) string {
	for name, text := range all() {
		if versionOf(name) != of {
			continue
		}
		if found := loses.FindStringSubmatch(text); found != nil {
			return found[1]
		}
	}
	return ""
}

func versionOf(name string) (v int64) {
	if found := version.FindStringSubmatch(name); found != nil {
		_, _ = fmt.Sscan(found[1], &v) // digits, too few to overflow
	}
	return v
}

// all are the files by their names. They are a part of the program: reading them does not fail.
func all() map[string]string {
	names, _ := fs.Glob(FS, "*.sql")
	files := make(map[string]string, len(names))
	for _, name := range names {
		text, _ := fs.ReadFile(FS, name)
		files[name] = string(text)
	}
	return files
}
