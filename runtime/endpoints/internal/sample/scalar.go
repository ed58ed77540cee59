package sample

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
)

// formats are values of the formats that JSON schema and OpenAPI name.
var formats = map[string]string{
	"date":      "2026-01-31",
	"date-time": "2026-01-31T12:00:00Z",
	"time":      "12:00:00Z",
	"duration":  "PT1H",
	"email":     "user@example.com",
	"idn-email": "user@example.com",
	"hostname":  "example.com",
	"ipv4":      "192.0.2.1",
	"ipv6":      "2001:db8::1",
	"uri":       "https://example.com/",
	"url":       "https://example.com/",
	"uuid":      "123e4567-e89b-12d3-a456-426614174000",
	"byte":      "aGVsbG8=",
	"binary":    "hello",
	"password":  "secret-password",
}

// scalar is a plain value of the type. Without a type anything fits, and nothing helps.
func (s schema) scalar() (json.RawMessage, bool) {
	name := ""
	if len(s.Type) > 0 {
		name = s.Type[0]
	}
	switch name {
	case "string":
		return s.text(), true
	case "integer":
		return json.RawMessage(strconv.FormatFloat(math.Ceil(s.low(1)), 'f', 0, 64)), true
	case "number":
		return json.RawMessage(strconv.FormatFloat(s.low(1.5), 'f', -1, 64)), true
	case "boolean":
		return json.RawMessage(`true`), true
	case "null":
		return json.RawMessage(`null`), true
	}
	return nil, false
}

func (s schema) text() json.RawMessage {
	text, ok := formats[s.Format]
	if !ok {
		text = "string"
	}
	if missing := min(s.MinLength, 1000) - len(text); missing > 0 {
		text += strings.Repeat("x", missing)
	}
	quoted, _ := json.Marshal(text) // of a string
	return quoted
}

// low is the given number, or the smallest that fits.
func (s schema) low(usual float64) float64 {
	least, above := math.Inf(-1), false
	if s.Minimum != nil {
		least = *s.Minimum
	}
	var n float64
	if len(s.Above) > 0 && json.Unmarshal(s.Above, &above) != nil && json.Unmarshal(s.Above, &n) == nil {
		least, above = max(least, n), true
	}
	if usual > least || usual == least && !above {
		return usual
	}
	if above {
		return least + 1
	}
	return least
}

// Parameter is a value for a parameter of a request, nil when nothing is known of it.
func Parameter(kind, format string, enum []string, fallback json.RawMessage) json.RawMessage {
	if len(fallback) > 0 && string(fallback) != "null" {
		return fallback
	}
	if len(enum) > 0 {
		quoted, _ := json.Marshal(enum[0]) // of a string
		return quoted
	}
	v, _ := schema{Type: types{kind}, Format: format}.scalar()
	return v
}
