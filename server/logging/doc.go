// Package logging is the form of previewd's own log: a closed list of fields, one line per entry whatever is in it.
package logging
