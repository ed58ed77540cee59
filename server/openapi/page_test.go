package openapi

import (
	"crypto/sha256"
	"encoding/base64"
	"html"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

func page(t *testing.T) (text string, policy string) {
	t.Helper()
	rec := httptest.NewRecorder()
	if err := NewSite().Page(rec, httptest.NewRequest("GET", "/docs", nil)); err != nil {
		t.Fatal(err)
	}
	if rec.Header().Get("Content-Type") != "text/html; charset=utf-8" || rec.Header().Get("ETag") == "" {
		t.Error(rec.Header())
	}
	return rec.Body.String(), rec.Header().Get("Content-Security-Policy")
}

// TestPageNeedsNothingElse holds the page to its policy: one style, no script, nothing that is loaded.
func TestPageNeedsNothingElse(t *testing.T) {
	text, policy := page(t)
	_, rest, _ := strings.Cut(text, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	if want := "style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; !strings.Contains(policy, want) || !strings.HasPrefix(policy, "default-src 'none'") {
		t.Errorf("%s, want %s", policy, want)
	}
	for _, bad := range []string{"<script", " style=", "onclick", "src=", "@import", "url(", "ZgotmplZ"} {
		if strings.Contains(text, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
	for _, link := range regexp.MustCompile(`<link [^>]*href="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		if !strings.HasPrefix(link[1], "data:") {
			t.Errorf("the page loads %s", link[1])
		}
	}
}

func TestPageLinksLeadSomewhere(t *testing.T) {
	text, _ := page(t)
	ids := map[string]bool{}
	for _, id := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if ids[id[1]] {
			t.Errorf("%s is there twice", id[1])
		}
		ids[id[1]] = true
	}
	for _, link := range regexp.MustCompile(` href="#([^"]+)"`).FindAllStringSubmatch(text, -1) {
		if !ids[link[1]] {
			t.Errorf("a link leads to %s, which is not there", link[1])
		}
	}
}

func TestPageShowsEveryOperation(t *testing.T) {
	text, _ := page(t)
	files, err := assembled()
	if err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{"paths", "webhooks"} {
		for _, path := range objectAt(files, section) {
			for _, method := range methods() {
				op := objectAt(path.Value, method)
				if op == nil {
					continue
				}
				for _, want := range []string{` id="` + textAt(op, "operationId") + `"`, html.EscapeString(textAt(op, "summary")), "<code>" + name(path) + "</code>"} {
					if !strings.Contains(text, want) {
						t.Errorf("%s %s: the page has no %s", method, name(path), want)
					}
				}
			}
		}
	}
	for _, want := range []string{
		`curl -X DELETE &#34;$PREVIEW_API/api/v1/generations/notes-42/preview&#34;`, `-H &#34;X-Preview-Token: $SESSION&#34;`,
		`curl &#34;$PREVIEW_API/livez&#34;</code>`, `list of <a href="#schema-Preview">Preview</a>`,
		`<a href="#schema-Reason">Reason</a> or null`, `<span class="key">&#34;exit_code&#34;</span>: <span class="lit">1</span>`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
}

func TestHighlightEscapes(t *testing.T) {
	got := string(highlight(`{"<a>": "x\"<b>", "n": -1.5e3, "z": null, "s": "true 1"}`))
	want := `{<span class="key">&#34;&lt;a&gt;&#34;</span>: <span class="str">&#34;x\&#34;&lt;b&gt;&#34;</span>, <span class="key">&#34;n&#34;</span>: <span class="lit">-1.5e3</span>, ` +
		`<span class="key">&#34;z&#34;</span>: <span class="lit">null</span>, <span class="key">&#34;s&#34;</span>: <span class="str">&#34;true 1&#34;</span>}`
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestCurlQuotes(t *testing.T) {
	if got, want := quote(`it's`), `'it'\''s'`; got != want {
		t.Error(got)
	}
}
