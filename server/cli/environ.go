package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// environ is the environment by name.
type environ map[string]string

func newEnviron(list []string) environ {
	e := environ{}
	for _, pair := range list {
		if name, value, ok := strings.Cut(pair, "="); ok {
			e[name] = value
		}
	}
	return e
}

// secret returns the value of a variable, or the content of the file that name_FILE names; "" when neither is set.
func (e environ) secret(name string) (string, error) {
	path := e[name+"_FILE"]
	if path == "" {
		return e[name], nil
	}
	if e[name] != "" {
		return "", &usageError{name + " and " + name + "_FILE are both set", "unset one of them"}
	}
	value, err := readSecretFile(path)
	if err != nil {
		return "", fmt.Errorf("reading %s_FILE: %w", name, err)
	}
	return value, nil
}

func readSecretFile(path string) (string, error) {
	const most = 64 << 10
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, most))
	return strings.TrimSpace(string(b)), errors.Join(err, f.Close())
}
