// Package releasetest holds scripts/release to what it refuses.
package releasetest
