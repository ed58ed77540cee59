package cli

import (
	"errors"
	"fmt"
	"strings"

	"previewd/server/client"
	"previewd/server/config"
)

// report writes an error where a person, or with --json a program, looks for it. A failed preview has told its reason already.
func (a *app) report(err error) {
	if a.json {
		a.encode(a.deps.Stderr, errorObject(err))
		return
	}
	var failed *failedError
	if errors.As(err, &failed) {
		return
	}
	s := a.styleFor(a.deps.Stderr)
	fmt.Fprintf(a.deps.Stderr, "%s %s\n", s.red("previewd:"), message(err))
	if hint := hintOf(err); hint != "" {
		fmt.Fprintf(a.deps.Stderr, "  %s %s\n", s.yellow("hint:"), clean(hint, false))
	}
}

// message is one line, except where settings are wrong: each of them has its own.
func message(err error) string {
	var settings config.Problems
	if !errors.As(err, &settings) {
		return clean(err.Error(), false)
	}
	var lines []string
	for line := range strings.Lines(err.Error()) {
		lines = append(lines, clean(strings.TrimSuffix(line, "\n"), false))
	}
	return strings.Join(lines, "\n")
}

// errorJSON is what --json writes to stderr when a command fails.
type errorJSON struct {
	Error     string `json:"error"`
	Hint      string `json:"hint,omitempty"`
	ErrorCode string `json:"error_code,omitempty"`
	RequestID string `json:"request_id,omitempty"`
	ExitCode  int    `json:"exit_code"`
}

func errorObject(err error) errorJSON {
	o := errorJSON{Error: err.Error(), Hint: hintOf(err), ExitCode: exitCode(err)}
	var p *client.Problem
	if errors.As(err, &p) {
		o.ErrorCode, o.RequestID = p.ErrorCode, p.RequestID
	}
	return o
}

func hintOf(err error) string {
	var (
		usage   *usageError
		hinted  *hintError
		problem *client.Problem
	)
	switch {
	case errors.As(err, &usage):
		return usage.hint
	case errors.As(err, &hinted):
		return hinted.hint
	case errors.As(err, &problem) && problem.Hint != "":
		return problem.Hint
	}
	if problem != nil && problem.ErrorCode == "PERMISSION_DENIED" {
		return "use its user's token in PREVIEW_TOKEN, or with `previewd up` an id of your own (--id)"
	}
	switch exitCode(err) {
	case ExitUnreachable:
		return "start one with `previewd serve` (or `make up`), or name another with PREVIEW_API"
	case ExitUnauthorized:
		return "set PREVIEW_TOKEN; `previewd token` mints one from PREVIEW_JWT_SECRET"
	case ExitNotFound:
		return "`previewd ls` lists what there is"
	}
	return ""
}
