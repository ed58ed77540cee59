package main

import (
	"net/http"
	"reflect"
	"strings"
)

// serve prints the patterns in the mux, which does not list them itself.
func serve(h http.Handler) error {
	var all written
	seen := map[uintptr]bool{}
	collect(&all, reflect.ValueOf(h), seen)
	all.print()
	return nil
}

func collect(all *written, v reflect.Value, seen map[uintptr]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() || seen[v.Pointer()] {
			return
		}
		seen[v.Pointer()] = true
		if v.Elem().Type().String() == "http.pattern" {
			add(all, v.Elem().FieldByName("str").String())
			return
		}
		collect(all, v.Elem(), seen)
	case reflect.Struct:
		for i := range v.NumField() {
			collect(all, v.Field(i), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(all, v.Index(i), seen)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			collect(all, v.MapIndex(key), seen)
		}
	}
}

// add notes "[METHOD ][HOST]/[PATH]".
func add(all *written, pattern string) {
	method, rest, ok := strings.Cut(pattern, " ")
	if !ok {
		method, rest = "", pattern
	}
	path := strings.TrimLeft(rest, " ")
	path = path[strings.IndexByte(path, '/'):]
	all.add(method, strings.TrimSuffix(path, "{$}"))
}
