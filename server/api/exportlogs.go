package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/server/encoding"
)

const (
	exportLines   = 500              // read at once
	exportTimeout = 30 * time.Second // for a client to take them
)

// ExportLogs handles GET /generations/{generation_id}/preview/logs/export: a whole log, or what of it is asked for, as a
// file. It holds a page in memory at a time, however long the log is.
func (a *API) ExportLogs(w http.ResponseWriter, r *http.Request) error {
	p, err := a.loggedPreview(r)
	if err != nil {
		return err
	}
	q, err := searchOf(r)
	if err != nil {
		return err
	}
	format, err := exportFormatOf(r)
	if err != nil {
		return err
	}
	q.Limit = exportLines
	page, err := a.search(r.Context(), p.ID, q) // before the answer begins, so that an error can be told
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", format.mediaType)
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s-%.8s.%s"`, p.GenerationID, p.ID, format.extension))
	h.Add("Vary", "Accept-Encoding")
	if err := a.export(w, r, p.ID, q, page, format); err != nil {
		a.log(r.Context()).WithFields(logrus.Fields{"preview_id": p.ID, "err": err}).Warn("log export broke off")
		panic(http.ErrAbortHandler) // so that half a file is not taken for a whole one
	}
	return nil
}

// export sends the first page and all that follow.
func (a *API) export(w http.ResponseWriter, r *http.Request, previewID string, q preview.LogQuery, page preview.LogPage, format exportFormat) error {
	var to io.Writer = w
	closing := func() error { return nil }
	if encoding.AcceptsGzip(r.Header) {
		w.Header().Set("Content-Encoding", "gzip")
		zipped, err := gzip.NewWriterLevel(w, gzip.BestSpeed)
		if err != nil {
			return err
		}
		to, closing = zipped, zipped.Close
	}
	lines := format.open(to)
	control := http.NewResponseController(w)
	for {
		// A writer without deadlines has no connection to bound.
		_ = control.SetWriteDeadline(time.Now().Add(exportTimeout))
		if err := lines.write(page.Lines); err != nil {
			return err
		}
		if page.Next == 0 {
			return closing()
		}
		q.From = page.Next
		var err error
		if page, err = a.nextPage(r.Context(), previewID, q); err != nil {
			return err
		}
	}
}

func (a *API) nextPage(ctx context.Context, previewID string, q preview.LogQuery) (preview.LogPage, error) {
	select {
	case <-a.Done:
		return preview.LogPage{}, context.Canceled
	default:
		return a.search(ctx, previewID, q)
	}
}
