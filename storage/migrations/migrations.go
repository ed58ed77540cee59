// Package migrations embeds the schema's history. A migration that was released is never edited: the next one
// corrects it, and each has a tested way back.
package migrations

import "embed"

// FS holds the numbered SQL files in goose's format.
//
//go:embed *.sql
var FS embed.FS
