package cli

import (
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// linesOnly shows the log and nothing about the preview.
type linesOnly struct{ write func(preview.LogLine) }

func (linesOnly) uploaded(client.Generation)             {}
func (linesOnly) phase(preview.Phase, time.Duration)     {}
func (linesOnly) running(client.Launched, client.Status) {}
func (p linesOnly) line(l preview.LogLine)               { p.write(l) }
func (linesOnly) ended(client.Status)                    {}
