package config

import (
	"io"
	"os"
	"strings"
)

const (
	fileSuffix    = "_FILE"
	maxSecretFile = 64 << 10
)

// readSecretFiles puts the content of every NAME_FILE in place of NAME, without the white space around it.
func readSecretFiles(all []field, vars map[string]string) Problems {
	var problems Problems
	for _, f := range all {
		path := vars[f.variable+fileSuffix]
		if !f.secret || path == "" {
			continue
		}
		if vars[f.variable] != "" {
			problems = append(problems, Problem{f.variable + fileSuffix, path, "only one of it and " + f.variable})
			continue
		}
		content, err := readSecret(path)
		if err != nil || content == "" {
			problems = append(problems, Problem{f.variable + fileSuffix, path, "a readable file that is not empty"})
			continue
		}
		vars[f.variable] = content
	}
	return problems
}

func readSecret(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close() // only read from
	content, err := io.ReadAll(io.LimitReader(file, maxSecretFile))
	return strings.TrimSpace(string(content)), err
}
