package api

import (
	"encoding/json"
	"errors"
	"maps"
	"math"
	"slices"
	"strconv"

	"previewd/server/problem"
)

// object is a JSON object whose members are read one by one, by their exact names: the standard library's decoder would
// also take PROJECT_ID for project_id, and blame a member that the contract does not know. What is never asked for is
// ignored; of equal names the last counts; null is the same as absent.
//
// The first member of a wrong type is kept and told by problem, so that readers need not look after each one.
type object struct {
	members map[string]json.RawMessage
	wrong   error
}

// problem is what is wrong with the members read so far.
func (o *object) problem() error { return o.wrong }

// raw is a member as it was written, nil when it is absent.
func (o *object) raw(name string) json.RawMessage {
	if value := o.members[name]; string(value) != "null" {
		return value
	}
	return nil
}

// text is a string, nil when it is absent.
func (o *object) text(name string) *string {
	value := o.raw(name)
	if value == nil {
		return nil
	}
	var s string
	if json.Unmarshal(value, &s) != nil {
		o.refuse(name, "a string", value)
	}
	return &s
}

// flag is false when it is absent.
func (o *object) flag(name string) bool {
	value := o.raw(name)
	if value != nil && kindOf(value) != "bool" {
		o.refuse(name, "true or false", value)
	}
	return string(value) == "true"
}

// whole is a whole number, nil when it is absent. 30.0 and 3e1 are whole, as JSON Schema has it.
func (o *object) whole(name string) *int {
	value := o.raw(name)
	if value == nil {
		return nil
	}
	n, err := strconv.ParseFloat(string(value), 64)
	tooLarge := errors.Is(err, strconv.ErrRange) || math.Abs(n) > 1<<53
	if kindOf(value) != "number" || !tooLarge && n != math.Trunc(n) {
		o.refuse(name, "a whole number", value)
	}
	return new(int(max(-1<<53, min(n, 1<<53))))
}

// texts is an object of strings, nil when it is absent. The keys are the caller's own, so null is no string here.
func (o *object) texts(name string) map[string]string {
	value := o.raw(name)
	if value == nil {
		return nil
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(value, &members) != nil {
		o.refuse(name, "an object", value)
		return nil
	}
	texts := make(map[string]string, len(members))
	for _, key := range slices.Sorted(maps.Keys(members)) {
		member := members[key]
		var text string
		if kindOf(member) != "string" || json.Unmarshal(member, &text) != nil {
			o.refuse(name+"."+shown(key), "a string", member)
		}
		texts[key] = text
	}
	return texts
}

// refuse keeps the first problem. The value itself is only shown where it is a number.
func (o *object) refuse(name, want string, value json.RawMessage) {
	if o.wrong != nil {
		return
	}
	found := kindOf(value)
	if found == "number" && want == "a whole number" {
		found += " " + cut(string(value))
	}
	o.wrong = problem.Newf(problem.InvalidRequest, "%s: want %s, not %s", name, want, found)
}

// kindOf names the type of a JSON value.
func kindOf(value json.RawMessage) string {
	switch value[0] {
	case '"':
		return "string"
	case '{':
		return "object"
	case '[':
		return "array"
	case 't', 'f':
		return "bool"
	case 'n':
		return "null"
	}
	return "number"
}

// shown makes a key of the caller's fit for a sentence.
func shown(key string) string {
	if envName.MatchString(key) && len(key) <= maxShown {
		return key
	}
	return strconv.Quote(cut(key))
}

const maxShown = 64 // bytes

func cut(s string) string { return s[:min(len(s), maxShown)] }
