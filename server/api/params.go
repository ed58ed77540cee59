package api

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// param is a member of an object whose values are scalars or lists of them, such as a query.
type param struct {
	name   string
	values []string
}

// params is such an object, in its order. Numbers keep their spelling; null stands for nothing, in a list too.
func (o *object) params(name string) []param {
	value := o.raw(name)
	if value == nil {
		return nil
	}
	if kindOf(value) != "object" {
		o.refuse(name, "an object", value)
		return nil
	}
	var list []param
	members := json.NewDecoder(bytes.NewReader(value))
	_, _ = members.Token() // the brace; all of it was decoded once and cannot fail now
	for members.More() {
		token, _ := members.Token()
		key, _ := token.(string)
		var member json.RawMessage
		_ = members.Decode(&member)
		list = append(list, param{key, o.scalars(name+"."+shown(key), member)})
	}
	return list
}

// scalars are the values of one member.
func (o *object) scalars(name string, value json.RawMessage) []string {
	if kindOf(value) != "array" {
		return o.scalar(name, value, nil)
	}
	var items []json.RawMessage
	_ = json.Unmarshal(value, &items) // it was decoded before
	var list []string
	for i, item := range items {
		list = o.scalar(name+"["+strconv.Itoa(i)+"]", item, list)
	}
	return list
}

func (o *object) scalar(name string, value json.RawMessage, list []string) []string {
	switch kindOf(value) {
	case "null":
		return list
	case "string":
		var text string
		_ = json.Unmarshal(value, &text) // it was decoded before
		return append(list, text)
	case "number", "bool":
		return append(list, string(value))
	}
	o.refuse(name, "a string, a number, true, false or a list of them", value)
	return list
}
