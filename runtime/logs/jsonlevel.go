package logs

import (
	"encoding/json"
	"strings"

	"previewd/runtime/preview"
)

// jsonLevel reads the level out of a line of structured logging: slog, zap, zerolog, logrus, structlog, winston, pino, bunyan. The first member
// that is one counts: an attribute of the same name may follow.
func jsonLevel(text string) preview.Level {
	if !strings.HasSuffix(text, "}") {
		return ""
	}
	d := json.NewDecoder(strings.NewReader(text))
	if _, err := d.Token(); err != nil {
		return ""
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return ""
		}
		var value json.RawMessage
		if d.Decode(&value) != nil {
			return ""
		}
		switch key {
		case "level", "severity", "levelname", "lvl":
			if level := valueLevel(value); level != "" {
				return level
			}
		}
	}
	return ""
}

func valueLevel(value json.RawMessage) preview.Level {
	var v any
	if json.Unmarshal(value, &v) != nil {
		return ""
	}
	switch v := v.(type) {
	case string:
		return wordLevel(v[:letters(v)]) // slog writes "ERROR+4"
	case float64:
		return numberLevel(v)
	}
	return ""
}

// numberLevel follows pino and bunyan, 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal; smaller numbers are syslog's, where 3 is an error and
// 7 debug.
func numberLevel(n float64) preview.Level {
	switch {
	case n < 0:
		return ""
	case n <= 3:
		return preview.Error
	case n < 5:
		return preview.Warning
	case n < 7:
		return preview.Info
	case n < 30:
		return preview.Debug
	case n < 40:
		return preview.Info
	case n < 50:
		return preview.Warning
	}
	return preview.Error
}
