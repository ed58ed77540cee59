// Package endpoints tells which HTTP endpoints an app serves, from its source. Nothing of the app is run.
package endpoints

import "previewd/runtime/endpoints/internal/route"

// Endpoint is one method on one path.
type Endpoint = route.Endpoint

// Parameter is what a request carries beside its body.
type Parameter = route.Parameter

// Source is a place in the project's files.
type Source = route.Source

// Warning tells what could not be read or followed.
type Warning = route.Warning

// Origin tells how an endpoint became known.
type Origin = route.Origin

// Place is where a parameter goes.
type Place = route.Place

// Where an endpoint is known from.
const (
	Static = route.Static
	Live   = route.Live
	Both   = route.Both
)

// AnyMethod is the method of an endpoint that answers every method, or whose methods are not known.
const AnyMethod = route.Any
