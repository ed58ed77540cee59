package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"previewd/server/client"
	"previewd/server/config"
)

// Exit codes. Scripts may rely on them.
const (
	ExitOK           = 0
	ExitFailure      = 1
	ExitUsage        = 2
	ExitPreview      = 3
	ExitNotFound     = 4
	ExitUnreachable  = 5
	ExitUnauthorized = 6
	ExitInterrupted  = 130
)

// exitCodes is the help text of the codes, in order.
var exitCodes = []struct {
	code int
	text string
}{
	{ExitOK, "done"},
	{ExitFailure, "something else went wrong"},
	{ExitUsage, "the command line or a setting is wrong"},
	{ExitPreview, "the preview did not start, or it failed"},
	{ExitNotFound, "there is no such generation or preview"},
	{ExitUnreachable, "no previewd answers"},
	{ExitUnauthorized, "the token is missing, wrong or not allowed to do this"},
	{ExitInterrupted, "interrupted before it was done"},
}

func exitCodeHelp() string {
	var b strings.Builder
	b.WriteString("Exit codes:\n")
	for _, c := range exitCodes {
		fmt.Fprintf(&b, "  %3d  %s\n", c.code, c.text)
	}
	return b.String()
}

// usageError is the caller's slip on the command line.
type usageError struct{ problem, hint string }

func (e *usageError) Error() string { return e.problem }

// failedError says that a preview ended otherwise than somebody wanted. Its reason has been printed already.
type failedError struct{ reason string }

func (e *failedError) Error() string { return "the preview failed: " + e.reason }

// hintError adds what to do next to an error.
type hintError struct {
	err  error
	hint string
}

func (e *hintError) Error() string { return e.err.Error() }
func (e *hintError) Unwrap() error { return e.err }

// exitCode maps an error to its exit code; it is the only place that does.
func exitCode(err error) int {
	var (
		usage    *usageError
		settings config.Problems
		failed   *failedError
		problem  *client.Problem
	)
	switch {
	case err == nil:
		return ExitOK
	case errors.As(err, &usage), errors.As(err, &settings):
		return ExitUsage
	case errors.As(err, &failed):
		return ExitPreview
	case errors.As(err, &problem):
		return problemExitCode(problem)
	case errors.Is(err, client.ErrUnreachable):
		return ExitUnreachable
	case errors.Is(err, context.Canceled):
		return ExitInterrupted
	}
	return ExitFailure
}

func problemExitCode(p *client.Problem) int {
	switch p.Status {
	case http.StatusNotFound:
		return ExitNotFound
	case http.StatusUnauthorized, http.StatusForbidden:
		return ExitUnauthorized
	}
	return ExitFailure
}
