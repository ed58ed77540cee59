package detect

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// nodePackage is what package.json says. Fields of a wrong type count as absent: npm is as lenient.
type nodePackage struct {
	Name            string            `json:"name"`
	Version         string            `json:"version"`
	Type            string            `json:"type"`
	Main            string            `json:"main"`
	PackageManager  string            `json:"packageManager"`
	Scripts         map[string]string `json:"scripts"`
	Dependencies    map[string]string `json:"dependencies"`
	DevDependencies map[string]string `json:"devDependencies"`
	Optional        map[string]string `json:"optionalDependencies"`
	Peer            map[string]string `json:"peerDependencies"`
	Workspaces      []string          `json:"-"`
}

// readPackage reads package.json. err words what is wrong with it and where.
func readPackage(f folder) (*nodePackage, error) {
	text, ok := f.text("package.json")
	if !ok {
		return nil, fmt.Errorf("it cannot be read or is larger than %d KiB", maxText>>10)
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(text), &fields); err != nil {
		return nil, errors.New(jsonProblem(text, err))
	}
	p := &nodePackage{}
	into := map[string]any{
		"name": &p.Name, "version": &p.Version, "type": &p.Type, "main": &p.Main, "packageManager": &p.PackageManager,
	}
	for field, target := range into {
		_ = json.Unmarshal(fields[field], target)
	}
	maps := map[string]*map[string]string{
		"scripts": &p.Scripts, "dependencies": &p.Dependencies, "devDependencies": &p.DevDependencies,
		"optionalDependencies": &p.Optional, "peerDependencies": &p.Peer,
	}
	for field, target := range maps {
		*target = stringMap(fields[field])
	}
	p.Workspaces = workspaceGlobs(fields["workspaces"])
	return p, nil
}

// stringMap keeps the entries of an object that are strings.
func stringMap(raw json.RawMessage) map[string]string {
	var loose map[string]any
	_ = json.Unmarshal(raw, &loose)
	strict := make(map[string]string, len(loose))
	for key, value := range loose {
		if s, ok := value.(string); ok {
			strict[key] = s
		}
	}
	return strict
}

// workspaceGlobs reads both forms: a list, and an object with packages.
func workspaceGlobs(raw json.RawMessage) []string {
	var list []string
	if json.Unmarshal(raw, &list) == nil {
		return list
	}
	var object struct {
		Packages []string `json:"packages"`
	}
	_ = json.Unmarshal(raw, &object)
	return object.Packages
}

// has reports whether a package is required, for development or not.
func (p *nodePackage) has(name string) bool {
	_, prod := p.Dependencies[name]
	_, dev := p.DevDependencies[name]
	_, optional := p.Optional[name]
	return prod || dev || optional
}

func (p *nodePackage) hasAny(names ...string) bool {
	return slices.ContainsFunc(names, p.has)
}

// jsonProblem words a JSON error with line and column.
func jsonProblem(text string, err error) string {
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		line, column := position(text, syntax.Offset)
		return fmt.Sprintf("line %d, column %d: %s", line, column, syntax.Error())
	case errors.As(err, &wrong):
		line, column := position(text, wrong.Offset)
		return fmt.Sprintf("line %d, column %d: it is a JSON %s", line, column, wrong.Value)
	}
	return err.Error()
}

// position turns the offset after a byte into its line and column, from 1.
func position(text string, offset int64) (line, column int) {
	before := []byte(text)[:min(max(offset-1, 0), int64(len(text)))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - strings.LastIndexByte(string(before), '\n')
}
