package detect

import (
	"fmt"
	"slices"
	"strings"

	"previewd/runtime/preview"
)

// foreign are languages previewd has no runtime for, by the file that gives them away.
var foreign = []struct{ file, language string }{
	{"Cargo.toml", "Rust"},
	{"Gemfile", "Ruby"},
	{"composer.json", "PHP"},
	{"index.php", "PHP"},
	{"pom.xml", "Java"},
	{"build.gradle", "Java"},
	{"build.gradle.kts", "Kotlin"},
	{"mix.exs", "Elixir"},
	{"deno.json", "Deno"},
	{"Package.swift", "Swift"},
}

// foreignLanguage returns the file and the language, or "".
func foreignLanguage(f folder) (file, language string) {
	for _, one := range foreign {
		if f.isFile(one.file) {
			return one.file, one.language
		}
	}
	return "", ""
}

// unrecognised says what was looked for and what is there instead.
func unrecognised(top folder) *preview.Reason {
	r := &preview.Reason{Code: preview.UnrecognisedProject}
	if file, language := foreignLanguage(top); file != "" {
		r.Message = fmt.Sprintf("%s says that this is a %s project, for which there is no runtime here.", file, language)
		r.Hint = "Add a Dockerfile that builds and starts it."
		return r
	}
	r.Message = "Nothing to run was recognised: looked for package.json, requirements.txt, pyproject.toml, Pipfile, " +
		"manage.py, Python apps, go.mod, index.html, Dockerfile, Procfile and " + configFile +
		" in the top folder and two levels down; found " + contents(top) + "."
	r.Hint = "Launch it with a command, such as python main.py, or add " + configFile +
		" with runtime (node, python, go, static or dockerfile) and command, or a Procfile with a web line."
	return r
}

// contents names the first few things of a folder.
func contents(f folder) string {
	var names []string
	for _, name := range f.files() {
		first, _, deep := strings.Cut(name, "/")
		if deep {
			first += "/"
		}
		if !slices.Contains(names, first) {
			names = append(names, first)
		}
	}
	switch {
	case len(names) == 0:
		return "no files"
	case len(names) > 8:
		return strings.Join(names[:8], ", ") + " and more"
	}
	return strings.Join(names, ", ")
}
