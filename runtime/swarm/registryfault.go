package swarm

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"previewd/runtime/docker"
	"previewd/runtime/preview"
)

// fault is what keeps an engine from using a registry, as the engine's words tell it.
type fault int

const (
	otherFault fault = iota // of what the registry holds, or its own
	notReached
	noTLS
	notTrusted
	notLetIn
)

func faultOf(err error) fault {
	says := func(words ...string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(err.Error(), w) })
	}
	switch {
	case says("server gave HTTP response to HTTPS client"):
		return noTLS
	case says("x509: ", "tls: "):
		return notTrusted
	case says("unauthorized", "401 Unauthorized", "no basic auth credentials", "authentication required", "denied", "403 Forbidden"):
		return notLetIn
	case says("connection refused", "connection reset", "no such host", "no route to host", "network is unreachable", "server misbehaving",
		"timeout", "Client.Timeout", "deadline exceeded", "request canceled", "EOF"):
		return notReached
	}
	return otherFault
}

// tell says why an engine cannot use the registry, and what to do.
func (r Registry) tell(f fault) (why, advice string) {
	switch f {
	case notReached:
		return "the registry cannot be reached", "Start it, and check PREVIEW_IMAGE_REGISTRY and the way to it from every node."
	case noTLS:
		return "the registry speaks no TLS",
			`Give it a certificate, or name it under "insecure-registries" in /etc/docker/daemon.json of every node.`
	case notTrusted:
		return "the registry's certificate is not trusted",
			"Put its authority into /etc/docker/certs.d/" + r.login().ServerAddress + "/ca.crt on every node."
	case notLetIn:
		if r.User == "" {
			return "the registry wants a login", "Write user:password into a file and name that in PREVIEW_IMAGE_REGISTRY_LOGIN_FILE."
		}
		return "the registry refuses the login of " + r.User,
			"Check the password in PREVIEW_IMAGE_REGISTRY_LOGIN, and that this user may push to and pull from PREVIEW_IMAGE_REGISTRY."
	}
	return "the registry does not do as it is asked", "Its own log says more."
}

// fault wraps what an engine said of the registry; an engine that is away itself, and a caller that gave up, are told as such.
func (b *Backend) fault(ctx context.Context, op, engine string, err error) error {
	if err == nil {
		return nil
	}
	if told := docker.EngineError(op, err); ctx.Err() != nil || errors.Is(told, preview.ErrEngineUnavailable) {
		return told
	}
	why, advice := b.o.Registry.tell(faultOf(err))
	return &preview.RegistryError{Op: op, Engine: engine, Why: why, Advice: advice, Err: err}
}

// CheckRegistry has the engine of every node that can be reached log in to the registry, all at once.
func (b *Backend) CheckRegistry(ctx context.Context) ([]NodeCheck, error) {
	reached, _, err := b.ready(ctx)
	if err != nil || b.o.Registry.Name == "" {
		return nil, err
	}
	checks := make([]NodeCheck, len(reached))
	var all sync.WaitGroup
	for i, n := range reached {
		all.Go(func() {
			checks[i] = NodeCheck{Node: n.name}
			_, err := n.engine.API().RegistryLogin(ctx, b.o.Registry.login())
			if err != nil && !errors.Is(err, context.Canceled) {
				why, advice := b.o.Registry.tell(faultOf(err))
				checks[i].Faults = []string{why + ". " + advice}
			}
		})
	}
	all.Wait()
	return checks, nil
}
