package explain

import (
	"fmt"
	"regexp"

	"previewd/runtime/preview"
)

// errorLine finds the words of an error: "NameError: …", "Error: …", "panic: …", "main.go:3:1: undefined: x".
var errorLine = regexp.MustCompile(`^(?:[\w.]*(?:Error|Exception|Exit)\b.*|panic: .*|fatal error: .*|[\w./-]+\.go:\d+:\d+: .*|Uncaught .*|sh: .*)$`)

// causes are tried in order on what the app said; the first that knows the text explains it.
var causes = []func(text string) *preview.Reason{
	missingEnv, missingPythonModule, missingNodeModule, missingCommand, syntaxError, portTaken, diskFull, notPermitted,
}

// Each pattern's first group is the variable's name.
var missingEnvPatterns = []*regexp.Regexp{
	regexp.MustCompile(`os\.environ\[['"]([A-Za-z_]\w*)['"]\](?s:.*)KeyError`),
	regexp.MustCompile(`(?i)(?:missing|required|undefined|unset)\s+(?:required\s+)?(?:env(?:ironment)?(?:\s+var(?:iable)?s?)?)\s*[:=]?\s*['"\x60]?([A-Z][A-Z0-9_]+)`),
	regexp.MustCompile(`(?i)env(?:ironment)?(?:\s+var(?:iable)?)?\s+['"\x60]?([A-Z][A-Z0-9_]+)['"\x60]?\s+(?:is\s+|must\s+be\s+|was\s+)?(?:not\s+set|not\s+defined|missing|required|undefined|unset|empty|set)`),
	regexp.MustCompile(`\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)['"\x60]?\s+(?:environment variable\s+)?(?:is\s+|must\s+be\s+|was\s+)?(?:not\s+set|not\s+defined|missing|required|undefined|unset|not provided)`),
	regexp.MustCompile(`KeyError: ['"]([A-Z][A-Z0-9_]{2,})['"]`),
	regexp.MustCompile(`(?s)validation errors? for \w*Settings\s+(\w+)\s+Field required`),
}

func missingEnv(text string) *preview.Reason {
	for _, p := range missingEnvPatterns {
		if m := p.FindStringSubmatch(text); m != nil {
			return &preview.Reason{
				Code:    preview.MissingEnv,
				Message: fmt.Sprintf("The app needs the environment variable %s, which is not set.", m[1]),
				Hint:    fmt.Sprintf(`Launch it again with "env": {"%[1]s": "…"}, by hand with --env %[1]s=…, or give it a default in the code.`, m[1]),
			}
		}
	}
	return nil
}

var pythonModule = regexp.MustCompile(`ModuleNotFoundError: No module named ['"]([\w.]+)['"]`)

func missingPythonModule(text string) *preview.Reason {
	m := pythonModule.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return exited("The Python module %s is imported but not installed.", "Add the package that provides %s to requirements.txt (or pyproject.toml), or correct the import.", m[1])
}

var nodeModule = regexp.MustCompile(`(?:Cannot find (?:module|package)|ERR_MODULE_NOT_FOUND\S* .*?) ['"]([^'"]+)['"]`)

func missingNodeModule(text string) *preview.Reason {
	m := nodeModule.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return exited("The module %s is imported but cannot be found.", "Add %s to the dependencies in package.json and update the lockfile, or correct the import's path.", m[1])
}

var shellNotFound = regexp.MustCompile(`(?m)^(?:/bin/)?sh: (?:line )?(?:\d+: )?(?:exec: )?([\w./@-]+): (?:command )?not found`)

func missingCommand(text string) *preview.Reason {
	m := shellNotFound.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return exited("The start command uses %s, which is not installed.", "Add the package that provides %s to the project's dependencies, or change the start command.", m[1])
}

var (
	pythonSyntax = regexp.MustCompile(`(?m)File "([^"]+)", line (\d+)\n(?:.*\n){0,4}?((?:Syntax|Indentation|Tab)Error: .*)`)
	nodeSyntax   = regexp.MustCompile(`(?m)^(?:file://)?(/\S+?):(\d+)\n(?:.*\n){1,6}?(SyntaxError: .*)`)
	goCompile    = regexp.MustCompile(`(?m)^(?:\./)?([\w./-]+\.go):(\d+):\d+: (.*)`)
)

func syntaxError(text string) *preview.Reason {
	for _, p := range []*regexp.Regexp{pythonSyntax, nodeSyntax, goCompile} {
		if m := p.FindStringSubmatch(text); m != nil {
			return &preview.Reason{
				Code:    preview.AppExited,
				Message: fmt.Sprintf("%s line %s does not compile: %s", inProject(m[1]), m[2], short(m[3])),
				Hint:    "Correct the file and launch it again.",
			}
		}
	}
	return nil
}

var appFolder = regexp.MustCompile(`^/app/`)

func inProject(path string) string { return appFolder.ReplaceAllString(path, "") }

var addressInUse = regexp.MustCompile(`(?i)(?:EADDRINUSE|address already in use).*`)

func portTaken(text string) *preview.Reason {
	if m := addressInUse.FindString(text); m != "" {
		return &preview.Reason{
			Code:    preview.AppExited,
			Message: "The app ended because a port it wants is already open inside its own instance: " + short(m),
			Hint:    "Two parts of the app listen on the same port. Give one of them another.",
		}
	}
	return nil
}

var noSpace = regexp.MustCompile(`(?i)\b(?:ENOSPC|EFBIG|EDQUOT|No space left on device|File too large|Disk quota exceeded)\b`)

func diskFull(text string) *preview.Reason {
	if !noSpace.MatchString(text) {
		return nil
	}
	return &preview.Reason{
		Code:    preview.DiskFull,
		Message: "The app wrote more to its disk than it may.",
		Hint:    "Write less, or clean up files that are no longer needed.",
	}
}

var readOnly = regexp.MustCompile(`(?:Permission denied|EACCES|EROFS|Read-only file system)[^\n]*?['"]?(/[^\s'":]+)`)

func notPermitted(text string) *preview.Reason {
	m := readOnly.FindStringSubmatch(text)
	if m == nil {
		return nil
	}
	return exited("The app is not allowed to use %s.", "Only the project's own folder and /tmp can be written; use a path in them instead of %s.", m[1])
}

func exited(message, hint, name string) *preview.Reason {
	return &preview.Reason{Code: preview.AppExited, Message: fmt.Sprintf(message, short(name)), Hint: fmt.Sprintf(hint, short(name))}
}
