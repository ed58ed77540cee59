// Package fake is a backend in memory for unit tests of what stands above backends. Its instances are Go functions
// that write logs, listen on real TCP ports and exit as the test wants; it keeps the same contract suite as the
// real ones. Isolation, files and images are only as deep as the suite asks.
package fake
