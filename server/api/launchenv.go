package api

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"previewd/runtime/preview"
	"previewd/runtime/redact"
)

const (
	maxEnv         = 200
	maxEnvName     = 256       // bytes
	maxEnvValue    = 32 << 10  // bytes
	maxEnvTotal    = 256 << 10 // bytes
	maxSecretTotal = 32 << 10  // bytes; every line of the log is searched for all of them
)

var envName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reservedEnv begins the names by which previewd speaks to its own process inside the preview.
const reservedEnv = "PREVIEWD_"

// checkEnv names the first variable of a member that is not as it has to be. Values are never told.
func checkEnv(member string, env map[string]string, most int) error {
	if len(env) > maxEnv {
		return invalid(member, fmt.Sprintf("has %d variables, more than %d", len(env), maxEnv))
	}
	total := 0
	for _, name := range slices.Sorted(maps.Keys(env)) {
		value := env[name]
		total += len(name) + len(value)
		field := member + "." + shown(name)
		switch {
		case len(name) > maxEnvName || !envName.MatchString(name):
			return invalid(field, "want a name of letters, digits and underscores that does not begin with a digit")
		case strings.HasPrefix(strings.ToUpper(name), reservedEnv):
			return invalid(field, "names that begin with "+reservedEnv+" are reserved")
		case len(value) > maxEnvValue:
			return invalid(field, fmt.Sprintf("its value is longer than %d bytes", maxEnvValue))
		case !passable(value):
			return invalid(field, "its value holds a NUL or is not UTF-8")
		}
	}
	if total > most {
		return invalid(member, fmt.Sprintf("is larger than %d bytes", most))
	}
	return nil
}

// checkSecrets refuses what could not be kept secret: a short value is found in every other word of a log. One that is empty says nothing.
func checkSecrets(secrets preview.SecretEnv, env map[string]string) error {
	if err := checkEnv("secret_env", secrets, maxSecretTotal); err != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(secrets)) {
		field := "secret_env." + shown(name)
		if _, twice := env[name]; twice {
			return invalid(field, "is in env, too")
		}
		if value := strings.TrimSpace(secrets[name]); value != "" && !redact.Findable(value) {
			return invalid(field, fmt.Sprintf("its value is too short to be kept out of the log: want %d bytes, of several lines %d in one", redact.MinBytes, redact.MinLine))
		}
	}
	return nil
}
