package config

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// field is one variable as the struct's tags describe it.
type field struct {
	index       int
	name        string // of the struct field
	variable    string // with the prefix
	kind        reflect.Kind
	def         string
	shown       string
	min, max    float64
	bounded     bool
	oneof       []string
	want        string
	secret      bool
	description string
}

func fields() []field {
	t := reflect.TypeFor[Config]()
	all := make([]field, 0, t.NumField())
	for i := range t.NumField() {
		if t.Field(i).Tag.Get("env") != "-" {
			all = append(all, newField(i, t.Field(i)))
		}
	}
	return all
}

func newField(index int, sf reflect.StructField) field {
	f := field{
		index:       index,
		name:        sf.Name,
		variable:    Prefix + sf.Tag.Get("env"),
		kind:        sf.Type.Kind(),
		def:         sf.Tag.Get("envDefault"),
		shown:       sf.Tag.Get("shown"),
		oneof:       strings.Fields(sf.Tag.Get("oneof")),
		want:        sf.Tag.Get("want"),
		secret:      sf.Tag.Get("secret") == "true",
		description: sf.Tag.Get("description"),
	}
	if low, high := sf.Tag.Get("min"), sf.Tag.Get("max"); low != "" {
		f.min, _ = strconv.ParseFloat(low, 64)
		f.max, _ = strconv.ParseFloat(high, 64)
		f.bounded = true
	}
	return f
}

// wanted says in words which values the variable takes.
func (f field) wanted() string {
	switch {
	case f.want != "":
		return f.want
	case len(f.oneof) > 0:
		return strings.Join(f.oneof, " or ")
	case f.kind == reflect.Float64:
		return fmt.Sprintf("a number from %s to %s", plain(f.min), plain(f.max))
	default:
		return fmt.Sprintf("a whole number from %s to %s", plain(f.min), plain(f.max))
	}
}

// allows checks a parsed value against the bounds and words of the tags.
func (f field) allows(value reflect.Value) bool {
	switch {
	case len(f.oneof) > 0:
		return slices.Contains(f.oneof, value.String())
	case f.bounded && f.kind == reflect.Float64:
		return f.min <= value.Float() && value.Float() <= f.max // false for NaN
	case f.bounded:
		n := float64(value.Int())
		return f.min <= n && n <= f.max
	}
	return true
}

func (f field) problem(value string) Problem {
	if f.secret && value != "" {
		value = hidden
	}
	return Problem{Variable: f.variable, Value: value, Want: f.wanted()}
}

func plain(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
