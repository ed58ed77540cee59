// Package urlpath writes the paths of every framework in one form: /items/{id}.
package urlpath

import (
	"regexp"
	"strings"
)

// Join puts a prefix before a path as most frameworks do: as they are written. Empty results are "/".
func Join(parts ...string) string { return Clean(strings.Join(parts, "")) }

var slashes = regexp.MustCompile(`/{2,}`)

// Clean makes a path begin with one slash and have no double ones. A slash at the end stays: it matters to most servers.
func Clean(p string) string { return slashes.ReplaceAllString("/"+p, "/") }

var (
	flaskConverter     = regexp.MustCompile(`<(?:[^<>:]*:)?\s*([^<>:\s]+)\s*>`)
	starletteConverter = regexp.MustCompile(`\{\s*([^{}:\s]+)\s*:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}`)
)

// Flask writes <int:id> and <id> as {id}. Django's path() has the same form.
func Flask(p string) string { return flaskConverter.ReplaceAllString(p, "{$1}") }

// Braces takes converters and patterns out of {id:int} and {id:[0-9]+}: FastAPI, Starlette, chi, gorilla, Hono.
func Braces(p string) string { return starletteConverter.ReplaceAllString(p, "{$1}") }
