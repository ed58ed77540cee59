// Package cli is previewd's command line. Every command but serve, dev and migrate speaks to a running previewd over HTTP,
// exactly as a program of somebody else would.
package cli
