// Package source takes a project's files in, whatever they come in (tar.gz, zip, JSON, a folder), and keeps them as one
// checked Tree. What comes in is hostile: nothing in a Tree leads outside it, every name can be written to a disk and
// shown on a terminal, and reading never takes more memory than the limits say.
package source
