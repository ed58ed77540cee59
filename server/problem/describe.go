package problem

import (
	"maps"
	"slices"
)

// Kind is what all errors of a code have in common.
type Kind struct {
	Code   Code
	Status int
	Title  string
	Detail string // where nothing more exact is known
}

// Codes are all there are, sorted.
func Codes() []Code { return slices.Sorted(maps.Keys(kinds)) }

// KindOf describes a code.
func KindOf(code Code) (Kind, bool) {
	k, known := kinds[code]
	return Kind{Code: code, Status: k.status, Title: k.title, Detail: k.detail}, known
}

// TypeOf is the member type of a code's errors.
func TypeOf(code Code) string { return typePrefix + string(code) }
