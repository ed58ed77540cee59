package client

import (
	"encoding/json"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"time"
)

// Problem is an error answer of the API (RFC 9457).
type Problem struct {
	Type      string `json:"type,omitempty"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	ErrorCode string `json:"error_code"`
	Hint      string `json:"hint,omitempty"`
	Timestamp string `json:"timestamp,omitempty"`
	RequestID string `json:"request_id,omitempty"`

	RetryAfter time.Duration `json:"-"` // 0 when the answer does not tell
}

// Error is the detail, which is written for people.
func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if p.ErrorCode == "" {
		return fmt.Sprintf("%s (HTTP %d)", text, p.Status)
	}
	return fmt.Sprintf("%s (%s)", text, p.ErrorCode)
}

// problemOf reads an error answer and closes it. What is not a problem body was not written by previewd, a proxy's page mostly.
func problemOf(resp *http.Response) *Problem {
	defer resp.Body.Close()
	const most = 1 << 20
	var p Problem
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	isProblem := kind == "application/problem+json" || kind == "application/json"
	if !isProblem || json.NewDecoder(io.LimitReader(resp.Body, most)).Decode(&p) != nil {
		p = Problem{Detail: "the answer is not one of previewd's: is the address right?"}
	}
	p.Status = resp.StatusCode
	if p.Title == "" {
		p.Title = http.StatusText(resp.StatusCode)
	}
	if seconds, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && seconds > 0 {
		p.RetryAfter = time.Duration(seconds) * time.Second
	}
	return &p
}
