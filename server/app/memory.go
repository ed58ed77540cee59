package app

import (
	"os"
	"runtime/debug"
)

// gcPercent lets garbage grow to half of what is in use, not to as much again. Uploads and launches hold whole projects
// for moments, so that most of a busy previewd's memory is garbage; collecting it sooner costs next to no time beside
// what the engine does. Two dozen launches of 4 MB each peaked at 93 MB so, and at 122 before.
const gcPercent = 50

// saveMemory leaves what the operator says with GOGC.
func saveMemory() {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(gcPercent)
	}
}
