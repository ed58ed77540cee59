package backup

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// File writes a backup that only its owner may read. It has its name when it is complete and on the disk: what had it before
// is there until then, and after a failure. passed is told of what is written; nil is nobody.
func File(ctx context.Context, db Database, path string, passed io.Writer) (size int64, err error) {
	half, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*.part") // mode 0600
	if err != nil {
		return 0, fmt.Errorf("back up: %w", err)
	}
	if size, err = fill(ctx, db, half, passed); err == nil {
		err = os.Rename(half.Name(), path)
	}
	if err != nil {
		return 0, errors.Join(fmt.Errorf("back up: %w", err), os.Remove(half.Name()))
	}
	return size, nil
}

func fill(ctx context.Context, db Database, half *os.File, passed io.Writer) (size int64, err error) {
	err = Dump(ctx, db, tee(half, passed))
	if err == nil {
		size, err = half.Seek(0, io.SeekEnd)
	}
	if err == nil {
		err = half.Sync()
	}
	return size, errors.Join(err, half.Close())
}

func tee(to, passed io.Writer) io.Writer {
	if passed == nil {
		return to
	}
	return io.MultiWriter(to, passed)
}
