package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"reflect"
	"time"

	"previewd/server/problem"
)

const (
	maxJSONBody  = 1 << 20 // bytes
	bodyDeadline = 30 * time.Second
)

// readJSON reads a JSON object into v. Unknown members are ignored; a member of a wrong type is named.
func readJSON(w http.ResponseWriter, r *http.Request, v any) error {
	if err := wantJSON(r); err != nil {
		return err
	}
	body, err := readBody(w, r, maxJSONBody)
	if err != nil {
		return err
	}
	if len(body) == 0 {
		return problem.New(problem.InvalidRequest, "the body is empty: want a JSON object")
	}
	return jsonProblem(json.Unmarshal(body, v))
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

func jsonProblem(err error) error {
	if err == nil {
		return nil
	}
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		if wrong.Field == "" {
			return problem.New(problem.InvalidRequest, "the body has to be a JSON object")
		}
		return problem.Newf(problem.InvalidRequest, "%s: want %s, not %s", wrong.Field, typeName(wrong.Type), wrong.Value)
	}
	return problem.New(problem.InvalidRequest, fmt.Sprintf("the body is not valid JSON: %v", err))
}

func typeName(t reflect.Type) string {
	switch t.Kind() {
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Int:
		return "a whole number"
	}
	return "an object"
}
