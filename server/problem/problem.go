// Package problem is the one place that turns an error into an answer: application/problem+json (RFC 9457) with
// the members of previewd's contract.
package problem

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/sirupsen/logrus"

	"previewd/runtime/tracing"
	"previewd/server/middleware/requestid"
)

// ContentType of every error.
const ContentType = "application/problem+json"

const typePrefix = "urn:previewd:error:"

// Body is the error as it is sent.
type Body struct {
	Type      string    `json:"type"`
	Title     string    `json:"title"`
	Status    int       `json:"status"`
	Detail    string    `json:"detail"`
	ErrorCode Code      `json:"error_code"`
	Timestamp time.Time `json:"timestamp"`
	RequestID string    `json:"request_id"`
}

// Renderer answers with errors and logs each of them once.
type Renderer struct {
	Log *logrus.Entry
	Now func() time.Time // nil is time.Now
}

// statusGone is nginx's word for a caller that left before the answer. Without a status the server would say 200 to
// one that closed only its own half of the connection.
const statusGone = 499

// Form is another form of an error than the problem's own: a content type and the text.
type Form func(Body) (contentType string, text []byte)

// Write answers the request with the error, mapped by From. A caller that has gone is told nothing.
func (p *Renderer) Write(w http.ResponseWriter, r *http.Request, err error) {
	p.WriteAs(w, r, err, nil)
}

// WriteAs is Write in another form; nil is the usual one.
func (p *Renderer) WriteAs(w http.ResponseWriter, r *http.Request, err error, form Form) {
	log := tracing.Log(r.Context(), p.Log).WithField("request_id", requestid.From(r.Context()))
	if errors.Is(r.Context().Err(), context.Canceled) {
		log.WithField("err", err).Debug("caller went away")
		w.WriteHeader(statusGone)
		return
	}
	e := p.dated(From(err))
	body := p.body(e, requestid.From(r.Context()))
	tracing.Of(r.Context()).Set(tracing.ErrorCode, string(body.ErrorCode))
	logOnce(log.WithField("error_code", body.ErrorCode), body.Status >= http.StatusInternalServerError && !e.ofApp, err)

	contentType, text := ContentType, []byte(nil)
	if form != nil {
		contentType, text = form(body)
	} else {
		text = encode(body, e.Members)
	}
	h := w.Header()
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-store")
	h.Del("Content-Length")
	switch body.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", `Bearer realm="previewd"`)
	case http.StatusServiceUnavailable:
		h.Set("Retry-After", "5")
	}
	if e.RetryAfter > 0 {
		h.Set("Retry-After", wholeSeconds(e.RetryAfter))
	}
	w.WriteHeader(body.Status)
	_, _ = w.Write(text) // the caller may have gone; there is nobody left to tell
}

// wholeSeconds rounds up: who comes back a moment early is only refused again.
func wholeSeconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Second-1)/time.Second), 10)
}

// encode puts the further members behind the fixed ones.
func encode(body Body, members map[string]any) []byte {
	text, _ := json.Marshal(body) // of strings and numbers
	if more, err := json.Marshal(members); err == nil && len(members) > 0 {
		text = append(append(text[:len(text)-1], ','), more[1:]...)
	}
	return append(text, '\n')
}

// dated turns the time to try again into what a caller is told of it.
func (p *Renderer) dated(e *Error) *Error {
	if e.Reset.IsZero() {
		return e
	}
	wait := max(time.Second, e.Reset.Sub(p.now()))
	seconds := int64((wait + time.Second - 1) / time.Second)
	return e.With("retry_after", seconds).With("reset_time", e.Reset.UTC()).After(wait)
}

func (p *Renderer) now() time.Time {
	if p.Now == nil {
		return time.Now()
	}
	return p.Now()
}

func (p *Renderer) body(e *Error, requestID string) Body {
	k, known := kinds[e.Code]
	if !known { // a preview's reason
		k = kind{status: http.StatusInternalServerError, title: "Preview failed"}
	}
	status := cmp.Or(e.Status, k.status)
	detail := cmp.Or(e.Detail, k.detail)
	return Body{
		Type: typePrefix + string(e.Code), Title: k.title, Status: status, Detail: detail,
		ErrorCode: e.Code, Timestamp: p.now().UTC(), RequestID: requestID,
	}
}

// logOnce is loud only where the fault is on this side.
func logOnce(log *logrus.Entry, ours bool, err error) {
	log = log.WithField("err", err)
	if ours {
		log.Error("request failed")
		return
	}
	log.Debug("request refused")
}
