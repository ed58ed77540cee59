package eval

import "encoding/json"

// parseJSON is a JSON file as a value.
func parseJSON(source []byte) Value {
	var raw any
	if err := json.Unmarshal(source, &raw); err != nil {
		return &Unknown{}
	}
	return FromJSON(raw)
}

// FromJSON makes a value of what encoding/json decoded.
func FromJSON(raw any) Value {
	switch raw := raw.(type) {
	case string:
		return Str{S: raw}
	case float64:
		return Number(raw)
	case bool:
		return Bool{V: raw}
	case []any:
		a := &Array{}
		for _, item := range raw {
			a.Items = append(a.Items, FromJSON(item))
		}
		return a
	case map[string]any:
		o := NewObject()
		for name, v := range raw {
			o.Put(name, FromJSON(v))
		}
		return o
	}
	return Null{}
}

// ToJSON is v as encoding/json would decode it, as far as it is known.
func ToJSON(v Value) any { return (&encoder{left: maxItems}).value(v, 0) }

// encoder counts what it writes: values may hold themselves, many times over.
type encoder struct{ left int }

func (e *encoder) value(v Value, depth int) any {
	e.left--
	if depth > 20 || e.left < 0 {
		return nil
	}
	switch v := v.(type) {
	case Str:
		return FillHoles(v.S, func(label string) string { return label })
	case Number:
		return float64(v)
	case Bool:
		return v.V
	case Regexp:
		return v.Source
	case *Array:
		items := make([]any, 0, len(v.Items))
		for _, item := range v.Items {
			items = append(items, e.value(item, depth+1))
		}
		return items
	case *Object:
		out := map[string]any{}
		for _, key := range v.keys {
			if got := e.value(v.props[key], depth+1); got != nil {
				out[key] = got
			}
		}
		return out
	}
	return nil
}
