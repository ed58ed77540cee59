package firewall_test

import (
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"

	"previewd/runtime/firewall"
	"previewd/runtime/preview"
)

func iptables(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "iptables", append([]string{"-w"}, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("iptables %s: %v: %s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestEnsureRepairs(t *testing.T) {
	s := newSite(t, "internet")
	bridge := s.Bridge(preview.NetworkPreviews)
	jump := []string{"DOCKER-USER", "-i", bridge, "-m", "comment", "--comment", "previewd", "-j", "PVD-F-" + bridge}
	input := []string{"INPUT", "-i", bridge, "-m", "comment", "--comment", "previewd", "-j", "PVD-I-" + bridge}
	for name, disturb := range map[string]func(t *testing.T){
		"chain flushed":   func(t *testing.T) { iptables(t, "-F", "PVD-F-"+bridge) },
		"rule deleted":    func(t *testing.T) { iptables(t, "-D", "PVD-F-"+bridge, "1") },
		"rule added":      func(t *testing.T) { iptables(t, "-I", "PVD-I-"+bridge, "-j", "ACCEPT") },
		"jump deleted":    func(t *testing.T) { iptables(t, append([]string{"-D"}, jump...)...) },
		"input jump gone": func(t *testing.T) { iptables(t, append([]string{"-D"}, input...)...) },
		"jump after return": func(t *testing.T) {
			iptables(t, append([]string{"-D"}, jump...)...)
			iptables(t, append([]string{"-A"}, jump...)...)
		},
		"rule put before": func(t *testing.T) { iptables(t, "-I", "INPUT", "-i", bridge, "-j", "ACCEPT") },
	} {
		t.Run(name, func(t *testing.T) {
			f := s.wall(t, firewall.Internet)
			if err := f.Verify(t.Context()); err != nil {
				t.Fatalf("verify after apply: %v", err)
			}
			disturb(t)
			var not *firewall.NotEnforcedError
			if err := f.Verify(t.Context()); !errors.As(err, &not) {
				t.Fatalf("verify after a disturbance: %v", err)
			}
			if st := f.Status(); st.Enforced || st.Reason != not.Reason {
				t.Errorf("status %+v, error %v", st, not)
			}
			if err := f.Ensure(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := f.Verify(t.Context()); err != nil || !f.Status().Enforced {
				t.Errorf("verify after repair: %v", err)
			}
			rules := strings.Split(iptables(t, "-S"), "\n")
			var jumps int
			for _, r := range rules {
				if strings.HasSuffix(r, "-j PVD-F-"+bridge) {
					jumps++
				}
			}
			if jumps != 1 {
				t.Errorf("%d jumps after repair", jumps)
			}
			if name == "rule put before" {
				iptables(t, "-D", "INPUT", "-i", bridge, "-j", "ACCEPT")
			}
		})
	}
}

func TestApplyTwice(t *testing.T) {
	s := newSite(t, "internet")
	f := s.wall(t, firewall.Internet)
	before := ownRules(iptables(t, "-S"), s.Bridge(preview.NetworkPreviews))
	if err := f.Apply(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := f.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := ownRules(iptables(t, "-S"), s.Bridge(preview.NetworkPreviews)); before != after || before == "" {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
	if out, err := exec.CommandContext(t.Context(), "ip6tables", "-S").Output(); err == nil && !strings.Contains(string(out), "PVD-I-"+s.Bridge(preview.NetworkPreviews)) {
		t.Errorf("no IPv6 rules:\n%s", out)
	}
}

func ownRules(all, bridge string) string {
	var own []string
	for r := range strings.SplitSeq(all, "\n") {
		if strings.Contains(r, bridge) && !strings.Contains(r, " -o "+bridge) && strings.Contains(r, "PVD-") {
			own = append(own, r)
		}
	}
	return strings.Join(own, "\n")
}

// TestNotPretended: wherever rules cannot be set, the firewall says so.
func TestNotPretended(t *testing.T) {
	check := func(t *testing.T, f *firewall.Firewall, want string) {
		t.Helper()
		if st := f.Status(); st.Enforced {
			t.Errorf("enforced before Apply: %+v", st)
		}
		var not *firewall.NotEnforcedError
		if err := f.Apply(t.Context()); !errors.As(err, &not) || !strings.Contains(not.Error(), want) {
			t.Errorf("apply: %v, want %q", err, want)
		}
		if err := f.Ensure(t.Context()); !errors.As(err, &not) {
			t.Errorf("ensure: %v", err)
		}
		if err := f.Verify(t.Context()); !errors.As(err, &not) {
			t.Errorf("verify: %v", err)
		}
		if st := f.Status(); st.Enforced || st.Reason == "" {
			t.Errorf("status %+v", st)
		}
	}
	t.Run("remote engine", func(t *testing.T) {
		check(t, firewall.New(firewall.Options{Bridges: []firewall.Bridge{{Interface: "pvp-not-here", Egress: firewall.None}}}), "not on this host")
	})
	lo := []firewall.Bridge{{Interface: "lo", Egress: firewall.None}} // exists everywhere; nothing is ever applied here
	t.Run("no program", func(t *testing.T) {
		check(t, firewall.New(firewall.Options{Bridges: lo, Programs: []string{"no-such-iptables", "no-such-ip6tables"}}), "no-such-iptables")
	})
	t.Run("not permitted", func(t *testing.T) {
		dir := t.TempDir()
		script := "#!/bin/sh\necho 'iptables: Permission denied (you must be root)' >&2\nexit 4\n"
		if err := os.WriteFile(dir+"/iptables", []byte(script), 0o700); err != nil {
			t.Fatal(err)
		}
		f := firewall.New(firewall.Options{Bridges: lo, Programs: []string{dir + "/iptables", dir + "/iptables"}})
		check(t, f, "you must be root")
		if err := f.Remove(t.Context()); err != nil {
			t.Errorf("remove where there is nothing: %v", err)
		}
	})
}
