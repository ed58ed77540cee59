package openapi

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/pb33f/go-yaml"
)

// object is a JSON object whose members keep their order: forms are made from it.
type object []member

type member struct {
	name  string
	value any
}

func (o object) with(name string, v any) object { return append(o, member{name, v}) }

func (o object) text(name, v string) object {
	if v == "" {
		return o
	}
	return o.with(name, v)
}

func (o object) node(name string, node *yaml.Node) object {
	v := value(node)
	if v == nil {
		return o
	}
	for i := range o {
		if o[i].name == name {
			o[i].value = v
			return o
		}
	}
	return o.with(name, v)
}

// MarshalJSON writes the members in order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(m.name)
		if err != nil {
			return nil, fmt.Errorf("write a name: %w", err)
		}
		v, err := json.Marshal(m.value)
		if err != nil {
			return nil, fmt.Errorf("write %s: %w", m.name, err)
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(v)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
