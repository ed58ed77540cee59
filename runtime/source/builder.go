package source

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
)

// Modes are normalised to these: owners, set-id bits and group writing mean nothing in an instance.
const (
	modeFile       fs.FileMode = 0o644
	modeExecutable fs.FileMode = 0o755
	modeDir                    = fs.ModeDir | 0o755
	modeLink                   = fs.ModeSymlink | 0o777
)

type entry struct {
	path string
	mode fs.FileMode // one of the four above
	data []byte      // content of a file, target of a link
}

// builder collects entries in the order they arrive and refuses the first that does not fit.
type builder struct {
	lim     Limits
	entries map[string]*entry
	files   int // and links
	dirs    int
	bytes   int64
}

func newBuilder(lim Limits) *builder {
	b := &builder{lim: lim.withDefaults(), entries: map[string]*entry{}}
	b.entries["."] = &entry{path: ".", mode: modeDir}
	return b
}

// addDir adds a folder and those above it. A folder may be named more than once.
func (b *builder) addDir(sent string) error {
	clean, err := b.lim.cleanPath(sent)
	if err != nil || litter(clean) {
		return err
	}
	return b.makeDirs(sent, clean)
}

// makeDirs walks upwards first, so that the ancestors' own conflict is what is reported.
func (b *builder) makeDirs(sent, clean string) error {
	if e := b.entries[clean]; e != nil {
		if e.mode != modeDir {
			return problem(sent, "needs a folder where "+e.path+" is a file or a link")
		}
		return nil
	}
	if err := b.makeDirs(sent, path.Dir(clean)); err != nil {
		return err
	}
	if b.dirs++; b.dirs > b.lim.Files {
		return b.lim.tooManyFiles(sent)
	}
	b.entries[clean] = &entry{path: clean, mode: modeDir}
	return nil
}

// addFile reads size bytes from r, which has to end there. Nothing is allocated for a size over the limit, so that a header that
// lies costs no more than the limit once.
func (b *builder) addFile(sent string, size int64, executable bool, r io.Reader) error {
	clean, err := b.lim.cleanPath(sent)
	if err != nil || litter(clean) {
		return err
	}
	if err := b.reserve(sent, clean, size); err != nil {
		return err
	}
	data := make([]byte, size)
	if _, err := io.ReadFull(r, data); err != nil {
		return &readError{path: sent, err: noEOF(err)}
	}
	if n, err := r.Read(make([]byte, 1)); n > 0 || !errors.Is(err, io.EOF) {
		return &readError{path: sent, err: err}
	}
	mode := modeFile
	if executable {
		mode = modeExecutable
	}
	b.entries[clean] = &entry{path: clean, mode: mode, data: data}
	return nil
}

// addLink adds a symbolic link. Where it leads is checked when every entry is known, by badLinks.
func (b *builder) addLink(sent, target string) error {
	clean, err := b.lim.cleanPath(sent)
	if err != nil || litter(clean) {
		return err
	}
	var bad *Error
	if err := b.lim.checkText(target); errors.As(err, &bad) {
		return problem(sent, "is a link whose target "+bad.Problem)
	}
	if target[0] == '/' || hasDrive(target) {
		return problem(sent, "is a link to an absolute path")
	}
	if err := b.reserve(sent, clean, int64(len(target))); err != nil {
		return err
	}
	b.entries[clean] = &entry{path: clean, mode: modeLink, data: []byte(target)}
	return nil
}

// addHardLink gives a second name to a file that came before. The Tree keeps them as two files.
func (b *builder) addHardLink(sent, target string) error {
	clean, err := b.lim.cleanPath(sent)
	if err != nil || litter(clean) {
		return err
	}
	to, err := b.lim.cleanPath(target)
	if err != nil {
		return problem(sent, "is a hard link that leads outside the project")
	}
	first := b.entries[to]
	if first == nil || !first.mode.IsRegular() {
		return problem(sent, "is a hard link to what is no file of the archive before it")
	}
	if err := b.reserve(sent, clean, int64(len(first.data))); err != nil {
		return err
	}
	b.entries[clean] = &entry{path: clean, mode: first.mode, data: first.data}
	return nil
}

// reserve checks that a new file or link of size bytes fits at clean.
func (b *builder) reserve(sent, clean string, size int64) error {
	if clean == "." {
		return problem(sent, "names the project's own folder as a file")
	}
	if b.files++; b.files > b.lim.Files {
		return b.lim.tooManyFiles(sent)
	}
	if size < 0 || size > b.lim.Bytes-b.bytes {
		return b.lim.tooManyBytes(sent)
	}
	b.bytes += size
	if err := b.makeDirs(sent, path.Dir(clean)); err != nil {
		return err
	}
	switch e := b.entries[clean]; {
	case e == nil:
		return nil
	case e.mode == modeDir:
		return problem(sent, "is a file and a folder at once")
	default:
		return problem(sent, "is there twice")
	}
}

// tree ends the building. The first link that leaves the tree, by path, is the error.
func (b *builder) tree() (*Tree, error) {
	if bad := badLinks(b.entries); len(bad) > 0 {
		return nil, bad[0]
	}
	return newTree(b.entries), nil
}

func badLinks(entries map[string]*entry) []*Error {
	var bad []*Error
	for _, e := range entries {
		if e.mode != modeLink {
			continue
		}
		if _, err := resolve(entries, e.path, true); err != nil {
			bad = append(bad, &Error{Path: e.path, Problem: "is a link that " + err.Error()})
		}
	}
	slices.SortFunc(bad, func(x, y *Error) int { return compare(x.Path, y.Path) })
	return bad
}

// readError is a failure while an entry's content was read: a fault of the archive unless its own reader failed.
type readError struct {
	path string
	err  error // nil when there was more content than the size said
}

func (e *readError) Error() string {
	if e.err == nil {
		return e.path + ": longer than its size says"
	}
	return e.path + ": " + e.err.Error()
}

func (e *readError) Unwrap() error { return e.err }

func noEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}
