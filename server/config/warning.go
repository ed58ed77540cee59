package config

import (
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
)

// clientVariables are read by the command line client and not by the service.
var clientVariables = [...]string{Prefix + "API", Prefix + "TOKEN"}

// unknownVariables warns of every PREVIEW_ variable that nothing reads, with the nearest name that is read.
func unknownVariables(all []field, vars map[string]string) []string {
	known := slices.Clone(clientVariables[:])
	for _, f := range all {
		known = append(known, f.variable)
		if f.secret {
			known = append(known, f.variable+fileSuffix)
		}
	}
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		if !strings.HasPrefix(name, Prefix) || slices.Contains(known, name) {
			continue
		}
		warnings = append(warnings, unknownVariable(name, known))
	}
	return warnings
}

func unknownVariable(name string, known []string) string {
	nearest, distance := "", len(name)/3 // further away it is another word, not a slip
	for _, candidate := range known {
		if d := editDistance(name, candidate); d <= distance && (d < distance || nearest == "") {
			nearest, distance = candidate, d
		}
	}
	if nearest == "" {
		return fmt.Sprintf("%s is not a setting of previewd and is ignored", name)
	}
	return fmt.Sprintf("%s is not a setting of previewd and is ignored; did you mean %s?", name, nearest)
}

// editDistance is the Levenshtein distance in bytes.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// exposureWarnings tells of settings that are allowed and dangerous.
func exposureWarnings(c Config) []string {
	if !c.Insecure {
		return nil
	}
	warnings := []string{Prefix + "INSECURE is set: no token is asked for and everybody who reaches the API is the user dev"}
	if !isLoopback(c.ListenAddr) {
		warnings = append(warnings, Prefix+"INSECURE is set and the API listens on "+c.ListenAddr+": anyone on that network can run code here")
	}
	return warnings
}

func isLoopback(listen string) bool {
	host, _, err := net.SplitHostPort(listen)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}
