//go:build race

package worker

// raced says that the race detector is in, which maps more memory than any limit that makes sense.
const raced = true
