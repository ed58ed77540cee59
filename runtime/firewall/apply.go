package firewall

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
)

// dockerUser is the engine's chain for rules that come before its own; without it (an engine that keeps no
// iptables) the rules go to FORWARD itself.
const dockerUser = "DOCKER-USER"

func (f *Firewall) apply(ctx context.Context) error {
	f.applied = nil
	if err := f.checkBridges(); err != nil {
		return err
	}
	ns := nameservers(f.resolv)
	build := func(b Bridge) []string { return rulesV4(b, ns) }
	if err := f.applyFamily(ctx, f.v4, build); err != nil {
		return err
	}
	if err := f.applyFamily(ctx, f.v6, rulesV6); err != nil {
		// The networks have no IPv6 and instances cannot turn it on: the rules are a second wall.
		f.log.WithError(err).Warn("no IPv6 rules")
	}
	now, err := f.v4.rules(ctx)
	if err != nil {
		return err
	}
	f.applied = f.ownChains(now)
	f.log.WithField("nameservers", fmt.Sprint(ns)).Info("network rules applied")
	return nil
}

// checkBridges finds out when the engine runs elsewhere: its bridges are not on this host.
func (f *Firewall) checkBridges() error {
	for _, b := range f.bridges {
		if _, err := net.InterfaceByName(b.Interface); err != nil {
			return &NotEnforcedError{Reason: fmt.Sprintf("the bridge %s is not on this host (a remote engine, or another network namespace)", b.Interface)}
		}
	}
	return nil
}

func (f *Firewall) applyFamily(ctx context.Context, t tables, build func(Bridge) []string) error {
	now, err := t.rules(ctx)
	if err != nil {
		return err
	}
	hook := hookChain(now)
	var lines []string
	for _, b := range f.bridges {
		for _, c := range chains(b) {
			lines = append(lines, ":"+c+" - [0:0]") // creates or flushes
		}
	}
	for _, b := range f.bridges {
		lines = append(lines, deleteJumps(now, b)...)
		lines = append(lines, build(b)...)
		lines = append(lines,
			"-I "+jump(hook, b.Interface, forwardChain(b.Interface)),
			"-I "+jump("INPUT", b.Interface, inputChain(b.Interface)))
	}
	return t.restore(ctx, lines)
}

func hookChain(rules []string) string {
	if slices.Contains(rules, "-N "+dockerUser) {
		return dockerUser
	}
	return "FORWARD"
}

// deleteJumps deletes every rule that leads into the bridge's chains, wherever it stands.
func deleteJumps(rules []string, b Bridge) []string {
	var lines []string
	for _, r := range rules {
		for _, c := range chains(b) {
			if rest, ok := strings.CutPrefix(r, "-A "); ok && strings.HasSuffix(r, " -j "+c) {
				lines = append(lines, "-D "+rest)
			}
		}
	}
	return lines
}

// remove deletes jumps and chains of one family.
func (f *Firewall) remove(ctx context.Context, t tables) error {
	now, err := t.rules(ctx)
	if err != nil {
		return nil // no tables: nothing of ours is in them
	}
	var lines []string
	for _, b := range f.bridges {
		lines = append(lines, deleteJumps(now, b)...)
	}
	for _, b := range f.bridges {
		for _, c := range chains(b) {
			if slices.Contains(now, "-N "+c) {
				lines = append(lines, "-F "+c, "-X "+c)
			}
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return t.restore(ctx, lines)
}
