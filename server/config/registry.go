package config

import (
	"encoding/base64"
	"encoding/json"
	"strings"
)

const (
	imageRegistry      = Prefix + "IMAGE_REGISTRY"
	imageRegistryLogin = Prefix + "IMAGE_REGISTRY_LOGIN"
)

// RegistryLogin is who previewd is at the image registry, "" and "" where nobody is asked.
func (c Config) RegistryLogin() (user, password string) {
	user, password, _ = parseLogin(string(c.ImageRegistryLogin), c.ImageRegistry)
	return user, password
}

// parseLogin reads user:password, or finds the one for a registry in a Docker config.json.
func parseLogin(given, registry string) (user, password string, ok bool) {
	given = strings.TrimSpace(given)
	if strings.HasPrefix(given, "{") {
		given = loginIn(given, registry)
	}
	user, password, ok = strings.Cut(given, ":")
	return user, password, ok && user != "" && password != "" && !strings.ContainsAny(user, "\n\r")
}

// loginIn is the login as docker login writes it: under the registry's host, which may look like an address, in base64.
func loginIn(config, registry string) string {
	var file struct {
		Auths map[string]struct{ Auth string }
	}
	if json.Unmarshal([]byte(config), &file) != nil {
		return ""
	}
	host, _, _ := strings.Cut(registry, "/")
	for _, name := range []string{registry, host, "https://" + host, "http://" + host} {
		if login, err := base64.StdEncoding.DecodeString(file.Auths[name].Auth); err == nil && len(login) > 0 {
			return string(login)
		}
	}
	return ""
}

func registryProblems(c Config, all []field, known Problems) Problems {
	if c.ImageRegistryLogin == "" || known.names(imageRegistryLogin) || known.names(imageRegistry) {
		return nil
	}
	if c.ImageRegistry == "" {
		return Problems{unlike(all, imageRegistry, "", ", because "+imageRegistryLogin+" is set")}
	}
	if _, _, ok := parseLogin(string(c.ImageRegistryLogin), c.ImageRegistry); !ok {
		return Problems{unlike(all, imageRegistryLogin, c.ImageRegistryLogin, "")}
	}
	return nil
}
