package source

import (
	"archive/tar"
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
)

// FromTarGz reads a gzip-compressed tar to its end. What is wrong with the archive is an *Error; when r itself fails, its error is returned wrapped.
func FromTarGz(r io.Reader, lim Limits) (*Tree, error) {
	b := newBuilder(lim)
	in := &input{r: r}
	// gzip reads byte by byte from what is a ByteReader and so never past its end.
	zr, err := gzip.NewReader(bufio.NewReader(in))
	if err != nil {
		return nil, in.fault(err)
	}
	flat := &capped{r: zr, left: b.lim.tarBytes()}
	if err := b.readTar(tar.NewReader(flat)); err != nil {
		return nil, in.fault(err)
	}
	if err := onlyZeros(flat); err != nil {
		return nil, in.fault(err)
	}
	return b.tree()
}

// FromArchive opens an archive that Archive made. It was held to the limits of its time, so none are applied again.
func FromArchive(b []byte) (*Tree, error) {
	return FromTarGz(bytes.NewReader(b), Limits{
		Bytes: math.MaxInt64 / 4, Files: math.MaxInt32, PathLength: math.MaxInt32, PathDepth: math.MaxInt32,
	})
}

func (b *builder) readTar(tr *tar.Reader) error {
	for {
		h, err := tr.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, tar.ErrInsecurePath): // cleanPath says it better
		case err != nil:
			return err
		}
		if err := b.addTarEntry(h, tr); err != nil {
			return err
		}
	}
}

func (b *builder) addTarEntry(h *tar.Header, content io.Reader) error {
	switch h.Typeflag {
	case tar.TypeReg, '\x00', tar.TypeGNUSparse, tar.TypeCont:
		return b.addFile(h.Name, h.Size, h.Mode&0o100 != 0, content)
	case tar.TypeDir:
		return b.addDir(h.Name)
	case tar.TypeSymlink:
		return b.addLink(h.Name, h.Linkname)
	case tar.TypeLink:
		return b.addHardLink(h.Name, h.Linkname)
	case tar.TypeXGlobalHeader: // git archive writes the commit there
		return nil
	case tar.TypeChar, tar.TypeBlock:
		return problem(h.Name, "is a device")
	case tar.TypeFifo:
		return problem(h.Name, "is a named pipe")
	}
	return problem(h.Name, fmt.Sprintf("is of the unknown kind %q", h.Typeflag))
}

// tarBytes bounds the unpacked stream: content, and four blocks with headers for every entry, and what pads the end.
func (l Limits) tarBytes() int64 {
	if l.Bytes > math.MaxInt64/8 {
		return math.MaxInt64
	}
	const perEntry = 4 * 512
	return l.Bytes + 2*int64(l.Files)*(perEntry+int64(l.PathLength)) + 1<<20
}

// onlyZeros reads what follows the end of the tar: padding, and nothing else.
func onlyZeros(r io.Reader) error {
	buf := make([]byte, 32<<10)
	for {
		n, err := r.Read(buf)
		for _, c := range buf[:n] {
			if c != 0 {
				return problem("", "the archive goes on after its end")
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
