package detect

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"strings"

	"github.com/goccy/go-yaml"

	"previewd/runtime/preview"
)

// configFile is the project's own word on how it runs.
const configFile = "previewd.yaml"

// maxConfig bounds the size of previewd.yaml, bytes.
const maxConfig = 16 << 10

// config is previewd.yaml. Absent fields are detected.
type config struct {
	Root       string            `yaml:"root"`    // folder of the project, relative to the file
	Runtime    preview.Runtime   `yaml:"runtime"` // node, python, go, static, dockerfile
	Install    *string           `yaml:"install"` // "" installs nothing
	Command    string            `yaml:"command"`
	Port       int               `yaml:"port"`
	Env        map[string]string `yaml:"env"`
	HealthPath string            `yaml:"health_path"`
	MemoryMB   int               `yaml:"memory_mb"`
}

var (
	envName   = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
	wrongType = regexp.MustCompile(`^cannot unmarshal (\S+) into Go (?:struct field \S+|value) of type (\S+)`)
	linedText = regexp.MustCompile(`^\[\d+:\d+\] `)
)

// readConfig reads previewd.yaml of the folder, nil when there is none.
func readConfig(f folder) (*config, error) {
	if !f.isFile(configFile) {
		return nil, nil
	}
	text, ok := f.read(configFile, maxConfig)
	if !ok {
		return nil, broken(f, configFile, fmt.Sprintf("it cannot be read or is larger than %d KiB", maxConfig>>10))
	}
	var c config
	if err := yaml.UnmarshalWithOptions([]byte(text), &c, yaml.Strict()); err != nil {
		return nil, broken(f, configFile, yamlProblem(err))
	}
	if field, problem := c.problem(f); problem != "" {
		return nil, broken(f, configFile, fmt.Sprintf("line %d: %s %s", lineOf(text, field), field, problem))
	}
	return &c, nil
}

// yamlProblem words a parse error as "line N: what".
func yamlProblem(err error) string {
	var typed yaml.Error
	if errors.As(err, &typed) && typed.GetToken() != nil {
		problem := strings.ReplaceAll(typed.GetMessage(), "\n", " ")
		if m := wrongType.FindStringSubmatch(problem); m != nil {
			problem = fmt.Sprintf("the value is a %s and must be of type %s", m[1], m[2])
		}
		return fmt.Sprintf("line %d: %s", typed.GetToken().Position.Line, problem)
	}
	first, _, _ := strings.Cut(err.Error(), "\n")
	return linedText.ReplaceAllString(first, "")
}

// problem returns the first field with a value that cannot be used.
func (c *config) problem(f folder) (field, problem string) {
	switch {
	case c.Root != "" && !fs.ValidPath(path.Clean(c.Root)):
		return "root", "must be a folder inside the project"
	case c.Root != "" && !f.isDir(c.Root):
		return "root", fmt.Sprintf("names %q, which is not a folder of the project", c.Root)
	case c.Runtime != "" && !knownRuntime(c.Runtime):
		return "runtime", fmt.Sprintf("is %q; it can be node, python, go, static or dockerfile", string(c.Runtime))
	case c.Port < 0 || c.Port > 65535:
		return "port", "must be between 1 and 65535"
	case c.MemoryMB < 0:
		return "memory_mb", "must be positive"
	case c.HealthPath != "" && !strings.HasPrefix(c.HealthPath, "/"):
		return "health_path", `must begin with "/"`
	}
	for name := range maps.Keys(c.Env) {
		if !envName.MatchString(name) {
			return "env", fmt.Sprintf("has the name %q, which is not a name of an environment variable", name)
		}
	}
	return "", ""
}

func knownRuntime(r preview.Runtime) bool {
	switch r {
	case preview.RuntimeNode, preview.RuntimePython, preview.RuntimeGo, preview.RuntimeStatic, preview.RuntimeDockerfile:
		return true
	}
	return false
}

// lineOf returns the line a top-level field stands on, 1 when it is not found.
func lineOf(text, field string) int {
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, field+":") {
			return i + 1
		}
	}
	return 1
}
