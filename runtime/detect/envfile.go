package detect

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var emptyEnvLine = regexp.MustCompile(`(?m)^[ \t]*(?:export[ \t]+)?([A-Z_][A-Z0-9_]*)[ \t]*=[ \t]*(?:""|'')?[ \t]*(?:#[^\n]*)?$`)

// missingEnv notes names that the project's example environment file leaves without a value and nobody gives.
func missingEnv(f folder, planned map[string]string, given []string) []string {
	name := f.first(".env.example", ".env.sample", ".env.template", "env.example")
	text, _ := f.text(name)
	own, _ := f.text(".env")
	var missing []string
	for _, m := range emptyEnvLine.FindAllStringSubmatch(text, 50) {
		_, set := planned[m[1]]
		if set || m[1] == "PORT" || m[1] == "HOST" || slices.Contains(given, m[1]) || strings.Contains("\n"+own, "\n"+m[1]+"=") {
			continue
		}
		missing = append(missing, m[1])
	}
	if len(missing) == 0 {
		return nil
	}
	return []string{fmt.Sprintf("%s lists variables without a value: %s. Give them with the launch if the app needs them.",
		name, strings.Join(missing, ", "))}
}
