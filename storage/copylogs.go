package storage

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"previewd/runtime/preview"
)

// copyChunk is about how much text is handed to the driver at once.
const copyChunk = 32 << 10

// copyIn is what the driver's COPY statement can do beyond database/sql: it takes text that is ready to be sent. Row by
// row through database/sql takes more processor time than the server needs to store the rows.
type copyIn interface {
	driver.Stmt
	// CopyData takes rows in COPY's text format, without the last one's newline.
	CopyData(ctx context.Context, rows string) (driver.Result, error)
}

// copyLogs sends lines into the transaction that is open on conn.
func copyLogs(ctx context.Context, conn *sqlx.Conn, lines []preview.LogLine, places map[string]*logPlace) error {
	var failed error
	// What ends the session is kept from Raw: it would close conn, which waits for the transaction, and so for itself. The
	// transaction's end lets go of such a session, too.
	err := conn.Raw(func(c any) error {
		failed = copyInto(ctx, c.(driver.ConnPrepareContext), lines, places) //nolint:forcetypeassert // pq's connections are one
		return nil
	})
	if err = errors.Join(failed, err); err != nil {
		return fmt.Errorf("copy log lines: %w", err)
	}
	return nil
}

func copyInto(ctx context.Context, c driver.ConnPrepareContext, lines []preview.LogLine, places map[string]*logPlace) error {
	statement, err := c.PrepareContext(ctx, `
		copy preview_logs
		     (day, log, seq, ts, origin, group_line, instance, level, source, stream, message, coloured)
		from stdin`)
	if err != nil {
		return err
	}
	into := statement.(copyIn) //nolint:forcetypeassert // pq's statement of a COPY is one
	err = sendRows(ctx, into, lines, places)
	return errors.Join(err, into.Close())
}

func sendRows(ctx context.Context, into copyIn, lines []preview.LogLine, places map[string]*logPlace) error {
	rows := make([]byte, 0, copyChunk+copyChunk/4)
	for i, line := range lines {
		rows = appendRow(rows, line, places[line.PreviewID])
		if len(rows) < copyChunk && i < len(lines)-1 {
			rows = append(rows, '\n')
			continue
		}
		if _, err := into.CopyData(ctx, string(rows)); err != nil {
			return err
		}
		rows = rows[:0]
	}
	return nil
}

// appendRow adds a line in COPY's text format.
func appendRow(row []byte, l preview.LogLine, place *logPlace) []byte {
	groupLine := int64(0)
	if l.Group > 0 {
		groupLine = l.Seq - l.Group + 1
	}
	row = place.Day.AppendFormat(row, "2006-01-02\t")
	row = strconv.AppendInt(row, int64(place.Log), 10)
	row = append(row, '\t')
	row = strconv.AppendInt(row, l.Seq, 10)
	row = append(row, '\t')
	row = l.Timestamp.UTC().AppendFormat(row, "2006-01-02 15:04:05.000000+00")
	for _, number := range [...]int64{
		l.Origin, groupLine, int64(place.number(l.OriginInstance)),
		int64(levelNumber(l.Level)), int64(sourceNumber(l.Source)), int64(streamNumber(l.Stream)),
	} {
		row = append(row, '\t')
		row = strconv.AppendInt(row, number, 10)
	}
	message, coloured := clean(l.Message), ""
	if plain := preview.WithoutColours(message); plain != message {
		message, coloured = plain, message
	}
	row = appendText(append(row, '\t'), message)
	return appendText(append(row, '\t'), coloured)
}

// appendText escapes what has a meaning in COPY's text format.
func appendText(row []byte, text string) []byte {
	for {
		plain := strings.IndexAny(text, "\\\t\n\r")
		if plain < 0 {
			return append(row, text...)
		}
		row = append(row, text[:plain]...)
		switch text[plain] {
		case '\t':
			row = append(row, `\t`...)
		case '\n':
			row = append(row, `\n`...)
		case '\r':
			row = append(row, `\r`...)
		default:
			row = append(row, `\\`...)
		}
		text = text[plain+1:]
	}
}
