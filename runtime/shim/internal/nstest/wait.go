package nstest

import (
	"testing"
	"time"
)

// Patience is how long a test waits for what should come at once, on a busy machine.
const Patience = 20 * time.Second

// Eventually waits until ok holds.
func Eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(Patience)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("waited %v for: %s", Patience, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}
