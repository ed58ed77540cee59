package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// mayDiffer are settings that are a container's own, or the terminal's that docker run was called from.
var mayDiffer = [...]string{"PortBindings", "ContainerIDFile", "ConsoleSize"}

// differences tells every setting in which a container made by hand differs from previewd's, so that no comparison is
// made that would flatter either.
func differences(ours, hand container) error {
	var found []string
	for _, name := range union(ours.HostConfig, hand.HostConfig) {
		a, b := plain(ours.HostConfig[name]), plain(hand.HostConfig[name])
		if !slices.Contains(mayDiffer[:], name) && !reflect.DeepEqual(a, b) {
			found = append(found, fmt.Sprintf("%s: %v, by hand %v", name, a, b))
		}
	}
	if a, b := ours.Config, hand.Config; a.User != b.User || a.WorkingDir != b.WorkingDir || a.OpenStdin != b.OpenStdin {
		found = append(found, fmt.Sprintf("user, folder or stdin: %s %s %v, by hand %s %s %v",
			a.User, a.WorkingDir, a.OpenStdin, b.User, b.WorkingDir, b.OpenStdin))
	}
	if len(found) > 0 {
		return fmt.Errorf("docker run's container differs from previewd's: %s", strings.Join(found, "; "))
	}
	return nil
}

func union(a, b map[string]any) []string {
	names := maps.Clone(a)
	maps.Copy(names, b)
	return slices.Sorted(maps.Keys(names))
}

// plain takes out what means nothing: the order of a list, and whether "not set" was spelt as null, zero or empty.
func plain(v any) any {
	switch v := v.(type) {
	case map[string]any:
		kept := map[string]any{}
		for k, value := range v {
			if value = plain(value); value != nil {
				kept[k] = value
			}
		}
		if len(kept) > 0 {
			return kept
		}
		return nil
	case []any:
		var list []string
		for _, value := range v {
			list = append(list, fmt.Sprint(plain(value)))
		}
		slices.Sort(list)
		if len(list) > 0 {
			return list
		}
		return nil
	}
	if v == nil || reflect.ValueOf(v).IsZero() {
		return nil
	}
	return v
}
