package images

import (
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/sirupsen/logrus"
)

func TestUsageSurvivesWhateverTheFileHolds(t *testing.T) {
	l := logrus.New()
	l.SetOutput(io.Discard)
	at := time.Now().Round(0)
	for name, content := range map[string]string{"missing": "", "broken": "{", "null": "null", "list": "[]"} {
		path := filepath.Join(t.TempDir(), "used.json")
		if content != "" {
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		u := readUsage(path, logrus.NewEntry(l))
		if got := u.last("x", at); !got.Equal(at) {
			t.Errorf("%s: %v", name, got)
		}
		u.touch("x", at)
		if got := readUsage(path, logrus.NewEntry(l)).last("x", at.Add(time.Hour)); !got.Equal(at) {
			t.Errorf("%s: read back %v", name, got)
		}
	}
	u := readUsage(filepath.Join(t.TempDir(), "no", "such", "folder"), logrus.NewEntry(l))
	u.touch("x", at)
	if got := u.last("x", time.Time{}); !got.Equal(at) {
		t.Errorf("without a file: %v", got)
	}
}
