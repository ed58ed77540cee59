// Package imagetest runs previewd's image as an operator would: on the host's network, with the engine's socket, and a
// PostgreSQL of its own on loopback. Its tests are built with the tag image: make image-test.
package imagetest
