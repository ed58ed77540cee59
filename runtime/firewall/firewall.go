package firewall

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/sirupsen/logrus"
)

// Egress says what instances behind a bridge may connect to.
type Egress string

// Egress policies. Neither opens the host, other instances or link-local addresses.
const (
	Internet Egress = "internet" // everything that is not private, and the host's name servers
	None     Egress = "none"     // nothing, not even name servers
)

// Bridge is one bridge interface of the host and its policy.
type Bridge struct {
	Interface string
	Egress    Egress
}

// Options configure a Firewall.
type Options struct {
	Bridges    []Bridge
	ResolvConf []string      // candidates, the first with a usable name server counts; nil is the system's
	Programs   []string      // iptables and ip6tables; nil is what the host calls so
	Log        *logrus.Entry // nil discards
}

// Firewall keeps the rules of a set of bridges. It is safe for concurrent use.
type Firewall struct {
	bridges []Bridge
	resolv  []string
	v4, v6  tables
	log     *logrus.Entry

	mu      sync.Mutex // serialises changes of the tables, and guards what follows
	applied map[string][]string
	status  Status
}

// Status tells whether the rules are in force.
type Status struct {
	Enforced bool
	Reason   string // why not, or "" when they are
}

// NotEnforcedError says that the rules are not in force, and why.
type NotEnforcedError struct{ Reason string }

func (e *NotEnforcedError) Error() string { return "network rules are not enforced: " + e.Reason }

// New returns a firewall; nothing is in force before Apply.
func New(o Options) *Firewall {
	if o.Log == nil {
		l := logrus.New()
		l.SetOutput(io.Discard)
		o.Log = logrus.NewEntry(l)
	}
	if o.ResolvConf == nil {
		o.ResolvConf = []string{"/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"}
	}
	if len(o.Programs) != 2 {
		o.Programs = []string{"iptables", "ip6tables"}
	}
	return &Firewall{
		bridges: o.Bridges, resolv: o.ResolvConf,
		v4: tables{program: o.Programs[0]}, v6: tables{program: o.Programs[1]},
		log:    o.Log.WithField("component", "firewall"),
		status: Status{Reason: "not applied yet"},
	}
}

// Status is what the last Apply, Verify or Ensure found.
func (f *Firewall) Status() Status {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.status
}

// Apply puts the rules in force, replacing older ones of the same bridges in one transaction. The bridges must
// exist. A failure is a *NotEnforcedError.
func (f *Firewall) Apply(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.note(f.apply(ctx))
}

// Verify looks whether the rules are still in force: an engine's or a firewall's restart may have flushed or
// reordered them. It changes nothing. A failure is a *NotEnforcedError.
func (f *Firewall) Verify(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.note(f.verify(ctx))
}

// Ensure verifies, and applies when that fails.
func (f *Firewall) Ensure(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.applied != nil && f.verify(ctx) == nil {
		return f.note(nil)
	}
	return f.note(f.apply(ctx))
}

// Remove takes the rules away. Where there are none, or none could be set, it does nothing.
func (f *Firewall) Remove(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.applied = nil
	f.status = Status{Reason: "removed"}
	return errors.Join(f.remove(ctx, f.v4), f.remove(ctx, f.v6))
}

// note keeps the outcome for Status. The caller holds the lock.
func (f *Firewall) note(err error) error {
	if err == nil {
		f.status = Status{Enforced: true}
		return nil
	}
	var not *NotEnforcedError
	if !errors.As(err, &not) {
		not = &NotEnforcedError{Reason: err.Error()}
	}
	f.status = Status{Reason: not.Reason}
	return not
}
