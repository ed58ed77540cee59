package logging

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
)

const (
	// timeFormat is RFC 3339 with as many digits on every line, so that lines sort.
	timeFormat = "2006-01-02T15:04:05.000Z07:00"

	// errField is what an error's field is called, whoever logs it: collectors look for one name. The library's own is another.
	errField = "err"

	// maxText is how much of a value is kept: paths and errors can be as long as a stranger likes.
	maxText = 8 << 10
)

// New returns the log, in JSON for programs or else as text. Entries of the level and above are written.
func New(out io.Writer, level logrus.Level, json bool) *logrus.Logger {
	logger := logrus.New()
	logger.SetOutput(out)
	logger.SetLevel(level)
	logger.SetFormatter(formatter{&logrus.TextFormatter{TimestampFormat: timeFormat}})
	if json {
		logger.SetFormatter(formatter{&logrus.JSONFormatter{TimestampFormat: timeFormat, DisableHTMLEscape: true}})
	}
	return logger
}

// formatter makes entries alike before they are written: the time in UTC, errors under one name, and no value that could break
// out of its line, as an app's name in a message could on a terminal.
type formatter struct{ logrus.Formatter }

// Format is a logrus.Formatter's.
func (f formatter) Format(e *logrus.Entry) ([]byte, error) {
	even := *e
	even.Time, even.Message = e.Time.UTC(), visible(e.Message)
	even.Data = make(logrus.Fields, len(e.Data))
	for name, value := range e.Data {
		if name == logrus.ErrorKey {
			name = errField
		}
		even.Data[name] = evenly(value)
	}
	return f.Formatter.Format(&even)
}

// evenly leaves numbers as they are and makes text of nearly everything else.
func evenly(value any) any {
	switch v := value.(type) {
	case bool, int, int32, int64, uint, uint16, uint32, uint64, float64, preview.Timings:
		return v
	case time.Duration:
		return v.Milliseconds()
	case nil:
		return ""
	case error:
		return cut(v.Error())
	}
	return cut(fmt.Sprint(value))
}

func cut(text string) string {
	text = strings.ToValidUTF8(text, string(utf8.RuneError))
	if len(text) <= maxText {
		return text
	}
	return strings.ToValidUTF8(text[:maxText], "") + "… of " + strconv.Itoa(len(text)) + " bytes"
}

// visible spells out what a terminal would act upon: control characters, and those that turn the direction of writing.
func visible(message string) string {
	message = cut(message)
	if strings.IndexFunc(message, acts) < 0 {
		return message
	}
	var b strings.Builder
	for _, r := range message {
		if acts(r) {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}

func acts(r rune) bool { return !unicode.IsPrint(r) && r != ' ' }
