package gateway

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"previewd/runtime/preview"
	"previewd/server/middleware/requestid"
	"previewd/server/problem"
)

// page is what a person sees in the place of an app. Everything in it is text.
type page struct {
	Title   string
	Text    string
	Phases  []step // of a preview that starts
	Refresh int    // seconds until the browser looks again, 0 is never
	Reason  string // code
	Hint    string
	Lines   []string // the last ones of the log
	Style   template.CSS
}

// step is one phase of a launch.
type step struct {
	Name string
	Mark string // done, now or later
}

//go:embed page
var files embed.FS

var (
	style, _ = files.ReadFile("page/style.css") // it is embedded
	view     = template.Must(template.ParseFS(files, "page/page.html"))

	// The pages load nothing and run nothing; anybody may frame them, as the preview's own tab does.
	pagePolicy = fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; form-action 'none'; base-uri 'none'", styleSum())
)

func styleSum() string {
	sum := sha256.Sum256(style)
	return base64.StdEncoding.EncodeToString(sum[:])
}

func waiting(p preview.Preview) page {
	phases := preview.Phases()
	steps, mark := make([]step, 0, len(phases)), "done"
	for _, phase := range phases {
		if phase == p.Phase {
			steps, mark = append(steps, step{string(phase), "now"}), "later"
			continue
		}
		steps = append(steps, step{string(phase), mark})
	}
	return page{Title: "Starting…", Text: "The preview starts. This page looks again every second.", Phases: steps, Refresh: 1}
}

func over(p preview.Preview) page {
	shown := page{Title: "This preview has ended", Text: "Launch it again to see it."}
	if p.Status == preview.Failed {
		shown.Title = "This preview failed"
	}
	if p.Reason == nil {
		return shown
	}
	shown.Text, shown.Reason, shown.Hint = p.Reason.Message, string(p.Reason.Code), p.Reason.Hint
	if p.Reason.Evidence != nil {
		shown.Lines = p.Reason.Evidence.LastLines
	}
	return shown
}

func silent(why string) page {
	return page{Title: "The app does not answer", Text: why + " The preview runs; its log may say more."}
}

// titles are those of errors that a person may meet; others have their own.
var titles = map[problem.Code]page{
	problem.InvalidSessionToken: {
		Title: "This preview needs a link",
		Text: "Open it from where you launched it, or ask for a shared link. If you have just done that, your browser keeps this page's cookies " +
			"out of the frame: open it in a tab of its own.",
	},
	problem.PreviewNotFound: {Title: "No such preview", Text: "There is no preview at this address."},
}

// refuse answers with a page where a browser wants one, and with a problem elsewhere.
func (g *Gateway) refuse(w http.ResponseWriter, r *http.Request, err error) {
	requestid.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ownHeaders(w.Header())
		if wantsPage(r) {
			g.Problems.WriteAs(w, r, err, func(b problem.Body) (string, []byte) { return "text/html; charset=utf-8", render(err, b) })
			return
		}
		g.Problems.Write(w, r, err)
	})).ServeHTTP(w, r)
}

func render(err error, b problem.Body) []byte {
	own, ok := errors.AsType[refusal](err)
	shown := own.page
	if !ok {
		shown = titles[b.ErrorCode]
		shown.Title, shown.Text = cmp.Or(shown.Title, b.Title), cmp.Or(shown.Text, b.Detail)
	}
	shown.Style = template.CSS(style)
	var out bytes.Buffer
	_ = view.Execute(&out, shown) // into memory, of fields that are there
	return out.Bytes()
}

func wantsPage(r *http.Request) bool {
	return strings.Contains(strings.Join(r.Header["Accept"], ","), "text/html")
}

// ownHeaders suit what the gateway says itself: it tells no other site of the address, and is kept by nobody.
func ownHeaders(h http.Header) {
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	h.Set("Vary", "Accept, Cookie")
}
