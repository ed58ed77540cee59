package openapi

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/goccy/go-yaml"

	"previewd/server/problem"
)

// problems makes a response per status of the errors, the lowest status first. An error is a code, or a status and a code
// where the status is not the code's usual one. Members are what some codes have beyond those of every error.
func problems(errors []any, members object) (object, error) {
	var kinds []problem.Kind
	for _, given := range errors {
		kind, err := kindOf(fmt.Sprint(given))
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, kind)
	}
	slices.SortStableFunc(kinds, func(a, b problem.Kind) int { return cmp.Compare(a.Status, b.Status) })
	var responses object
	for len(kinds) > 0 {
		status, n := kinds[0].Status, 0
		for n < len(kinds) && kinds[n].Status == status {
			n++
		}
		responses = append(responses, yaml.MapItem{Key: strconv.Itoa(status), Value: problemResponse(status, kinds[:n], members)})
		kinds = kinds[n:]
	}
	return responses, nil
}

func kindOf(given string) (problem.Kind, error) {
	status, code, unusual := strings.Cut(given, " ")
	if !unusual {
		code = given
	}
	kind, known := problem.KindOf(problem.Code(code))
	if !known {
		return kind, fmt.Errorf("previewd has no error %s", code)
	}
	if unusual {
		var err error
		if kind.Status, err = strconv.Atoi(status); err != nil {
			return kind, fmt.Errorf("error %q: want a status and a code", given)
		}
	}
	return kind, nil
}

func problemResponse(status int, kinds []problem.Kind, members object) object {
	var codes []any
	var examples object
	var words []string
	for _, kind := range kinds {
		codes = append(codes, string(kind.Code))
		value := append(problemExample(kind), objectAt(members, string(kind.Code), "example")...)
		examples = append(examples, yaml.MapItem{Key: string(kind.Code), Value: of("value", value)})
		words = append(words, fmt.Sprintf("`%s`: %s", kind.Code, kind.Detail))
	}
	return of(
		"description", strings.Join(words, "\n\n"),
		"headers", problemHeaders(status),
		"content", of(problem.ContentType, of("schema", problemSchema(codes, members), "examples", examples)),
	)
}

func problemHeaders(status int) object {
	switch status {
	case http.StatusUnauthorized:
		return of("WWW-Authenticate", ref("headers", "Authenticate"))
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return of("Retry-After", ref("headers", "RetryAfter"))
	}
	return nil
}

// problemSchema narrows Problem to the codes. Their further members are required where there is only one.
func problemSchema(codes []any, members object) object {
	narrow := of("type", "object", "properties", of("error_code", of("enum", codes)))
	for _, code := range codes {
		more := objectAt(members, fmt.Sprint(code))
		if more == nil {
			continue
		}
		narrow = with(narrow, "properties", slices.Concat(objectAt(narrow, "properties"), objectAt(more, "properties")))
		if len(codes) == 1 {
			narrow = with(narrow, "required", at(more, "required"))
		}
	}
	return of("allOf", []any{ref("schemas", "Problem"), narrow})
}

func problemExample(kind problem.Kind) object {
	return of(
		"type", problem.TypeOf(kind.Code), "title", kind.Title, "status", kind.Status, "detail", kind.Detail,
		"error_code", string(kind.Code), "timestamp", "2026-11-05T09:30:00.123456Z", "request_id", "5f0c6a3b7d2e4f18a9b0c1d2e3f40516",
	)
}
