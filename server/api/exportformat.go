package api

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/preview"
)

// exportFormat is how a log is written to a file.
type exportFormat struct {
	mediaType, extension string
	open                 func(io.Writer) lineWriter
}

// lineWriter writes lines to what it was opened on, and keeps none back.
type lineWriter interface {
	write(lines []preview.LogLine) error
}

func exportFormatOf(r *http.Request) (exportFormat, error) {
	name, err := one(r, "format")
	if err != nil {
		return exportFormat{}, err
	}
	switch name {
	case "", "ndjson":
		return exportFormat{"application/x-ndjson", "ndjson", openNDJSON}, nil
	case "text":
		return exportFormat{"text/plain; charset=utf-8", "log", openText}, nil
	case "csv":
		return exportFormat{"text/csv; charset=utf-8; header=present", "csv", openCSV}, nil
	}
	return exportFormat{}, invalid("format", "want ndjson, text or csv")
}

// ndjsonLines are the rows of a page, one a line.
type ndjsonLines struct{ *json.Encoder }

func openNDJSON(w io.Writer) lineWriter { return ndjsonLines{json.NewEncoder(w)} }

func (n ndjsonLines) write(lines []preview.LogLine) error {
	for _, l := range lines {
		if err := n.Encode(l); err != nil {
			return err
		}
	}
	return nil
}

// textLines are for reading: without colours, which an editor shows as rubbish.
type textLines struct{ io.Writer }

func openText(w io.Writer) lineWriter { return textLines{w} }

// timeToMicro has as many digits as are stored, so that columns line up.
const timeToMicro = "2006-01-02T15:04:05.000000Z07:00"

func (t textLines) write(lines []preview.LogLine) error {
	for _, l := range lines {
		_, err := fmt.Fprintf(t, "%s %-7s %-10s %s\n", l.Timestamp.Format(timeToMicro), l.Level, l.Source, preview.WithoutColours(l.Message))
		if err != nil {
			return err
		}
	}
	return nil
}

// csvLines are for spreadsheets (RFC 4180), with a head line.
type csvLines struct {
	*csv.Writer
	begun bool
}

func openCSV(w io.Writer) lineWriter {
	c := csv.NewWriter(w)
	c.UseCRLF = true
	return &csvLines{Writer: c}
}

func (c *csvLines) write(lines []preview.LogLine) error {
	if !c.begun {
		c.begun = true
		_ = c.Write([]string{"seq", "timestamp", "level", "source", "stream", "message"}) // Error tells
	}
	for _, l := range lines {
		_ = c.Write([]string{
			strconv.FormatInt(l.Seq, 10), l.Timestamp.Format(time.RFC3339Nano), string(l.Level), string(l.Source), string(l.Stream),
			harmless(preview.WithoutColours(l.Message)),
		})
	}
	c.Flush()
	return c.Error()
}

// harmless keeps spreadsheets from taking what an app wrote for a formula: they run what begins with one of these
// characters, and show a leading apostrophe to nobody.
func harmless(cell string) string {
	if strings.ContainsAny(firstRune(cell), "=+-@\t\r\n＝＋－＠") {
		return "'" + cell
	}
	return cell
}

func firstRune(text string) string {
	for i := range text {
		if i > 0 {
			return text[:i]
		}
	}
	return text
}
