package source

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"time"
)

// packTime is every file's time in the canonical archive. It lies after 1980, before which zip, and with it Python's wheels, has no dates.
var packTime = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Archive packs the tree into the canonical tar.gz: sorted, without owners, one fixed time. Equal trees give equal bytes.
func (t *Tree) Archive() ([]byte, error) {
	var buf bytes.Buffer
	zw, err := gzip.NewWriterLevel(&buf, gzip.BestSpeed)
	if err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	if err := t.writeTar(zw, packTime, nil); err != nil {
		return nil, err
	}
	if err := zw.Close(); err != nil {
		return nil, fmt.Errorf("packing: %w", err)
	}
	return buf.Bytes(), nil
}

// Tar writes an uncompressed tar stream of the entries for which filter, where there is one, returns true; what lies in a folder that is left out
// is asked about all the same. Every file bears the present time, because web servers tell browsers by a file's time
// whether it changed since the last launch.
func (t *Tree) Tar(w io.Writer, filter func(path string) bool) error {
	return t.writeTar(w, time.Now().Truncate(time.Second), filter)
}

func (t *Tree) writeTar(w io.Writer, at time.Time, filter func(path string) bool) error {
	tw := tar.NewWriter(w)
	for _, e := range t.sorted {
		if filter != nil && !filter(e.path) {
			continue
		}
		if err := writeEntry(tw, e, at); err != nil {
			return fmt.Errorf("packing %q: %w", e.path, err)
		}
	}
	if err := tw.Close(); err != nil {
		return fmt.Errorf("packing: %w", err)
	}
	return nil
}

func writeEntry(tw *tar.Writer, e *entry, at time.Time) error {
	h := &tar.Header{Typeflag: tar.TypeReg, Name: e.path, Mode: int64(e.mode.Perm()), ModTime: at}
	switch e.mode {
	case modeDir:
		h.Typeflag, h.Name = tar.TypeDir, e.path+"/"
	case modeLink:
		h.Typeflag, h.Linkname = tar.TypeSymlink, string(e.data)
	default:
		h.Size = int64(len(e.data))
	}
	if err := tw.WriteHeader(h); err != nil {
		return err
	}
	if h.Typeflag != tar.TypeReg {
		return nil
	}
	_, err := tw.Write(e.data)
	return err
}
