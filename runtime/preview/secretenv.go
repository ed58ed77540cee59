package preview

import (
	"encoding/json"
	"maps"
	"slices"
)

// SecretEnv is environment whose values nobody but the app may see: printed or encoded, it shows names alone.
type SecretEnv map[string]string

const hidden = "[redacted]"

// String lists the names.
func (s SecretEnv) String() string { return string(s.names()) }

// GoString is String.
func (s SecretEnv) GoString() string { return s.String() }

// MarshalJSON leaves the values out. What has to keep them takes them one by one.
func (s SecretEnv) MarshalJSON() ([]byte, error) { return s.names(), nil }

func (s SecretEnv) names() []byte {
	shown := make(map[string]string, len(s))
	for name := range s {
		shown[name] = hidden
	}
	text, _ := json.Marshal(shown) // strings can be encoded
	return text
}

// Values lists the values.
func (s SecretEnv) Values() []string { return slices.Collect(maps.Values(s)) }
