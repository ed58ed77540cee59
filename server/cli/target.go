package cli

import (
	"net"
	"net/netip"
	"net/url"
	"time"

	"previewd/server/client"
)

const (
	defaultAPI = "http://127.0.0.1:8080"
	devUser    = "dev"            // whom tokens for development are for, unless told otherwise
	askAgain   = 10 * time.Minute // lifetime of a token that is minted for one request
)

// client returns a client of the previewd that --api or PREVIEW_API names, or of the one that would be served here.
func (a *app) client() (*client.Client, error) {
	api := a.api
	if api == "" {
		api = a.env["PREVIEW_API"]
	}
	if api == "" {
		api = servedAt(a.env["PREVIEW_LISTEN_ADDR"])
	}
	tokens, err := a.tokens(api)
	if err != nil {
		return nil, err
	}
	c, err := client.New(api, tokens)
	if err != nil {
		return nil, &usageError{err.Error(), "set PREVIEW_API or --api"}
	}
	return c, nil
}

// adminClient is client for what only an admin may do: a token that is minted says so.
func (a *app) adminClient() (*client.Client, error) {
	a.asAdmin = true
	return a.client()
}

// servedAt is where a service with this listen address is reached from its own host, as a container's health check does.
func servedAt(listen string) string {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return defaultAPI
	}
	if addr, err := netip.ParseAddr(host); host == "" || err == nil && addr.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// tokens finds what proves the caller: PREVIEW_TOKEN, or, for a previewd on this machine, the secret it was started with, when
// this user may read it. A server elsewhere never gets a token it was not meant to get.
func (a *app) tokens(api string) (client.TokenSource, error) {
	token, err := a.env.secret("PREVIEW_TOKEN")
	if err != nil {
		return nil, err
	}
	if token != "" || !onThisMachine(api) {
		return client.StaticToken(token), nil
	}
	own, err := a.localSigner()
	if err != nil || own == nil {
		return nil, err
	}
	return own.source(a.asAdmin), nil
}

func onThisMachine(api string) bool {
	u, err := url.Parse(api)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && addr.IsLoopback()
}
