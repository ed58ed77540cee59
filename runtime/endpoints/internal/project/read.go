package project

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"unicode/utf16"

	"previewd/runtime/endpoints/internal/syntax"
)

// read is a file's text as UTF-8. Bytes of no encoding stay: the grammars pass over them.
func read(fsys fs.FS, name string) ([]byte, error) {
	file, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, syntax.MaxSource+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if len(data) > syntax.MaxSource {
		return nil, syntax.ErrTooLarge
	}
	return decode(data), nil
}

// decode takes byte order marks away, with UTF-16 where they say so.
func decode(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:]
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return decode16(data[2:], 0, 1)
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return decode16(data[2:], 1, 0)
	}
	return data
}

func decode16(data []byte, low, high int) []byte {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+low])|uint16(data[i+high])<<8)
	}
	return []byte(string(utf16.Decode(units)))
}
