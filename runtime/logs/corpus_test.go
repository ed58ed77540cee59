package logs

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

var update = flag.Bool("update", false, "write what the corpus is read as")

var (
	streamsOf = map[string]preview.Stream{"o": preview.Stdout, "e": preview.Stderr}
	marksOf   = map[place]string{alone: ".", begins: "+", continues: "|", follows: "^", explains: "*"}
)

// The corpus is what real loggers, servers and crashes wrote; testdata/README.md explains its form.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/corpus/*.golden")
	if err != nil || len(files) == 0 {
		t.Fatal(err, len(files))
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".golden"), func(t *testing.T) {
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := readCorpus(t, string(want))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			compare(t, string(want), got)
		})
	}
}

// readCorpus reads each line anew: "STREAM LEVEL PLACE text".
func readCorpus(t *testing.T, golden string) string {
	t.Helper()
	var out strings.Builder
	trackers := map[string]*tracker{"o": {}, "e": {}}
	for line := range strings.Lines(golden) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 4)
		if len(fields) != 4 || streamsOf[fields[0]] == "" {
			t.Fatalf("malformed line %q", line)
		}
		text := strings.ReplaceAll(fields[3], "␛", "\x1b")
		level, at := trackers[fields[0]].read(streamsOf[fields[0]], clean([]byte(text), 1<<16, false))
		fmt.Fprintf(&out, "%s %c %s %s\n", fields[0], level[0], marksOf[at], fields[3])
	}
	return out.String()
}

func compare(t *testing.T, want, got string) {
	t.Helper()
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range w {
		if w[i] != g[i] {
			t.Errorf("line %d\n got %s\nwant %s", i+1, g[i], w[i])
		}
	}
}
