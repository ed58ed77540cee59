package config

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

var (
	constraint   = regexp.MustCompile(`^(node|engine)\.[A-Za-z0-9._/-]+ ?(==|!=) ?[^\s,]+$`)
	spreadLabel  = regexp.MustCompile(`^(node|engine)\.labels\.[A-Za-z0-9._/-]+$`)
	registryName = regexp.MustCompile(`^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9._/-]*[a-z0-9])?$`)
)

// Constraints are Swarm's, one each.
func (c Config) Constraints() []string { return words(c.SwarmConstraints) }

// Spread are the labels that previews are spread over.
func (c Config) Spread() []string { return words(c.SwarmSpread) }

func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.TrimSpace(word); word != "" {
			out = append(out, word)
		}
	}
	return out
}

func all(list []string, form *regexp.Regexp) bool {
	for _, word := range list {
		if !form.MatchString(word) {
			return false
		}
	}
	return true
}

func holdsKeys(dir string) bool {
	for _, name := range []string{"ca.pem", "cert.pem", "key.pem"} {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return false
		}
		_ = f.Close()
	}
	return true
}

// swarmProblems: what a service cannot be told would be left out unseen.
func swarmProblems(c Config, known Problems) Problems {
	name := Prefix + "DOCKER_RUNTIME"
	if c.Backend != "swarm" || c.DockerRuntime == "" || known.names(name) {
		return nil
	}
	return Problems{{name, c.DockerRuntime, "unset with " + Prefix + "BACKEND=swarm, whose services take the nodes' default runtime"}}
}
