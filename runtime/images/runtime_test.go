package images_test

import (
	"errors"
	"strings"
	"testing"

	"previewd/runtime/images"
	"previewd/runtime/preview"
)

func TestRuntimeWithoutBase(t *testing.T) {
	s, _ := fakeStore(t, nil, func(o *images.Options) { o.Base = "nowhere:1" })
	_, err := s.Runtime(t.Context(), preview.RuntimeNode, nil)
	var reason *preview.Reason
	if !errors.As(err, &reason) || !strings.Contains(reason.Hint, "scripts/setup") {
		t.Errorf("%v", err)
	}
}

func TestRuntimeNamesWhatItIsMadeOf(t *testing.T) {
	s, b := fakeStore(t, nil, nil)
	if _, err := s.Runtime(t.Context(), preview.RuntimeDockerfile, nil); err == nil {
		t.Error("a runtime without an image")
	}
	if _, err := images.New(images.Options{Engine: b, Log: quiet()}).Runtime(t.Context(), preview.RuntimeGo, nil); err == nil {
		t.Error("no bundle, no error")
	}
	broken := errors.New("broken")
	b.Fail("build", broken)
	if _, err := s.Runtime(t.Context(), preview.RuntimeGo, nil); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	b.Fail("build", &preview.BuildError{Message: "RUN x returned 1", Lines: []string{"no route"}})
	var reason *preview.Reason
	var shown []string
	_, err := s.Runtime(t.Context(), preview.RuntimeGo, func(line string) { shown = append(shown, line) })
	if !errors.As(err, &reason) || len(reason.Evidence.LastLines) != 1 {
		t.Errorf("%v", err)
	}
	if len(shown) == 0 || shown[len(shown)-1] != "go image: no route" {
		t.Errorf("the build's last line is not shown: %q", shown)
	}
}

// Two processes that need the same image end up with one name, and the second finds it there.
func TestRuntimeIsShared(t *testing.T) {
	s, b := fakeStore(t, nil, nil)
	var lines []string
	first, err := s.Runtime(t.Context(), preview.RuntimeStatic, func(l string) { lines = append(lines, l) })
	if err != nil || len(lines) < 2 {
		t.Fatalf("%v, %q", err, lines)
	}
	b.Fail("build", errors.New("nothing is to be built"))
	other := images.New(images.Options{Engine: b, Log: quiet(), CABundle: []byte("PEM")})
	for _, store := range []*images.Store{s, s, other} {
		if again, err := store.Runtime(t.Context(), preview.RuntimeStatic, nil); err != nil || again != first {
			t.Errorf("%s, %v", again, err)
		}
	}
	b.Fail("build", nil)
	bundle := images.New(images.Options{Engine: b, Log: quiet(), CABundle: []byte("another")})
	if name, err := bundle.Runtime(t.Context(), preview.RuntimeStatic, nil); err != nil || name == first {
		t.Errorf("other certificates: %s, %v", name, err)
	}
}
