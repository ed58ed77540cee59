package cli

import (
	"net"
	"net/url"
	"strings"

	"previewd/server/config"
)

// tabAddress is where a person sees the preview. The token is in the part of the address that is never sent, and the page takes it out
// at once. On this machine the name is that of the domain that the previews are under: an app in a frame keeps its cookies only
// where the page around it is of the same site.
func (a *app) tabAddress(api, generation, token string) string {
	u, err := url.Parse(api)
	if err != nil {
		return api
	}
	if cfg, _, err := config.LoadTool(a.deps.Environ); err == nil && isLoopback(u.Hostname()) && strings.HasSuffix(cfg.BaseDomain, ".localhost") {
		u.Host = net.JoinHostPort(cfg.BaseDomain, u.Port())
	}
	u.Path = "/previews/" + generation
	if token != "" {
		u.Fragment = "token=" + token
	}
	return u.String()
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
