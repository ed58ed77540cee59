package source

import "fmt"

// Limits bound what one project may hold. A zero field takes its default.
type Limits struct {
	Bytes      int64 // unpacked size of all files, bytes; default 32 MiB
	Files      int   // files and links, and as many folders again; default 5,000
	PathLength int   // of one path or link target, bytes; default 1,024
	PathDepth  int   // names in one path; default 32
}

// nameLength is what Linux file systems allow for one name, bytes.
const nameLength = 255

func (l Limits) withDefaults() Limits {
	if l.Bytes <= 0 {
		l.Bytes = 32 << 20
	}
	if l.Files <= 0 {
		l.Files = 5000
	}
	if l.PathLength <= 0 {
		l.PathLength = 1024
	}
	if l.PathDepth <= 0 {
		l.PathDepth = 32
	}
	return l
}

func (l Limits) tooManyFiles(path string) error {
	return &Error{Path: path, Problem: fmt.Sprintf("is one more than the %d files a project may hold", l.Files), TooLarge: true}
}

func (l Limits) tooManyBytes(path string) error {
	return &Error{Path: path, Problem: fmt.Sprintf("takes the project over its limit of %s unpacked", megabytes(l.Bytes)), TooLarge: true}
}

func megabytes(n int64) string {
	if n < 1<<20 {
		return fmt.Sprintf("%d bytes", n)
	}
	return fmt.Sprintf("%d MB", n>>20)
}
