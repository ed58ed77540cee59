package images

import (
	"fmt"
	"strings"

	"previewd/runtime/preview"
)

// installFailed words an install command that failed, from its last lines.
func installFailed(exitCode int, lines []string) *preview.Reason {
	r := &preview.Reason{
		Code:     preview.InstallFailed,
		Message:  fmt.Sprintf("Installing the dependencies failed with exit code %d.", exitCode),
		Hint:     "The last log lines show what failed. Correct the manifest or the lockfile and launch again.",
		ExitCode: &exitCode,
		Evidence: &preview.Evidence{LastLines: tail(lines)},
	}
	if c, detail := findCause(lines); c != nil {
		r.Message = "Installing the dependencies failed: " + c.message(detail)
		r.Hint = c.hint
	}
	return r
}

func installOutOfMemory(limits preview.Limits, lines []string) *preview.Reason {
	return &preview.Reason{
		Code:    preview.OutOfMemory,
		Message: fmt.Sprintf("Installing the dependencies needed more than %d MB of memory and was killed.", limits.MemoryMB),
		Hint:    "Use packages that come ready built, or fewer of them; the operator can raise the limit of installs.",
		Evidence: &preview.Evidence{
			MemoryLimit: uint64(limits.MemoryMB) << 20, LastLines: tail(lines), //nolint:gosec // limits are not negative
		},
	}
}

func installTimeout(req DepsRequest, lines []string) *preview.Reason {
	return &preview.Reason{
		Code:     preview.InstallTimeout,
		Message:  fmt.Sprintf("Installing the dependencies did not end within %.0f seconds.", req.Timeout.Seconds()),
		Hint:     "A lockfile and packages that come ready built make installs fast; a command that waits for an answer never ends.",
		Evidence: &preview.Evidence{LastLines: tail(lines)},
	}
}

// findCause returns the first known cause, in the table's order, and what names the culprit in any of its lines.
func findCause(lines []string) (*cause, string) {
	for i := range causes {
		c, found, culprit := &causes[i], false, ""
		for _, line := range lines {
			if m := c.pattern.FindStringSubmatch(line); m != nil && culprit == "" {
				found, culprit = true, strings.TrimSpace(strings.Join(m[1:], ""))
			}
		}
		if found {
			return c, culprit
		}
	}
	return nil, ""
}
