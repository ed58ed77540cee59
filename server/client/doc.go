// Package client speaks previewd's HTTP API from the other side: the command line and the end-to-end tests stand on it.
package client
