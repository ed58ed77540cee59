// Package composetest is an operator's first day: it brings up docker-compose.yml in a fresh folder, previews, breaks things,
// and sees the right alert fire. Its tests are built with the tag compose: make compose-test.
package composetest
