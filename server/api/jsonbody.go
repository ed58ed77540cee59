package api

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"time"
	"unicode/utf8"

	"previewd/server/problem"
)

const (
	maxJSONBody  = 1 << 20 // bytes
	bodyDeadline = 30 * time.Second
)

// readObject reads a JSON object.
func readObject(w http.ResponseWriter, r *http.Request, limit int64) (*object, error) {
	if err := wantJSON(r); err != nil {
		return nil, err
	}
	body, err := readBody(w, r, limit)
	if err != nil {
		return nil, err
	}
	if len(body) == 0 {
		return nil, problem.New(problem.InvalidRequest, "the body is empty: want a JSON object")
	}
	return parseObject(body)
}

// readOptionalObject takes no body at all, whatever its type is said to be, for an empty object.
func readOptionalObject(w http.ResponseWriter, r *http.Request, limit int64) (*object, error) {
	body, err := readBody(w, r, limit)
	if err != nil || len(body) == 0 {
		return &object{}, err
	}
	if err := wantJSON(r); err != nil {
		return nil, err
	}
	return parseObject(body)
}

func parseObject(body []byte) (*object, error) {
	if !utf8.Valid(body) {
		return nil, problem.New(problem.InvalidRequest, "the body is not valid JSON: it is not UTF-8")
	}
	var o object
	err := json.Unmarshal(body, &o.members)
	if _, wrong := errors.AsType[*json.UnmarshalTypeError](err); wrong || err == nil && o.members == nil {
		return nil, problem.New(problem.InvalidRequest, "the body has to be a JSON object")
	}
	if err != nil {
		return nil, problem.Newf(problem.InvalidRequest, "the body is not valid JSON: %v", err)
	}
	return &o, nil
}

// wantJSON accepts a missing content type, for there is only one that makes sense.
func wantJSON(r *http.Request) error {
	given := r.Header.Get("Content-Type")
	if given == "" {
		return nil
	}
	if media, _, err := mime.ParseMediaType(given); err != nil || media != typeJSON {
		return problem.New(problem.UnsupportedMediaType, "Content-Type: want "+typeJSON)
	}
	return nil
}

// readBody reads the whole body within its own deadline, which is lifted afterwards: an expired one would
// cancel the request's context.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	control := http.NewResponseController(w)
	deadlines := control.SetReadDeadline(time.Now().Add(bodyDeadline)) == nil
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return nil, bodyProblem(err)
	}
	if deadlines {
		err = control.SetReadDeadline(time.Time{})
	}
	return body, err
}

// bodyProblem blames the sender for a body that did not arrive; errors of other origin pass through.
func bodyProblem(err error) error {
	var slow interface{ Timeout() bool }
	switch {
	case errors.As(err, &slow) && slow.Timeout():
		return problem.New(problem.InvalidRequest, "the body did not arrive in time").Because(err)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return problem.New(problem.InvalidRequest, "the body ends before its declared length").Because(err)
	}
	return err
}
