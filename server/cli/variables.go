package cli

import "strings"

// variables reads the values of --env or --secret.
func (a *app) variables(flag string, list []string) (map[string]string, error) {
	if len(list) == 0 {
		return nil, nil
	}
	vars := map[string]string{}
	for _, item := range list {
		name, value, given := strings.Cut(item, "=")
		if name == "" {
			return nil, &usageError{flag + " has a value without a name", "write " + flag + " NAME=VALUE"}
		}
		if !given {
			own, set := a.env[name]
			if !set {
				return nil, &usageError{flag + " " + name + ": you have no such variable", "write " + flag + " " + name + "=VALUE"}
			}
			value = own
		}
		vars[name] = value
	}
	return vars, nil
}
