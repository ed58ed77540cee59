package detect

import (
	"path"
	"regexp"
	"strings"
)

// pyHarmless are statements of a main block that a server's own command line makes unnecessary.
var pyHarmless = regexp.MustCompile(`^(import |from |pass$|print\(|logging\.|logger\.|log\.|uvicorn\.run\(|hypercorn\.run\(|[\w.]+\s*(:[^=]+)?=[^=])`)

// mainBlock returns the code under if __name__ == "__main__", "" when there is none.
func (m *pyModule) mainBlock() string {
	at := pyMain.FindStringIndex(m.code)
	if at == nil {
		return ""
	}
	return block("\n" + m.code[at[1]:])
}

// mainDoesMore reports whether the main block does something besides serving the app, such as making tables,
// that starting the app by its name would leave out.
func (m *pyModule) mainDoesMore(app string) bool {
	open := 0
	for line := range strings.SplitSeq(m.mainBlock(), "\n") {
		line = strings.TrimSpace(line)
		continued := open > 0
		open += strings.Count(line, "(") + strings.Count(line, "{") + strings.Count(line, "[") -
			strings.Count(line, ")") - strings.Count(line, "}") - strings.Count(line, "]")
		if continued || line == "" || strings.HasPrefix(line, "#") || line == `""` {
			continue
		}
		if !pyHarmless.MatchString(line) && !strings.HasPrefix(line, app+".run(") {
			return true
		}
	}
	return false
}

// run is the command that runs a module as a program, and the folders its imports need.
func (m *pyModule) run(f folder) (command string, paths []string) {
	base := m.base(f)
	if base != "." {
		paths = []string{base}
	}
	if base == path.Dir(m.file) {
		return "python " + quote(m.file), paths
	}
	return "python -m " + m.name(base), paths
}

// quote makes a file name one word of /bin/sh.
func quote(word string) string {
	if shellPlain.MatchString(word) {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

var shellPlain = regexp.MustCompile(`^[A-Za-z0-9_./@:+%,=-]+$`)
