package cli

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"previewd/server/auth"
)

// devSecretFile holds, in the data folder, the secret that previewd dev signs its tokens with. Only its owner may read it.
const devSecretFile = "dev-jwt-secret"

// readDevSecret returns the secret that an earlier previewd dev left; the error wraps fs.ErrNotExist when there is none.
func readDevSecret(dataDir string) (string, error) {
	secret, err := readSecretFile(filepath.Join(dataDir, devSecretFile))
	if err != nil {
		return "", fmt.Errorf("reading the development secret: %w", err)
	}
	if len(secret) < auth.MinSecretBytes {
		return "", fmt.Errorf("the development secret in %s is too short: remove the file", filepath.Join(dataDir, devSecretFile))
	}
	return secret, nil
}

// devSecret returns the data folder's development secret and makes one where there is none.
func devSecret(dataDir string) (string, error) {
	secret, err := readDevSecret(dataDir)
	if !errors.Is(err, fs.ErrNotExist) {
		return secret, err
	}
	// The private database runs as another user below this folder, so others must be able to pass through it.
	if err := os.MkdirAll(dataDir, 0o755); err != nil {
		return "", fmt.Errorf("making the data folder: %w", err)
	}
	if err := writeDevSecret(dataDir); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("keeping the development secret: %w", err)
	}
	return readDevSecret(dataDir)
}

// writeDevSecret makes the complete file appear at once; it fails with fs.ErrExist when another process was faster.
func writeDevSecret(dataDir string) (err error) {
	f, err := os.CreateTemp(dataDir, devSecretFile+".*") // with mode 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(f.Name())) }()
	var random [32]byte
	_, _ = rand.Read(random[:]) // crypto/rand.Read never fails: it ends the program instead
	_, err = fmt.Fprintln(f, base64.RawURLEncoding.EncodeToString(random[:]))
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), filepath.Join(dataDir, devSecretFile))
}
