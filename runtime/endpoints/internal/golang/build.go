package golang

import (
	"bytes"
	"go/build/constraint"
	"path"
	"slices"
	"strings"
)

// buildable says whether a file is part of a plain build for linux/amd64, where previews run.
func buildable(src source) bool {
	base := path.Base(src.name)
	if strings.HasSuffix(base, "_test.go") || base[0] == '_' || base[0] == '.' {
		return false
	}
	return matchesName(strings.TrimSuffix(base, ".go")) && matchesConstraint(src.data)
}

var (
	systems = []string{
		"aix", "android", "darwin", "dragonfly", "freebsd", "illumos", "ios", "js", "linux", "netbsd", "openbsd", "plan9", "solaris",
		"wasip1", "windows",
	}
	machines = []string{
		"386", "amd64", "arm", "arm64", "loong64", "mips", "mips64", "mips64le", "mipsle", "ppc64", "ppc64le", "riscv64", "s390x", "wasm",
	}
)

// matchesName judges the endings _GOOS, _GOARCH and _GOOS_GOARCH.
func matchesName(name string) bool {
	parts := strings.Split(name, "_")
	if n := len(parts); n > 1 && slices.Contains(machines, parts[n-1]) {
		if parts[n-1] != "amd64" {
			return false
		}
		parts = parts[:n-1]
	}
	n := len(parts)
	return n < 2 || !slices.Contains(systems, parts[n-1]) || parts[n-1] == "linux"
}

// matchesConstraint judges the //go:build line, or else the older // +build ones, which stand before the package clause.
func matchesConstraint(data []byte) bool {
	older := true
	for len(data) > 0 {
		line, rest, _ := bytes.Cut(data, []byte("\n"))
		data = rest
		trimmed := strings.TrimSpace(string(line))
		if constraint.IsGoBuild(trimmed) {
			expr, err := constraint.Parse(trimmed)
			return err != nil || expr.Eval(hasTag)
		}
		if constraint.IsPlusBuild(trimmed) {
			expr, err := constraint.Parse(trimmed)
			older = older && (err != nil || expr.Eval(hasTag))
		}
		if trimmed != "" && !strings.HasPrefix(trimmed, "//") && !strings.HasPrefix(trimmed, "/*") && !strings.HasPrefix(trimmed, "*") {
			return older
		}
	}
	return older
}

func hasTag(tag string) bool {
	switch tag {
	case "linux", "amd64", "unix", "cgo", "gc":
		return true
	}
	return strings.HasPrefix(tag, "go1")
}
