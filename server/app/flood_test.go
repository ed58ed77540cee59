package app_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// floodLines is what the app writes as fast as it can, after it was asked to.
const floodLines = 2_000_000

var flooding = map[string]string{"server.js": fmt.Sprintf(`
const http = require("node:http");
const { spawn } = require("node:child_process");
http.createServer((request, response) => {
  response.end();
  if (request.url !== "/flood") return;
  spawn("seq", ["1", "%d"], { stdio: "inherit" }).on("exit", () => setTimeout(console.log, 2000, "flood is over"));
}).listen(process.env.PORT);
`, floodLines)}

// TestEveryLineOfAFloodIsThereOrCounted: a notice stands where lines are missing, and says how many.
func TestEveryLineOfAFloodIsThereOrCounted(t *testing.T) {
	s := start(t, settings(t, 2))
	p := s.uploadFiles(t, flooding)
	status := p.running()
	get(t, status.BaseURL+"/flood")
	if !p.tells(patience, "flood is over", 1) {
		t.Fatal("the flood does not end")
	}
	p.stop()
	there, counted, last := 0, 0, 0
	for _, l := range p.lines() {
		switch n, err := strconv.Atoi(l.Message); {
		case err == nil && l.Source == preview.Subprocess:
			if n-last-1 != counted {
				t.Errorf("%d follows %d, and %d are told to be missing", n, last, counted)
			}
			there, counted, last = there+1, 0, n
		case strings.HasPrefix(l.Message, "dropped "):
			counted += droppedIn(t, l.Message)
		}
	}
	if last+counted != floodLines {
		t.Errorf("after %d, %d are told to be missing of %d", last, counted, floodLines)
	}
	t.Logf("%d of %d lines are there", there, floodLines)
}

// droppedIn reads "dropped N lines".
func droppedIn(t *testing.T, message string) int {
	t.Helper()
	var n int
	if _, err := fmt.Sscanf(message, "dropped %d lines", &n); err != nil {
		t.Errorf("%q: %v", message, err)
	}
	return n
}
