package openapi

import (
	"fmt"
	"slices"

	"github.com/goccy/go-yaml"

	"previewd/server/problem"
)

// methods that a path may have, in the order a reader expects.
func methods() []string { return []string{"get", "put", "post", "delete"} }

func ref(kind, name string) object { return of("$ref", "#/components/"+kind+"/"+name) }

// expand spells out what the files abbreviate.
func expand(root object) (object, error) {
	root = add(root, yaml.MapItem{Key: "ErrorCode", Value: errorCodes()}, "components", "schemas")
	members := objectAt(root, "x-members")
	parameters := objectAt(root, "components", "parameters")
	for i := range parameters {
		parameters[i].Value = orEmpty(parameters[i].Value)
	}
	for _, path := range objectAt(root, "paths") {
		item, _ := path.Value.(object)
		for _, method := range methods() {
			op := objectAt(item, method)
			if op == nil {
				continue
			}
			full, err := expandOperation(op, members)
			if err != nil {
				return nil, fmt.Errorf("%s %s: %w", method, name(path), err)
			}
			with(item, method, full) // in place: the method is there
		}
	}
	return share(without(root, "x-members")), nil
}

func errorCodes() object {
	var codes []any
	for _, code := range problem.Codes() {
		codes = append(codes, string(code))
	}
	return of("description", "A stable name of an error, to switch on.", "type", "string", "enum", codes)
}

// orEmpty says of a parameter in the query what holds for all of them: an empty one is as good as none.
func orEmpty(parameter any) any {
	if o, _ := parameter.(object); textAt(o, "in") == "query" {
		return with(slices.Clone(o), "allowEmptyValue", true)
	}
	return parameter
}

// expandOperation spells out the errors, and the headers that all answers have.
func expandOperation(op, members object) (object, error) {
	codes := append(slices.Clone(listAt(op, "x-errors")), string(problem.Internal))
	if slices.Contains(codes, any(string(problem.InvalidToken))) { // who looks at tokens may be without keys
		codes = append(codes, string(problem.IdentityUnavailable))
	}
	rate := textAt(op, "x-rate-limit")
	if rate != "" {
		codes = append(codes, string(problem.RateLimitExceeded))
		op = with(op, "description", textAt(op, "description")+"\n\n**Rate limit**: "+rate)
	}
	parameters := listAt(op, "parameters")
	for i := range parameters {
		parameters[i] = orEmpty(parameters[i])
	}
	errors, err := problems(codes, members)
	if err != nil {
		return nil, err
	}
	var responses object
	for _, item := range slices.Concat(objectAt(op, "responses"), errors) {
		if at(responses, name(item)) != nil {
			return nil, fmt.Errorf("%s is described twice", name(item))
		}
		response, _ := item.Value.(object)
		responses = append(responses, yaml.MapItem{Key: name(item), Value: withHeaders(response, rate != "" && name(item) != "401")})
	}
	for _, done := range []string{"x-errors", "x-rate-limit", "responses"} {
		op = without(op, done)
	}
	return append(op, yaml.MapItem{Key: "responses", Value: responses}), nil
}

// withHeaders returns a copy of the response with the headers that are not the route's own.
func withHeaders(response object, limited bool) object {
	headers := with(slices.Clone(objectAt(response, "headers")), "X-Request-ID", ref("headers", "RequestID"))
	if limited {
		headers = with(headers, "X-RateLimit-Limit", ref("headers", "RateLimit"))
		headers = with(headers, "X-RateLimit-Remaining", ref("headers", "RateRemaining"))
		headers = with(headers, "X-RateLimit-Reset", ref("headers", "RateReset"))
	}
	return with(slices.Clone(response), "headers", headers)
}
