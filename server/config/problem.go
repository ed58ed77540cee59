package config

import "strings"

// Problem is one thing wrong with the environment.
type Problem struct {
	Variable string // with its prefix
	Value    string // as found; hidden for secrets, "" when unset
	Want     string
}

func (p Problem) String() string {
	if p.Value == "" {
		return p.Variable + " is not set: want " + p.Want
	}
	return p.Variable + "=" + p.Value + ": want " + p.Want
}

// Problems is every problem found, as one error.
type Problems []Problem

func (p Problems) Error() string {
	lines := make([]string, 0, len(p)+1)
	lines = append(lines, "configuration:")
	for _, problem := range p {
		lines = append(lines, "  "+problem.String())
	}
	return strings.Join(lines, "\n")
}

func (p Problems) names(variable string) bool {
	for _, problem := range p {
		if problem.Variable == variable {
			return true
		}
	}
	return false
}
