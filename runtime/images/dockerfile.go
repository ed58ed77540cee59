package images

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"

	"previewd/runtime/preview"
)

// dockerfile is a project's Dockerfile after it was checked. The engine runs builds with its own network and all
// images at hand, so a hostile Dockerfile must not make it read an address or an image of its choice: what a line
// refers to is either plain or refused.
type dockerfile struct {
	lines  []string
	escape string
	args   map[string]string // global arguments with a default, for FROM
	names  map[string]bool   // stages so far
	stages int
	refs   []string // images it stands on
}

// parseDockerfile checks a Dockerfile. Errors are a *preview.Reason that names the line.
func parseDockerfile(text []byte) (*dockerfile, error) {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	d := &dockerfile{
		lines:  strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n"),
		escape: escapeOf(text), args: map[string]string{}, names: map[string]bool{},
	}
	for at := 0; at < len(d.lines); {
		first := at
		var words string
		var err error
		if words, at, err = d.instruction(at); err != nil {
			return nil, err
		}
		if words == "" {
			continue
		}
		if err := d.check(words, first, at); err != nil {
			return nil, err
		}
	}
	if d.stages == 0 {
		return nil, refused(len(d.lines), "there is no FROM instruction")
	}
	return d, nil
}

var escapeDirective = regexp.MustCompile("(?i)^#\\s*escape\\s*=\\s*([`\\\\])\\s*$")

// escapeOf finds the parser directive among the comments that begin the file.
func escapeOf(text []byte) string {
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if !strings.HasPrefix(line, "#") {
			break
		}
		if m := escapeDirective.FindStringSubmatch(line); m != nil {
			return m[1]
		}
	}
	return `\`
}

// instruction joins the lines of the instruction at a line, without comments, and returns where the next begins.
func (d *dockerfile) instruction(at int) (words string, next int, err error) {
	var parts []string
	for ; at < len(d.lines); at++ {
		line := strings.TrimSpace(d.lines[at])
		if line == "" || strings.HasPrefix(line, "#") {
			if len(parts) == 0 {
				return "", at + 1, nil
			}
			continue // inside a continued instruction
		}
		body, continued := strings.CutSuffix(line, d.escape)
		if continued && strings.HasSuffix(body, d.escape) {
			// Engines disagree on what this means, so nobody could say what is checked here.
			return "", at, refused(at+1, "a line ends with two escape characters")
		}
		parts = append(parts, body)
		if !continued {
			return strings.Join(parts, " "), at + 1, nil
		}
	}
	return strings.Join(parts, " "), at, nil
}

// text is the Dockerfile that is built, with arguments in FROM replaced by what was checked.
func (d *dockerfile) text() []byte { return []byte(strings.Join(d.lines, "\n")) }

// bases lists the images that it stands on.
func (d *dockerfile) bases() []string { return d.refs }

// check judges one instruction, which spans the lines from first up to next.
func (d *dockerfile) check(words string, first, next int) error {
	word, rest, _ := strings.Cut(strings.Join(strings.Fields(words), " "), " ")
	line := first + 1
	switch strings.ToUpper(word) {
	case "ARG":
		if d.stages == 0 {
			d.arguments(rest)
		}
	case "FROM":
		return d.from(rest, first, next)
	case "COPY":
		return d.copy(rest, line)
	case "ADD":
		return addSources(rest, line)
	case "ONBUILD":
		return refused(line, "ONBUILD is not supported")
	}
	return nil
}

func refused(line int, why string) *preview.Reason {
	return &preview.Reason{
		Code:    preview.InstallFailed,
		Message: fmt.Sprintf("The project's Dockerfile cannot be built: line %d: %s.", line, why),
		Hint:    "Change that line of the Dockerfile, or remove the Dockerfile if the project is a Node, Python, Go or static one.",
	}
}
