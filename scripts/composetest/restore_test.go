//go:build compose

package composetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// restores runs the commands that docs/operations.md gives for the stack. What ran at the backup has ended with the stop since.
func (s *stack) restores(p client.Launched) {
	s.t.Helper()
	text, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		s.t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "**In the compose stack**")
	blocks := regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(section, 2)
	if !ok || len(blocks) != 2 {
		s.t.Fatal("docs/operations.md has no commands for the compose stack")
	}
	s.types(blocks[0][1])
	s.launch("after-the-backup", spy)
	s.types(blocks[1][1])
	s.await("the restored service", s.ready)
	if status, err := s.Status(s.t.Context(), "spy"); err != nil || status.ID != p.ID || status.Reason != preview.InstanceLost {
		s.t.Errorf("after the restore the preview is %s for %s, %v", status.Status, status.Reason, err)
	}
	if status, err := s.Status(s.t.Context(), "after-the-backup"); err == nil {
		s.t.Errorf("what came after the backup is %s", status.Status)
	}
	s.launch("after-the-restore", spy)
	s.end("after-the-restore")
}

// types runs commands in the stack's folder.
func (s *stack) types(commands string) {
	s.t.Helper()
	// Whichever Compose is tried has the older one's name.
	cmd := exec.CommandContext(s.t.Context(), "bash", "-euxc", "docker-compose() { command "+s.program+` "$@"; }`+"\n"+commands)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "COMPOSE_PROJECT_NAME="+s.project, "ENV_FILE="+filepath.Join(s.dir, ".env"))
	if out, err := cmd.CombinedOutput(); err != nil {
		s.t.Fatalf("%v\n%s", err, out)
	}
}
