package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/goccy/go-yaml"
)

// object is a mapping that keeps the order in which it was written: a reader wants id before created_at.
type object = yaml.MapSlice

// at follows keys down; nil where there is nothing.
func at(value any, keys ...string) any {
	for _, key := range keys {
		o, _ := value.(object)
		value = nil
		for _, item := range o {
			if name(item) == key {
				value = item.Value
			}
		}
	}
	return value
}

func objectAt(value any, keys ...string) object {
	o, _ := at(value, keys...).(object)
	return o
}

func textAt(value any, keys ...string) string {
	s, _ := at(value, keys...).(string)
	return s
}

func listAt(value any, keys ...string) []any {
	l, _ := at(value, keys...).([]any)
	return l
}

func name(item yaml.MapItem) string { return fmt.Sprint(item.Key) }

// with returns the object with one member set.
func with(o object, key string, value any) object {
	for i, item := range o {
		if name(item) == key {
			o[i].Value = value
			return o
		}
	}
	return append(o, yaml.MapItem{Key: key, Value: value})
}

// without returns the object without one member.
func without(o object, key string) object {
	var rest object
	for _, item := range o {
		if name(item) != key {
			rest = append(rest, item)
		}
	}
	return rest
}

// of builds an object of pairs of a key and a value.
func of(pairs ...any) object {
	var o object
	for i := 0; i+1 < len(pairs); i += 2 {
		o = append(o, yaml.MapItem{Key: pairs[i], Value: pairs[i+1]})
	}
	return o
}

// encode writes JSON in the order of the objects.
func encode(value any) ([]byte, error) {
	var b bytes.Buffer
	if err := encodeTo(&b, value); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func encodeTo(b *bytes.Buffer, value any) error {
	switch v := value.(type) {
	case object:
		return encodeObject(b, v)
	case []any:
		return encodeList(b, v)
	default:
		text, err := marshal(v)
		b.Write(text)
		return err
	}
}

func encodeObject(b *bytes.Buffer, o object) error {
	b.WriteByte('{')
	for i, item := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encodeTo(b, name(item)); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := encodeTo(b, item.Value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

func encodeList(b *bytes.Buffer, list []any) error {
	b.WriteByte('[')
	for i, item := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := encodeTo(b, item); err != nil {
			return err
		}
	}
	b.WriteByte(']')
	return nil
}

// marshal leaves < and > as they are: nobody puts this into a script.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
