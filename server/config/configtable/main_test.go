package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"previewd/server/config"
)

func TestWrite(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	if err := os.WriteFile(path, []byte(config.TableBegin+config.TableEnd), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(path); err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if want := config.TableBegin + "\n" + config.Table() + config.TableEnd; err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestWriteRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "doc.md")
	if err := write(path); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := write(path); !errors.Is(err, config.ErrNoMarkers) {
		t.Error(err)
	}
}
