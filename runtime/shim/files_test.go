package shim_test

import (
	"archive/tar"
	"bytes"
	"errors"
	"io"
	"os"
	"regexp"
	"testing"

	"previewd/runtime/shim"
	"previewd/runtime/shim/shimtest"
)

func TestFilesHoldTheShimAndTheFixups(t *testing.T) {
	files := shimtest.Files(t)
	modes := map[string]int64{}
	for r := tar.NewReader(bytes.NewReader(files)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || h.ModTime.Unix() != 0 {
			t.Errorf("%+v", h)
		}
		modes[h.Name] = h.Mode
	}
	if modes["shim"] != 0o755 || modes["python/"] != 0o755 || modes["python/sitecustomize.py"] != 0o644 || len(modes) != 3 {
		t.Errorf("%v", modes)
	}
}

func TestDigestFollowsTheContent(t *testing.T) {
	one, err := shim.Pack([]byte("one"))
	if err != nil {
		t.Fatal(err)
	}
	again, _ := shim.Pack([]byte("one"))
	two, _ := shim.Pack([]byte("two"))
	digest := shim.DigestOf(one)
	if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(digest) || digest != shim.DigestOf(again) || digest == shim.DigestOf(two) {
		t.Errorf("%s %s %s", digest, shim.DigestOf(again), shim.DigestOf(two))
	}
}

// TestEmbedded: with make build the shim is there, without it the error says what to do.
func TestEmbedded(t *testing.T) {
	files, err := shim.Files()
	digest, derr := shim.Digest()
	switch {
	case errors.Is(err, shim.ErrNotBuilt):
		if !errors.Is(derr, shim.ErrNotBuilt) {
			t.Error(derr)
		}
	case err != nil || derr != nil || digest != shim.DigestOf(files):
		t.Errorf("%v, %v", err, derr)
	}
}

// TestBuildIsReproducible: otherwise each build would make a new volume.
func TestBuildIsReproducible(t *testing.T) {
	first, err := os.ReadFile(shimtest.Build(t))
	if err != nil {
		t.Fatal(err)
	}
	second, err := os.ReadFile(shimtest.Build(t))
	if err != nil || !bytes.Equal(first, second) {
		t.Errorf("two builds differ, %v", err)
	}
	if len(first) > 10<<20 {
		t.Errorf("%d bytes", len(first))
	}
}

func TestParseReport(t *testing.T) {
	line := shim.AppendReport([]byte("x"), "n", shim.Report{Kind: shim.ReportStarted, PID: 7})
	if before, r, ok := shim.ParseReport("n", line); !ok || string(before) != "x" || r.PID != 7 {
		t.Errorf("%q %+v %v", before, r, ok)
	}
}
