// Package config has the settings.
package config

import "os"

// Config are the settings.
type Config struct {
	BasePath string
	Debug    bool
}

// DefaultBase is where the API stands.
const DefaultBase = "/api"

// Load reads the environment.
func Load() *Config {
	c := &Config{BasePath: getenv("BASE_PATH", DefaultBase)}
	c.Debug = os.Getenv("DEBUG") != ""
	return c
}

func getenv(name, fallback string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return fallback
}
