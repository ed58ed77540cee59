package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
)

// FromZip reads a zip archive. The error is always an *Error.
func FromZip(data []byte, lim Limits) (*Tree, error) {
	b := newBuilder(lim)
	if err := b.checkZip(data); err != nil {
		return nil, err
	}
	zr, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // cleanPath says it better
		return nil, corrupt(err)
	}
	for _, f := range zr.File {
		if err := b.addZipEntry(f); err != nil {
			return nil, corrupt(err)
		}
	}
	return b.tree()
}

// Signatures of APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
const (
	zipLocal     = "PK\x03\x04"
	zipCentral   = "PK\x01\x02"
	zipEnd       = "PK\x05\x06"
	zipEndLength = 22
)

// checkZip refuses what archive/zip takes without a word: something before or after the archive, and a directory of so many
// entries that listing it alone costs more memory than all the files may.
func (b *builder) checkZip(data []byte) error {
	if !bytes.HasPrefix(data, []byte(zipLocal)) && !bytes.HasPrefix(data, []byte(zipEnd)) {
		return problem("", "the archive is damaged: not a zip file")
	}
	end := bytes.LastIndex(data, []byte(zipEnd))
	if end < 0 || len(data) < end+zipEndLength {
		return problem("", "the archive ends too early")
	}
	comment := int(binary.LittleEndian.Uint16(data[end+zipEndLength-2:]))
	switch over := len(data) - (end + zipEndLength + comment); {
	case over > 0:
		return problem("", "the archive goes on after its end")
	case over < 0:
		return problem("", "the archive ends too early")
	}
	const perFile = 16 // zip files inside the zip have directories of their own
	if bytes.Count(data, []byte(zipCentral)) > perFile*b.lim.Files {
		return &Error{Problem: fmt.Sprintf("the archive lists more than the %d files a project may hold", b.lim.Files), TooLarge: true}
	}
	return nil
}

func (b *builder) addZipEntry(f *zip.File) error {
	mode := f.Mode()
	if mode.IsDir() {
		return b.addDir(f.Name)
	}
	if mode.Type() != 0 && mode.Type() != fs.ModeSymlink {
		return problem(f.Name, "is neither a file nor a folder nor a link")
	}
	const encrypted = 1
	if f.Flags&encrypted != 0 {
		return problem(f.Name, "is encrypted")
	}
	size := int64(min(f.UncompressedSize64, 1<<62))
	content, err := f.Open()
	if errors.Is(err, zip.ErrAlgorithm) {
		return problem(f.Name, "is compressed by a method other than deflate")
	}
	if err != nil {
		return &readError{path: f.Name, err: err}
	}
	defer content.Close()
	if mode.Type() == fs.ModeSymlink {
		return b.addZipLink(f.Name, content)
	}
	return b.addFile(f.Name, size, mode&0o100 != 0, content)
}

func (b *builder) addZipLink(name string, content io.Reader) error {
	target, err := io.ReadAll(io.LimitReader(content, int64(b.lim.PathLength)+1))
	if err != nil {
		return &readError{path: name, err: err}
	}
	return b.addLink(name, string(target))
}
