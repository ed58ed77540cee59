// Package sse writes and reads text/event-stream (HTML Living Standard, section 9.2, server-sent events). It knows no routes.
package sse
