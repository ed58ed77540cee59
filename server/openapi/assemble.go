package openapi

import (
	"fmt"
	"io/fs"
	"slices"

	"github.com/goccy/go-yaml"
)

// head is the file that the others are added to.
const head = "openapi.yaml"

// assemble merges the files and spells out what they abbreviate.
func assemble(files fs.FS) (object, error) {
	root, err := read(files, head)
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "*.yaml")
	if err != nil {
		return nil, err
	}
	for _, file := range slices.DeleteFunc(names, func(n string) bool { return n == head }) {
		part, err := read(files, file)
		if err != nil {
			return nil, err
		}
		if root, err = merge(root, part); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	// Read in this order: first what there is to call, then what it is made of.
	components := at(root, "components")
	return expand(with(without(root, "components"), "components", components))
}

func read(files fs.FS, file string) (object, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, err
	}
	var o object
	if err := yaml.UnmarshalWithOptions(text, &o, yaml.UseOrderedMap()); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return o, nil
}

// sections are what a file may add to.
func sections() [][]string {
	return [][]string{
		{"x-members"},
		{"paths"},
		{"webhooks"},
		{"components", "securitySchemes"},
		{"components", "parameters"},
		{"components", "headers"},
		{"components", "schemas"},
	}
}

// merge adds a file's paths, webhooks and components. A name that is there already is an error.
func merge(root, part object) (object, error) {
	for _, section := range sections() {
		for _, item := range objectAt(part, section...) {
			if at(root, append(slices.Clone(section), name(item))...) != nil {
				return nil, fmt.Errorf("%s is there already", name(item))
			}
			root = add(root, item, section...)
		}
	}
	return root, nil
}

// add appends an item to the object that keys lead to, which it makes where there is none.
func add(o object, item yaml.MapItem, keys ...string) object {
	if len(keys) == 0 {
		return append(o, item)
	}
	return with(o, keys[0], add(objectAt(o, keys[0]), item, keys[1:]...))
}
