package config

import (
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
)

// systemBundles are where distributions keep the certificates they trust.
var systemBundles = [...]string{
	"/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine, Arch
	"/etc/pki/tls/certs/ca-bundle.crt",   // Fedora, RHEL
	"/etc/ssl/ca-bundle.pem",             // openSUSE
	"/etc/ssl/cert.pem",                  // macOS
}

// fillDefaults sets what depends on the machine or on other settings.
func (c *Config) fillDefaults(vars map[string]string) {
	if c.DataDir == "" {
		c.DataDir = defaultDataDir(os.Geteuid(), vars)
	}
	if absolute, err := filepath.Abs(c.DataDir); err == nil {
		c.DataDir = absolute
	}
	if c.DialHost == "" {
		c.DialHost = reachable(c.BindAddr)
	}
	if c.CABundle == "" {
		c.CABundle = firstFile(systemBundles[:])
	}
	if c.LaunchConcurrency == 0 {
		c.LaunchConcurrency = 2 * runtime.NumCPU()
	}
}

// defaultDataDir follows the Filesystem Hierarchy Standard for root and the XDG base directories for others.
func defaultDataDir(uid int, vars map[string]string) string {
	switch {
	case uid == 0:
		return "/var/lib/previewd"
	case filepath.IsAbs(vars["XDG_DATA_HOME"]):
		return filepath.Join(vars["XDG_DATA_HOME"], "previewd")
	case vars["HOME"] != "":
		return filepath.Join(vars["HOME"], ".local", "share", "previewd")
	}
	return "data"
}

// reachable turns an address to listen on into one to connect to, and what is no address into "".
func reachable(bind string) string {
	addr, err := netip.ParseAddr(bind)
	switch {
	case err != nil:
		return ""
	case addr.IsUnspecified() && addr.Is6():
		return "::1"
	case addr.IsUnspecified():
		return "127.0.0.1"
	}
	return bind
}

func firstFile(paths []string) string {
	for _, path := range paths {
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			return path
		}
	}
	return ""
}
