package images_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"previewd/runtime/images"
	"previewd/runtime/preview"
)

func project(dockerfile string) images.ProjectRequest {
	return images.ProjectRequest{
		PreviewID: preview.NewID(), GenerationID: "g", UserID: "u", Root: "app", Timeout: time.Minute,
		Tree: tree(map[string]string{"app/Dockerfile": dockerfile, "app/main.py": "1"}),
	}
}

func TestProject(t *testing.T) {
	s, b := fakeStore(t, nil, nil)
	var out sink
	first, err := s.Project(t.Context(), project("FROM app:1\nRUN echo hello"), &out)
	if err != nil {
		t.Fatal(err)
	}
	want := images.ProjectResult{Image: first.Image, User: "10001:10001", WorkDir: "/srv", Command: []string{"run"}, Port: 8000}
	if first.Cached || first.User != want.User || first.WorkDir != want.WorkDir || !slices.Equal(first.Command, want.Command) || first.Port != want.Port {
		t.Errorf("%+v", first)
	}
	if !strings.Contains(out.text(), "hello") {
		t.Errorf("output %s", out.text())
	}
	b.Fail("build", errors.New("nothing is to be built"))
	second, err := s.Project(t.Context(), project("FROM app:1\nRUN echo hello"), &out)
	if err != nil || !second.Cached || second.Image != first.Image {
		t.Errorf("%+v, %v", second, err)
	}
	b.Fail("build", nil)
	theirs := project("FROM app:1\nRUN echo hello")
	theirs.UserID = "v"
	if other, err := s.Project(t.Context(), theirs, &out); err != nil || other.Cached || other.Image == first.Image {
		t.Errorf("another user: %+v, %v", other, err)
	}
}

func TestProjectKeepsPlainUser(t *testing.T) {
	s, _ := fakeStore(t, nil, nil)
	r, err := s.Project(t.Context(), project("FROM plain:1"), &sink{})
	if err != nil || r.User != "1000:1000" || r.WorkDir != "/" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestProjectReasons(t *testing.T) {
	for name, c := range map[string]struct {
		dockerfile string
		code       preview.Code
		want       string
	}{
		"a step fails":     {"FROM app:1\nRUN echo almost\nRUN exit 3", preview.InstallFailed, "non-zero code: 3"},
		"no such image":    {"FROM nowhere:1", preview.InstallFailed, "nowhere:1"},
		"onbuild":          {"FROM onbuild:1", preview.InstallFailed, "ONBUILD"},
		"no command":       {"FROM silent:1", preview.NoStartCommand, "CMD"},
		"refused":          {"FROM previewd/deps:x", preview.InstallFailed, "line 1"},
		"unreadable rules": {"FROM app:1\nIGNORE", preview.InstallFailed, ".dockerignore"},
	} {
		t.Run(name, func(t *testing.T) {
			s, _ := fakeStore(t, nil, nil)
			req := project(c.dockerfile)
			if strings.HasSuffix(c.dockerfile, "IGNORE") {
				req.Tree.(fstest.MapFS)["app/.dockerignore"] = &fstest.MapFile{Data: []byte("[")}
			}
			_, err := s.Project(t.Context(), req, &sink{})
			var reason *preview.Reason
			if !errors.As(err, &reason) || reason.Code != c.code || !strings.Contains(reason.Message, c.want) || reason.Hint == "" {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestProjectEngineFails(t *testing.T) {
	broken := errors.New("engine broke")
	for _, verb := range []string{"image id", "image config", "build"} {
		s, b := fakeStore(t, nil, nil)
		b.Fail(verb, broken)
		if _, err := s.Project(t.Context(), project("FROM app:1"), &sink{}); !errors.Is(err, broken) {
			t.Errorf("%s: %v", verb, err)
		}
	}
	s, _ := fakeStore(t, nil, nil)
	req := project("FROM app:1")
	req.Dockerfile = "missing"
	if _, err := s.Project(t.Context(), req, &sink{}); err == nil {
		t.Error("no Dockerfile, no error")
	}
}
