package cli

import "strings"

// variables reads the values of --env.
func (a *app) variables(list []string) (map[string]string, error) {
	if len(list) == 0 {
		return nil, nil
	}
	vars := map[string]string{}
	for _, item := range list {
		name, value, given := strings.Cut(item, "=")
		if name == "" {
			return nil, &usageError{"--env " + quote(item) + " has no name", "write --env NAME=VALUE"}
		}
		if !given {
			own, set := a.env[name]
			if !set {
				return nil, &usageError{"--env " + name + ": you have no such variable", "write --env " + name + "=VALUE"}
			}
			value = own
		}
		vars[name] = value
	}
	return vars, nil
}
