// Package docker is the backend that runs instances as containers of a Docker engine (API 1.41 and later). It has
// one verb per file and is the only package that imports the engine's SDK and says "container".
//
// A backend sees and touches only what carries its own owner label. Errors of the engine's connection wrap
// preview.ErrEngineUnavailable, whatever the verb.
package docker
