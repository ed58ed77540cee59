package logs

import (
	"encoding/json"
	"regexp"
	"strings"

	"previewd/runtime/preview"
)

const levelWords = `trace|debug|dbug|debu|verbose|info|notice|inf|warn(?:ing)?|wrn|error|erro|err!?|critical|crit|fatal|fata|alert|emergency|emerg|panic`

var (
	colours   = regexp.MustCompile("\x1b\\[[0-9;:]*m")
	atStart   = regexp.MustCompile(`^(?i:npm\s+)?[\[(<]?(?i:(` + levelWords + `))(?:[\])>:]|\[|\s*[|:]|\s+-\s)`)
	npm       = regexp.MustCompile(`^npm\s+(?i:(err!|error|warn))(?:\s|$)`)
	stamped   = regexp.MustCompile(`^\W*(?:\d|\[)`)
	inPrefix  = regexp.MustCompile(`(?:^|[\s\[|:(-])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL)(?:$|[\s\]|:)-])`)
	keyed     = regexp.MustCompile(`(?:^|\s)(?:level|lvl|severity)="?(?i:(` + levelWords + `))\b`)
	klog      = regexp.MustCompile(`^([IWEF])\d{4} \d\d:\d\d:\d\d`)
	exception = regexp.MustCompile(`^(?:Uncaught )?(?:[A-Za-z_][\w.]*\.)?(?:[A-Z]\w*)?(?:Error|Exception)(?:$|[:\s(\[])`)
	warning   = regexp.MustCompile(`(?:^|[\s)])(?:[A-Z]\w*)?Warning: `)
)

// prefixBytes is how much of a line may be timestamp, logger and level.
const prefixBytes = 160

// lineLevel reads what a line says of itself, "" when it says nothing.
func lineLevel(text string) preview.Level {
	if strings.Contains(text, "\x1b") {
		text = colours.ReplaceAllString(text, "")
	}
	if strings.HasPrefix(text, "{") {
		if level := jsonLevel(text); level != "" {
			return level
		}
	}
	head := text[:min(len(text), prefixBytes)]
	for _, p := range []struct {
		re   *regexp.Regexp
		hint string // searching for it is much faster
	}{{atStart, ""}, {npm, "npm"}, {keyed, "="}, {klog, ":"}} {
		if !strings.Contains(head, p.hint) {
			continue
		}
		if m := p.re.FindStringSubmatch(head); m != nil {
			return wordLevel(m[1])
		}
	}
	if stamped.MatchString(head) {
		if m := inPrefix.FindStringSubmatch(head); m != nil {
			return wordLevel(m[1])
		}
	}
	if strings.Contains(head, "Warning: ") && warning.MatchString(head) {
		return preview.Warning
	}
	return ""
}

// wordLevel maps a word to one of our four levels, "" when it is none.
func wordLevel(word string) preview.Level {
	switch strings.ToLower(word) {
	case "trace", "debug", "dbug", "debu", "verbose", "silly":
		return preview.Debug
	case "i", "info", "inf", "notice", "information", "http":
		return preview.Info
	case "w", "warn", "warning", "wrn":
		return preview.Warning
	case "e", "f", "error", "erro", "err", "err!", "critical", "crit", "fatal", "fata", "alert", "emergency", "emerg", "panic", "dpanic":
		return preview.Error
	}
	return ""
}

// jsonLevel reads the level out of a line of structured logging: slog, zap, zerolog, logrus, structlog, winston, pino, bunyan.
func jsonLevel(text string) preview.Level {
	var fields struct {
		Level     any `json:"level"`
		Severity  any `json:"severity"`
		Levelname any `json:"levelname"`
		Lvl       any `json:"lvl"`
	}
	if json.Unmarshal([]byte(text), &fields) != nil {
		return ""
	}
	for _, v := range []any{fields.Level, fields.Severity, fields.Levelname, fields.Lvl} {
		switch v := v.(type) {
		case string:
			if level := wordLevel(v); level != "" {
				return level
			}
		case float64:
			return numberLevel(v)
		}
	}
	return ""
}

// numberLevel follows pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal.
func numberLevel(n float64) preview.Level {
	switch {
	case n < 30:
		return preview.Debug
	case n < 40:
		return preview.Info
	case n < 50:
		return preview.Warning
	}
	return preview.Error
}
