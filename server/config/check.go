package config

import (
	"crypto/x509"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"previewd/server/auth"
)

var (
	hostName    = regexp.MustCompile(`^(?i)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)
	runtimeName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*$`)
)

// valueProblems checks what tags cannot say: forms of strings, files, and variables against one another.
func valueProblems(c Config, fields []field, known Problems) Problems {
	valid := map[string]bool{
		"ListenAddr":    isListenAddr(c.ListenAddr),
		"MetricsAddr":   c.MetricsAddr == "" || isListenAddr(c.MetricsAddr),
		"DebugAddr":     c.DebugAddr == "" || isListenAddr(c.DebugAddr) && isLoopback(c.DebugAddr),
		"DatabaseURL":   c.DatabaseURL == "" || isDatabaseURL(string(c.DatabaseURL)),
		"BindAddr":      isIP(c.BindAddr),
		"DialHost":      c.DialHost == "" || isHost(c.DialHost), // "" when the bind address is at fault
		"BaseDomain":    hostName.MatchString(c.BaseDomain) && len(c.BaseDomain) <= 253,
		"DockerRuntime": c.DockerRuntime == "" || runtimeName.MatchString(c.DockerRuntime),
		"CABundle":      c.CABundle == "" || isPEM(c.CABundle),
		"JWTSecret":     c.JWTSecret == "" || secretsUsable(c.JWTSecret),
		"JWKSURL":       c.JWKSURL == "" || auth.CheckJWKSURL(c.JWKSURL) == nil,
		"CORSOrigins":   originsValid(c.Origins()),

		"SwarmConstraints": all(c.Constraints(), constraint),
		"SwarmSpread":      all(c.Spread(), spreadLabel),
		"SwarmTLSDir":      c.SwarmTLSDir == "" || holdsKeys(c.SwarmTLSDir),
		"ImageRegistry":    c.ImageRegistry == "" || registryName.MatchString(c.ImageRegistry),

		"TrustedProxies": c.TrustedProxies == "" || len(c.Proxies()) > 0,
	}
	given := map[string]string{
		"ListenAddr": c.ListenAddr, "MetricsAddr": c.MetricsAddr, "DebugAddr": c.DebugAddr, "DatabaseURL": string(c.DatabaseURL), "BindAddr": c.BindAddr, "DialHost": c.DialHost,
		"BaseDomain": c.BaseDomain, "DockerRuntime": c.DockerRuntime, "CABundle": c.CABundle, "JWTSecret": string(c.JWTSecret), "JWKSURL": c.JWKSURL,
		"CORSOrigins": c.CORSOrigins, "TrustedProxies": c.TrustedProxies,
		"SwarmConstraints": c.SwarmConstraints, "SwarmSpread": c.SwarmSpread, "SwarmTLSDir": c.SwarmTLSDir, "ImageRegistry": c.ImageRegistry,
	}
	var problems Problems
	for _, f := range fields {
		if ok, checked := valid[f.name]; checked && !ok && !known.names(f.variable) {
			problems = append(problems, f.problem(given[f.name]))
		}
	}
	return slices.Concat(problems, crossProblems(c, known), swarmProblems(c, known), registryProblems(c, fields, known), originProblems(c, slices.Concat(known, problems)), quotaProblems(c, known), webhookProblems(c, fields, known))
}

func crossProblems(c Config, known Problems) Problems {
	var problems Problems
	low, high := Prefix+"PORT_MIN", Prefix+"PORT_MAX"
	if known.names(low) || known.names(high) {
		return nil
	}
	if c.PortMin > c.PortMax {
		problems = append(problems, Problem{high, strconv.Itoa(c.PortMax), "at least " + low + ", which is " + strconv.Itoa(c.PortMin)})
	}
	for _, own := range []struct{ name, addr string }{
		{"LISTEN_ADDR", c.ListenAddr}, {"METRICS_ADDR", c.MetricsAddr}, {"DEBUG_ADDR", c.DebugAddr},
	} {
		if port, ok := portOf(own.addr); ok && c.PortMin <= port && port <= c.PortMax {
			problems = append(problems, Problem{
				Prefix + own.name, own.addr,
				"a port outside " + low + " to " + high + " (" + strconv.Itoa(c.PortMin) + "-" + strconv.Itoa(c.PortMax) + ")",
			})
		}
	}
	return problems
}

// quotaProblems refuses a quota that no preview fits into.
func quotaProblems(c Config, known Problems) Problems {
	var problems Problems
	limit := Prefix + "MEMORY_LIMIT_MB"
	for _, quota := range []struct {
		variable string
		most     int
	}{{Prefix + "MAX_MEMORY_PER_USER_MB", c.MaxMemoryPerUserMB}, {Prefix + "MAX_MEMORY_TOTAL_MB", c.MaxMemoryTotalMB}} {
		if quota.most > 0 && quota.most < c.MemoryLimitMB && !known.names(limit) && !known.names(quota.variable) {
			problems = append(problems, Problem{
				quota.variable, strconv.Itoa(quota.most), "0, or at least " + limit + ", which is " + strconv.Itoa(c.MemoryLimitMB),
			})
		}
	}
	return problems
}

// identityProblems refuses a service that would know nobody.
func identityProblems(c Config, known Problems) Problems {
	for _, name := range []string{"JWT_SECRET", "JWT_SECRET" + fileSuffix, "JWKS_URL", "INSECURE"} {
		if known.names(Prefix + name) {
			return nil
		}
	}
	if c.JWTSecret != "" || c.JWKSURL != "" || c.Insecure {
		return nil
	}
	return Problems{{Variable: Prefix + "JWT_SECRET", Want: "a secret of at least 32 bytes, or " + Prefix + "JWKS_URL, or " + Prefix + "INSECURE=1 to ask for no token at all"}}
}

func isListenAddr(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	_, ok := portOf(addr)
	return err == nil && ok && (host == "" || isHost(host))
}

func portOf(addr string) (int, bool) {
	_, port, err := net.SplitHostPort(addr)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseUint(port, 10, 16) // 0 asks the system for a free one
	return int(n), err == nil
}

func isIP(s string) bool {
	_, err := netip.ParseAddr(s)
	return err == nil
}

func isHost(s string) bool { return isIP(s) || hostName.MatchString(s) }

func isDatabaseURL(s string) bool {
	if !strings.Contains(s, "://") {
		return strings.Contains(s, "=")
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "postgres" || u.Scheme == "postgresql")
}

func isPEM(path string) bool {
	content, err := os.ReadFile(path)
	return err == nil && x509.NewCertPool().AppendCertsFromPEM(content)
}

func secretsUsable(secret Secret) bool {
	_, err := auth.ParseSecrets(string(secret))
	return err == nil
}
