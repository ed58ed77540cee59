// Package tab serves the preview tab: one page and its assets, which are part of the program.
package tab
