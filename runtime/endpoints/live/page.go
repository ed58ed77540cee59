package live

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	// Swagger UI's `url: "/openapi.json"` and `"url": "..."`, Redoc's `spec-url="..."`, Scalar's `data-url="..."`.
	documentURL = regexp.MustCompile(`(?:\burl["']?\s*:\s*|spec-url=|specUrl["']?\s*:\s*|data-url=|spec_url["']?\s*:\s*|configUrl["']?\s*:\s*)["']([^"'<>\s]{1,500})["']`)
	// The scripts that hold Swagger UI's settings.
	settings = regexp.MustCompile(`<script[^>]{0,500}\bsrc=["']([^"'<>]{0,500}(?:swagger-initializer|swagger-ui-init|index|swagger-config)\.js[^"'<>]{0,100})["']`)
	// swagger-ui-express writes the document itself into its script.
	embedded = regexp.MustCompile(`["']swaggerDoc["']\s*:\s*`)
)

const maxLinks = 4

// linked are the paths on this app that a page or script names as documents.
func linked(at string, body []byte) []string { return links(at, body, documentURL) }

// scripts are the paths on this app of the scripts that may name some.
func scripts(at string, body []byte) []string { return links(at, body, settings) }

func links(at string, body []byte, pattern *regexp.Regexp) []string {
	base, err := url.Parse(at)
	if err != nil {
		return nil
	}
	var all []string
	for _, match := range pattern.FindAllSubmatch(body, 4*maxLinks) {
		to, err := base.Parse(strings.ReplaceAll(string(match[1]), "&amp;", "&"))
		if err != nil || to.Host != "" || to.Scheme != "" || to.User != nil || !strings.HasPrefix(to.Path, "/") || to.Path == base.Path {
			continue // only what is on the app itself
		}
		to.Fragment = ""
		if p := to.RequestURI(); !slices.Contains(all, p) && len(all) < maxLinks {
			all = append(all, p)
		}
	}
	return all
}

// inside is a document that is written into a script, or nil.
func inside(script []byte) []byte {
	at := embedded.FindIndex(script)
	if at == nil {
		return nil
	}
	var document json.RawMessage
	if json.NewDecoder(strings.NewReader(string(script[at[1]:]))).Decode(&document) != nil {
		return nil
	}
	return document
}
