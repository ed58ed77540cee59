package detect

import (
	"io"
	"path"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a file of at most maxText bytes as text; ok is false when it is absent, larger or unreadable.
func (f folder) text(name string) (text string, ok bool) { return f.read(name, maxText) }

// scan reads the beginning of a source file.
func (f folder) scan(name string) string {
	file, err := f.index.fsys.Open(path.Join(f.dir, name))
	if err != nil {
		return ""
	}
	defer file.Close()
	data, _ := io.ReadAll(io.LimitReader(file, maxScanned)) // what could be read is what is scanned
	return decode(data)
}

func (f folder) read(name string, limit int64) (text string, ok bool) {
	if !f.isFile(name) {
		return "", false
	}
	file, err := f.index.fsys.Open(path.Join(f.dir, name))
	if err != nil {
		return "", false
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil || int64(len(data)) > limit {
		return "", false
	}
	return decode(data), true
}

// decode turns UTF-8 with or without a byte order mark and UTF-16 with one (what PowerShell's ">" writes) into
// UTF-8 with "\n" line ends; bytes that are neither are replaced.
func decode(data []byte) string {
	s := string(data)
	switch {
	case strings.HasPrefix(s, "\xff\xfe"), strings.HasPrefix(s, "\xfe\xff"):
		s = decodeUTF16(s)
	default:
		s = strings.TrimPrefix(s, "\ufeff")
	}
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\ufffd")
	}
	return strings.ReplaceAll(s, "\r\n", "\n")
}

func decodeUTF16(s string) string {
	low, high := 0, 1
	if s[0] == 0xfe {
		low, high = 1, 0
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 2; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i+low])|uint16(s[i+high])<<8)
	}
	return string(utf16.Decode(units))
}

// utf16File reports whether a file begins with UTF-16's byte order mark.
func utf16File(f folder, name string) bool {
	file, err := f.index.fsys.Open(path.Join(f.dir, name))
	if err != nil {
		return false
	}
	defer file.Close()
	var mark [2]byte
	_, err = io.ReadFull(file, mark[:])
	return err == nil && (mark == [2]byte{0xff, 0xfe} || mark == [2]byte{0xfe, 0xff})
}
