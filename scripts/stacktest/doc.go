// Package stacktest deploys deploy/stack.yml with its registry on a real swarm of three nodes, previews by it, kills a previewd, and
// takes all of it down. Its test is built with the tag stack: make stack-test.
package stacktest
