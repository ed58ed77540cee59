// Package images provides the images previews run on: one per runtime, built from the Dockerfiles beside this
// file; one per set of installed dependencies, cached by content; and one per project that brings a Dockerfile of
// its own.
package images
