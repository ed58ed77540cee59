package firewall

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

func (f *Firewall) verify(ctx context.Context) error {
	if f.applied == nil {
		return &NotEnforcedError{Reason: "not applied"}
	}
	if err := f.checkBridges(); err != nil {
		return err
	}
	now, err := f.settled(ctx)
	if err != nil {
		return err
	}
	own := f.ownChains(now)
	for chain, want := range f.applied {
		if !slices.Equal(own[chain], want) {
			return fmt.Errorf("the rules of chain %s were changed", chain)
		}
	}
	hook := hookChain(now)
	if !hooked(now) {
		return fmt.Errorf("FORWARD no longer leads to %s", dockerUser)
	}
	for _, b := range f.bridges {
		if !leads(now, hook, forwardChain(b.Interface)) || !leads(now, "INPUT", inputChain(b.Interface)) {
			return fmt.Errorf("the rules of %s are not the first ones any more", b.Interface)
		}
	}
	return nil
}

// How long, and how often, the engine's jump to its chain is waited for: it takes the jump away and puts it back with each
// network that it makes.
const (
	settleLooks = 20
	settlePause = 50 * time.Millisecond
)

// settled reads the rules, and again while the engine is at work on them.
func (f *Firewall) settled(ctx context.Context) ([]string, error) {
	for look := 1; ; look++ {
		now, err := f.v4.rules(ctx)
		if err != nil || hooked(now) || look == settleLooks {
			return now, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(settlePause):
		}
	}
}

// hooked reports whether packets come to the chain that leads to ours.
func hooked(rules []string) bool {
	return hookChain(rules) != dockerUser || slices.Contains(rules, "-A FORWARD -j "+dockerUser)
}

// ownChains returns the rules in our chains, by chain.
func (f *Firewall) ownChains(rules []string) map[string][]string {
	own := make(map[string][]string)
	for _, b := range f.bridges {
		for _, c := range chains(b) {
			for _, r := range rules {
				if strings.HasPrefix(r, "-A "+c+" ") {
					own[c] = append(own[c], r)
				}
			}
		}
	}
	return own
}

// leads reports whether a chain enters target before any rule that is not such a jump: rules above could let
// packets pass.
func leads(rules []string, chain, target string) bool {
	for _, r := range rules {
		if !strings.HasPrefix(r, "-A "+chain+" ") {
			continue
		}
		if strings.HasSuffix(r, " -j "+target) {
			return true
		}
		if !strings.Contains(r, " -j PVD-") {
			return false
		}
	}
	return false
}
