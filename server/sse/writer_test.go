package sse

import "testing"

func TestWhatASilentReaderKeeps(t *testing.T) {
	for name, test := range map[string]struct {
		sent, size int
		kept       bool
	}{
		"an ordinary line":                {sent: 200, size: 512, kept: true},
		"a line after a replay":           {sent: 200, size: fullBuffer, kept: false},
		"a replay that goes on":           {sent: fullBuffer, size: fullBuffer + 100, kept: true},
		"one line of very many bytes":     {sent: 3 * fullBuffer, size: 3 * fullBuffer, kept: false},
		"a little in what is kept anyway": {sent: 10, size: keptBuffer, kept: true},
	} {
		if kept := spare(make([]byte, test.sent, test.size)) != nil; kept != test.kept {
			t.Errorf("%s: kept %v, want %v", name, kept, test.kept)
		}
	}
}
