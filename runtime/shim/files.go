package shim

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"runtime"
	"time"
)

//go:generate sh -c "CGO_ENABLED=0 GOARCH=$(go env GOARCH) go build -trimpath -buildvcs=false -ldflags '-s -w' -o bin/shim-linux-$(go env GOARCH) ./cmd/shim"

// ErrNotBuilt says that this program holds no shim for its platform.
var ErrNotBuilt = errors.New("built without the shim: run make build")

// built holds the shim's binary, as bin/shim-linux-GOARCH; without one the folder holds only its .gitignore.
//
//go:embed all:bin
var built embed.FS

//go:embed all:fixups
var fixups embed.FS

// Files returns what belongs under Dir in every instance, as an uncompressed tar: the shim (0755) and the fix-ups
// for frameworks (python/…). The same build gives the same bytes. ErrNotBuilt when there is no shim in this program.
func Files() ([]byte, error) {
	return filesFrom(built)
}

func filesFrom(built fs.FS) ([]byte, error) {
	binary, err := fs.ReadFile(built, "bin/shim-linux-"+runtime.GOARCH)
	if err != nil {
		return nil, fmt.Errorf("%w (%w)", ErrNotBuilt, err)
	}
	return Pack(binary)
}

// Digest names the content of Files by 12 hexadecimal digits.
func Digest() (string, error) {
	files, err := Files()
	if err != nil {
		return "", err
	}
	return DigestOf(files), nil
}

// DigestOf names the content of a tar made by Files or Pack.
func DigestOf(files []byte) string {
	sum := sha256.Sum256(files)
	return hex.EncodeToString(sum[:6])
}

// Pack is Files with a given binary of the shim.
func Pack(binary []byte) ([]byte, error) {
	root, err := fs.Sub(fixups, "fixups")
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	w := tar.NewWriter(&buf)
	err = errors.Join(add(w, path.Base(Binary), 0o755, binary), addFixups(w, root), w.Close())
	if err != nil {
		return nil, fmt.Errorf("pack the shim: %w", err)
	}
	return buf.Bytes(), nil
}

func addFixups(w *tar.Writer, root fs.FS) error {
	return fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || name == ".":
			return err
		case d.Name() == "__pycache__": // left by whoever ran them here
			return fs.SkipDir
		case d.IsDir():
			return add(w, name+"/", 0o755, nil)
		}
		body, err := fs.ReadFile(root, name)
		return errors.Join(err, add(w, name, 0o644, body))
	})
}

// add gives every entry the same owner (root) and time, so that equal content is equal bytes. A name that ends in a
// slash is a folder's.
func add(w *tar.Writer, name string, mode int64, body []byte) error {
	h := tar.Header{Name: name, Mode: mode, Size: int64(len(body)), ModTime: time.Unix(0, 0), Format: tar.FormatUSTAR}
	if err := w.WriteHeader(&h); err != nil {
		return err
	}
	_, err := w.Write(body)
	return err
}
