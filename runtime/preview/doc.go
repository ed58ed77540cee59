// Package preview holds the words every other package speaks: what a generation, a preview and an
// instance are, which states they pass through and why they end. It imports only the standard library,
// so that storage, backends and the API can share it without importing one another.
package preview
