package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"
)

// wall is an installation's rules for the network of its previews.
type wall struct {
	bridge  string
	through []string // the command that leads to the network where they are, nil for the host's
}

func wallOf(owner string, through ...string) wall {
	sum := sha256.Sum256([]byte(owner))
	return wall{bridge: "pvp" + hex.EncodeToString(sum[:4]), through: through}
}

func (w wall) iptables(t *testing.T, args ...string) string {
	t.Helper()
	args = slices.Concat(w.through, []string{"iptables", "-w"}, args)
	out, err := exec.Command(args[0], args[1:]...).CombinedOutput()
	if err != nil {
		t.Fatalf("%q: %v: %s", args, err, out)
	}
	return string(out)
}

// isUp says that forwarded packets from the bridge meet rules that drop some of them.
func (w wall) isUp(t *testing.T) bool {
	t.Helper()
	rules := w.iptables(t, "-S")
	chain := "PVD-F-" + w.bridge
	return strings.Contains(rules, "-i "+w.bridge+" ") && strings.Contains(rules, "-j "+chain) && strings.Contains(rules, "-A "+chain+" -d 10.0.0.0/8 -j DROP")
}

func (w wall) stands(t *testing.T) {
	t.Helper()
	if !w.isUp(t) {
		t.Errorf("the rules of %s are not in force:\n%s", w.bridge, w.iptables(t, "-S"))
	}
}

// TestRulesThatWereFlushedComeBack plays a host's firewall that is loaded anew.
func TestRulesThatWereFlushedComeBack(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	s := start(t, i.settings(1))
	wall := wallOf(i.owner)
	wall.stands(t)
	wall.iptables(t, "-F", "PVD-F-"+wall.bridge)
	if !eventually(30*time.Second, func() bool { return wall.isUp(t) }) {
		t.Error("the rules do not come back")
	}
	if code, body := get(t, s.api+"/readyz"); code != http.StatusOK || !strings.Contains(body, "rules in force") {
		t.Errorf("/readyz says %d %s", code, body)
	}
}
