package config

import (
	"errors"
	"reflect"
	"slices"
	"strings"

	"github.com/caarlos0/env/v11"
)

// Load reads the settings of the service from the environment ("NAME=value" strings, as os.Environ gives).
// The warnings are for the log. The error is of type Problems and holds all that is wrong.
func Load(environ []string) (Config, []string, error) {
	cfg, warnings, problems := load(environ)
	problems = append(problems, identityProblems(cfg, problems)...)
	traces, more := loadTraces(toMap(environ))
	cfg.Traces, problems = traces, append(problems, more...)
	return result(cfg, warnings, problems)
}

// LoadTool is Load for commands that serve nobody: neither a secret nor the insecure mode is asked for.
func LoadTool(environ []string) (Config, []string, error) {
	return result(load(environ))
}

func result(cfg Config, warnings []string, problems Problems) (Config, []string, error) {
	if len(problems) > 0 {
		return Config{}, warnings, problems
	}
	return cfg, warnings, nil
}

func load(environ []string) (Config, []string, Problems) {
	all := fields()
	vars := toMap(environ)
	warnings := unknownVariables(all, vars)
	problems := readSecretFiles(all, vars)

	cfg, parsing := parse(all, vars)
	problems = append(problems, parsing...)
	problems = append(problems, boundProblems(all, cfg, vars, problems)...)
	cfg.fillDefaults(vars)
	problems = append(problems, valueProblems(cfg, all, problems)...)
	return cfg, slices.Concat(warnings, exposureWarnings(cfg), webhookWarnings(cfg)), problems
}

func toMap(environ []string) map[string]string {
	vars := make(map[string]string, len(environ))
	for _, entry := range environ {
		if name, value, ok := strings.Cut(entry, "="); ok {
			vars[name] = strings.TrimSpace(value)
		}
	}
	return vars
}

func parse(all []field, vars map[string]string) (Config, Problems) {
	cfg, err := env.ParseAsWithOptions[Config](env.Options{Environment: vars, Prefix: Prefix})
	if err == nil {
		return cfg, nil
	}
	var aggregate env.AggregateError
	if !errors.As(err, &aggregate) {
		return cfg, Problems{{Variable: Prefix + "*", Value: err.Error(), Want: "readable variables"}}
	}
	var problems Problems
	for _, one := range aggregate.Errors {
		var parsing env.ParseError
		if !errors.As(one, &parsing) {
			problems = append(problems, Problem{Variable: Prefix + "*", Value: one.Error(), Want: "readable variables"})
			continue
		}
		problems = append(problems, problemOf(all, parsing.Name, vars))
	}
	return cfg, problems
}

func problemOf(all []field, name string, vars map[string]string) Problem {
	for _, f := range all {
		if f.name == name {
			return f.problem(vars[f.variable])
		}
	}
	return Problem{Variable: name, Want: "a known variable"} // unreachable: names come from the same struct
}

// boundProblems checks the tags of every variable that parsed.
func boundProblems(all []field, cfg Config, vars map[string]string, known Problems) Problems {
	var problems Problems
	values := reflect.ValueOf(cfg)
	for _, f := range all {
		if known.names(f.variable) || f.allows(values.Field(f.index)) {
			continue
		}
		problems = append(problems, f.problem(vars[f.variable]))
	}
	return problems
}
