package images

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func TestDockerfileAccepts(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		bases []string
		want  string // a line of what is built
	}{
		"plain":              {"FROM node:22-slim\nCOPY . .\nCMD [\"node\"]\n", []string{"node:22-slim"}, "FROM node:22-slim"},
		"stages":             {"FROM golang:1.24 AS build\nFROM scratch\nCOPY --from=build /x /x\nCOPY --from=0 /y /y", []string{"golang:1.24"}, "FROM golang:1.24 AS build"},
		"stage as base":      {"FROM a:1 AS Base\nFROM base", []string{"a:1"}, "FROM base"},
		"an argument":        {"ARG V=22\nFROM node:${V}-slim", []string{"node:22-slim"}, "FROM node:22-slim"},
		"argument of one":    {"ARG A=node\nARG B=$A:20\nFROM $B", []string{"node:20"}, "FROM node:20"},
		"argument's default": {"FROM node:${V:-20}", []string{"node:20"}, "FROM node:20"},
		"copy from an image": {"FROM a:1\nCOPY --from=nginx:1.27 /x /x", []string{"a:1", "nginx:1.27"}, "FROM a:1"},
		"digest":             {"FROM node@sha256:abcdef", []string{"node@sha256:abcdef"}, "FROM node@sha256:abcdef"},
		"add a file":         {"FROM a:1\nADD --chown=$U:$U [\"x.tar\", \"/y\"]\nADD a.txt $HOME/", []string{"a:1"}, "FROM a:1"},
		"continued":          {"FROM \\\n# comment\n  --platform=linux/amd64 a:1 \\\n AS x\nRUN a \\\n\n && b", []string{"a:1"}, "FROM a:1 AS x"},
		"other escape":       {"# escape=`\nFROM a:1\nRUN dir C:\\\nRUN x `\n y", []string{"a:1"}, "RUN dir C:\\"},
		"lower case, CRLF":   {"\xef\xbb\xbffrom a:1\r\ncopy . .\r\n", []string{"a:1"}, "FROM a:1"},
		"registry of theirs": {"FROM ghcr.example/team/app:2", []string{"ghcr.example/team/app:2"}, "FROM ghcr.example/team/app:2"},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := parseDockerfile([]byte(c.text))
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(d.bases(), c.bases) {
				t.Errorf("bases %q", d.bases())
			}
			if !slices.Contains(strings.Split(string(d.text()), "\n"), c.want) {
				t.Errorf("text %q", d.text())
			}
			if _, err := parseDockerfile(d.text()); err != nil {
				t.Errorf("what is built is not accepted itself: %v", err)
			}
		})
	}
}

func TestDockerfileRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"no FROM":                "RUN x",
		"nothing":                "",
		"other users' packages":  "FROM previewd/deps:0123",
		"the same by its host":   "FROM registry.example/previewd/deps:0123",
		"the same by an old one": "FROM registry.example:443/previewd/project:0123",
		"by argument":            "ARG A=previewd/deps:01\nFROM $A",
		"by parts":               "ARG A=previewd\nARG B=deps\nFROM ${A}/${B}:01",
		"an id":                  "FROM a1b2c3",
		"an id's first digit":    "FROM a",
		"a whole id":             "FROM sha256:abcdef",
		"unknown argument":       "FROM node:$V",
		"argument without value": "ARG V\nFROM node:$V",
		"substitution":           "ARG V=1\nFROM node:${V#x}",
		"quoted":                 "FROM \"previewd/deps:01\"",
		"escaped":                "FROM previe\\wd/deps:01",
		"too many words":         "FROM a b c d",
		"bare FROM":              "FROM",
		"stage name":             "FROM a:1 AS $X",
		"copy from theirs":       "FROM a:1\nCOPY --from=previewd/deps:01 / /",
		"copy from an id":        "FROM a:1\nCOPY --from=a1b2 / /",
		"copy, flag escaped":     "FROM a:1\nCOPY --fr\\om=previewd/deps:01 / /",
		"copy, flag quoted":      "FROM a:1\nCOPY --from=\"previewd/deps:01\" / /",
		"copy, second flag":      "FROM a:1\nCOPY --chown=1 --from=a1b2 / /",
		"add of an address":      "FROM a:1\nADD http://169.254.169.254/ /x",
		"add, in a list":         "FROM a:1\nADD [\"https://x/y\", \"/x\"]",
		"add, by argument":       "FROM a:1\nARG U=http://x\nADD $U /x",
		"add, escaped":           "FROM a:1\nADD http:\\//x/y /x",
		"add, quoted":            "FROM a:1\nADD \"http:\"//x/y /x",
		"add, continued":         "FROM a:1\nADD \\\n http://x/y /x",
		"add, after a comment":   "FROM a:1\nADD \\\n# c\n http://x/y /x",
		"add, bad list":          "FROM a:1\nADD [x",
		"add, one word":          "FROM a:1\nADD x",
		"add, lower case, tab":   "FROM a:1\nadd\thttp://x/y /x",
		"add, vertical tab":      "FROM a:1\nadd\vhttp://x/y /x",
		"hidden by two escapes":  "FROM a:1\nRUN x \\\\\nADD http://x/y /x",
		"onbuild":                "FROM a:1\nONBUILD ADD http://x/y /x",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parseDockerfile([]byte(text))
			var reason *preview.Reason
			if !errors.As(err, &reason) || reason.Code != preview.InstallFailed || !strings.Contains(reason.Message, "line ") {
				t.Errorf("accepted, or not as a reason: %v", err)
			}
		})
	}
}
