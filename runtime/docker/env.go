package docker

import (
	"maps"

	"previewd/runtime/preview"
)

// env is the instance's environment: the spec's own, and where the host's CA bundle is.
func (b *Backend) env(spec preview.Spec) map[string]string {
	env := maps.Clone(spec.Env)
	if env == nil {
		env = make(map[string]string)
	}
	if !spec.Shim || len(b.o.CABundle) == 0 {
		return env
	}
	for _, name := range caVariables {
		if _, set := env[name]; !set {
			env[name] = CABundle
		}
	}
	return env
}
