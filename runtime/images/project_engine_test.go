package images_test

import (
	"context"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"previewd/runtime/docker"
	"previewd/runtime/images"
	"previewd/runtime/preview"
)

const twoStages = `ARG BASE=debian:trixie-slim
FROM ${BASE} AS build
RUN echo built >/result && echo secret >/unused
FROM $BASE
WORKDIR /srv/app
COPY --from=build /result .
COPY . .
EXPOSE 9000
ENTRYPOINT ["/bin/sh"]
CMD ["-c", "cat result"]
`

func dockerProject(files map[string]string) images.ProjectRequest {
	return images.ProjectRequest{
		PreviewID: preview.NewID(), GenerationID: "g", UserID: "u", Root: ".", Tree: tree(files),
		Limits: limits, Timeout: 5 * time.Minute,
	}
}

func TestProjectBuild(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	before := len(mustImages(t, b))
	req := dockerProject(map[string]string{
		"Dockerfile": twoStages, ".dockerignore": "*.log\nsecret\n!keep.log", "main.txt": "x", "x.log": "x", "keep.log": "x", "secret/k": "x",
	})
	req.Tree.(fstest.MapFS)["link"] = &fstest.MapFile{Data: []byte("main.txt"), Mode: 0o777 | 1<<27}
	var out sink
	r, err := s.Project(t.Context(), req, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.text())
	}
	if r.Cached || r.User != "10001:10001" || r.WorkDir != "/srv/app" || r.Port != 9000 || strings.Join(r.Command, " ") != "/bin/sh -c cat result" {
		t.Errorf("%+v", r)
	}
	got := shell(t, b, r.Image, "cd /srv/app && cat result link && ls && touch new && [ $(id -u) = 10001 ] && ls -a / | grep -c unused; true")
	if want := "built\nxDockerfile\nkeep.log\nlink\nmain.txt\nresult\n0"; got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
	if after := len(mustImages(t, b)); after != before+1 {
		t.Errorf("%d images more", after-before)
	}
	again, err := s.Project(t.Context(), req, &out)
	if err != nil || !again.Cached || again.Image != r.Image {
		t.Errorf("second time: %+v, %v", again, err)
	}
}

// failedBuilds notes the last image of each build that failed.
type failedBuilds struct {
	*docker.Backend
	last []string
}

func (f *failedBuilds) Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (string, error) {
	var said strings.Builder
	id, err := f.Backend.Build(ctx, spec, io.MultiWriter(out, &said))
	if err != nil {
		layers := regexp.MustCompile(`(?m)^ ---> ([0-9a-f]{12})$`).FindAllStringSubmatch(said.String(), -1)
		f.last = append(f.last, layers[len(layers)-1][1])
	}
	return id, err
}

func TestProjectWithoutShell(t *testing.T) {
	b := &failedBuilds{Backend: realEngine(t)}
	s := realStore(t, b)
	var out sink
	r, err := s.Project(t.Context(), dockerProject(map[string]string{
		"Dockerfile": "FROM scratch\nWORKDIR /srv\nCOPY main.txt .\nCMD [\"/srv/main.txt\"]\n", "main.txt": "x",
	}), &out)
	if err != nil || r.User != "10001:10001" || !strings.Contains(out.text(), "read-only") {
		t.Errorf("%+v, %v\n%s", r, err, out.text())
	}
	if len(b.last) != 1 {
		t.Fatalf("%d builds failed, not the one of chown", len(b.last))
	}
	if _, err := b.ImageID(t.Context(), b.last[0]); !errors.Is(err, preview.ErrImageNotFound) {
		t.Errorf("image %s of the failed chown: %v", b.last[0], err)
	}
}

func TestProjectBuildFails(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	for name, c := range map[string]struct {
		text    string
		timeout time.Duration
		code    preview.Code
		want    string
	}{
		"a step":         {"FROM debian:trixie-slim\nRUN echo here && exit 7\nCMD x", time.Minute, preview.InstallFailed, "7"},
		"no such image":  {"FROM previewd.invalid/nothing:1\nCMD x", time.Minute, preview.InstallFailed, "previewd.invalid/nothing:1"},
		"time":           {"FROM debian:trixie-slim\nRUN sleep 300\nCMD x", 3 * time.Second, preview.InstallTimeout, "3 seconds"},
		"no such syntax": {"FROM debian:trixie-slim\nNONSENSE\nCMD x", time.Minute, preview.InstallFailed, "NONSENSE"},
	} {
		t.Run(name, func(t *testing.T) {
			req := dockerProject(map[string]string{"Dockerfile": c.text})
			req.Timeout = c.timeout
			var out sink
			_, err := s.Project(t.Context(), req, &out)
			var reason *preview.Reason
			if !errors.As(err, &reason) || reason.Code != c.code || !strings.Contains(reason.Message, c.want) {
				t.Errorf("%v\n%s", err, out.text())
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(time.Second, cancel)
	if _, err := s.Project(ctx, dockerProject(map[string]string{"Dockerfile": "FROM debian:trixie-slim\nRUN sleep 301\nCMD x"}), &sink{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
