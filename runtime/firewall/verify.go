package firewall

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

func (f *Firewall) verify(ctx context.Context) error {
	if f.applied == nil {
		return &NotEnforcedError{Reason: "not applied"}
	}
	if err := f.checkBridges(); err != nil {
		return err
	}
	now, err := f.v4.rules(ctx)
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
	if hook == dockerUser && !slices.Contains(now, "-A FORWARD -j "+dockerUser) {
		return fmt.Errorf("FORWARD no longer leads to %s", dockerUser)
	}
	for _, b := range f.bridges {
		if !leads(now, hook, forwardChain(b.Interface)) || !leads(now, "INPUT", inputChain(b.Interface)) {
			return fmt.Errorf("the rules of %s are not the first ones any more", b.Interface)
		}
	}
	return nil
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
