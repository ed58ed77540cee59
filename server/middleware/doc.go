// Package middleware holds what every request passes through on its way to a handler.
package middleware
