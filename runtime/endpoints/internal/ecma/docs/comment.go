// Package docs reads what comments and handlers tell of a route: a summary, parameters, the shape of a body.
package docs

import (
	"bytes"
	"regexp"
	"strings"
)

// maxComment bounds how much of a comment is read.
const maxComment = 20_000

// Before is the comment that ends right before the offset: a block, or lines that begin with slashes. It is "" without one.
func Before(source []byte, offset int) string {
	if offset > len(source) {
		return ""
	}
	head := bytes.TrimRight(source[:offset], " \t\r\n.")
	if bytes.HasSuffix(head, []byte("*/")) {
		start := bytes.LastIndex(head, []byte("/*"))
		if start < 0 || len(head)-start > maxComment || blankLine(source[len(head):offset]) {
			return ""
		}
		return block(string(head[start+2 : len(head)-2]))
	}
	return lines(head)
}

// blankLine reports whether an empty line stands between a comment and what follows: then it is about something else.
func blankLine(between []byte) bool { return bytes.Count(between, []byte("\n")) > 1 }

// block is the text of a block comment without the stars at the beginning of its lines.
func block(text string) string {
	var out []string
	for line := range strings.SplitSeq(strings.Trim(text, "*"), "\n") {
		trimmed := strings.TrimLeft(line, " \t")
		if strings.HasPrefix(trimmed, "*") {
			line = strings.TrimPrefix(trimmed[1:], " ")
		}
		out = append(out, strings.TrimRight(line, " \t\r"))
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// code is what comments look like that were code.
var code = regexp.MustCompile(`[;{}]|=>|\)\s*$|^\s*(?:const|let|var|import|return|await|eslint|prettier|@ts-|TODO|FIXME)\b`)

// lines are the comment lines at the end of head.
func lines(head []byte) string {
	var out []string
	for len(head) > 0 && len(out) < 20 {
		start := bytes.LastIndexByte(head, '\n') + 1
		line := strings.TrimSpace(string(head[start:]))
		if !strings.HasPrefix(line, "//") {
			break
		}
		text := strings.TrimSpace(strings.TrimLeft(line, "/"))
		if code.MatchString(text) || !letters.MatchString(text) {
			break
		}
		out = append([]string{text}, out...)
		head = bytes.TrimRight(head[:start], "\r\n")
	}
	return strings.Join(out, "\n")
}

var letters = regexp.MustCompile(`\pL{2}`)

// Told is what a comment says of a route.
type Told struct {
	Summary, Description string
	Tags                 []string
	Params               []Param
	Body                 any // JSON schema
}

// Param is a parameter that is told of.
type Param struct {
	Name, In, Type, Description string
	Required                    bool
}

// asked is the request itself at the beginning of a line, as some write it: "GET /users - lists users".
var asked = regexp.MustCompile(`^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|ALL)\s*:?\s+/\S*\s*(?:[-–:]+\s*)?`)

var tag = regexp.MustCompile(`^@(\w+)\s*(.*)$`)

// Read takes a comment apart: its first sentence is the summary. Tags of JSDoc and of those who write @desc are known, and
// the YAML of swagger-jsdoc.
func Read(comment, method, path string) Told {
	if _, after, ok := strings.Cut(comment, "@openapi"); ok {
		return openAPI(after, method, path)
	}
	if _, after, ok := strings.Cut(comment, "@swagger"); ok {
		return openAPI(after, method, path)
	}
	var text []string
	var told Told
	open := true
	for line := range strings.SplitSeq(comment, "\n") {
		line = strings.TrimSpace(line)
		found := tag.FindStringSubmatch(line)
		switch {
		case found == nil && open:
			text = append(text, asked.ReplaceAllString(line, ""))
		case found == nil:
		default:
			open = false
			told.tagged(strings.ToLower(found[1]), found[2])
		}
	}
	summary, description := split(strings.TrimSpace(strings.Join(text, "\n")))
	if told.Summary == "" {
		told.Summary = summary
	}
	if told.Description == "" {
		told.Description = description
	}
	return told
}

func (t *Told) tagged(name, text string) {
	text = strings.TrimSpace(text)
	switch name {
	case "desc", "description", "summary":
		if t.Summary == "" {
			t.Summary = text
		} else {
			t.Description = text
		}
	case "tags", "tag":
		for part := range strings.SplitSeq(strings.Trim(text, "[]"), ",") {
			if part = strings.TrimSpace(part); part != "" {
				t.Tags = append(t.Tags, part)
			}
		}
	}
}

// split makes a summary of the first line or sentence, and a description of the rest.
func split(text string) (summary, description string) {
	first, rest, _ := strings.Cut(text, "\n")
	if letters.FindString(first) == "" {
		return "", ""
	}
	if i := strings.Index(first, ". "); i > 0 {
		return first[:i], strings.TrimSpace(first[i+1:] + "\n" + rest)
	}
	return strings.TrimSuffix(first, "."), strings.TrimSpace(rest)
}
