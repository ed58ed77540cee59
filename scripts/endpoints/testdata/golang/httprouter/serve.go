package main

import (
	"net/http"
	"reflect"

	"github.com/julienschmidt/httprouter"
)

// serve prints what is in the framework's trees, which it does not list itself.
func serve(h http.Handler) error {
	var all written
	trees := reflect.ValueOf(h.(*httprouter.Router)).Elem().FieldByName("trees")
	for _, method := range trees.MapKeys() {
		walk(&all, method.String(), "", trees.MapIndex(method).Elem())
	}
	all.print()
	return nil
}

func walk(all *written, method, prefix string, node reflect.Value) {
	prefix += node.FieldByName("path").String()
	if !node.FieldByName("handle").IsNil() {
		all.add(method, prefix)
	}
	children := node.FieldByName("children")
	for i := range children.Len() {
		walk(all, method, prefix, children.Index(i).Elem())
	}
}
