package docker

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func (b *Backend) buildText(t *testing.T, limits preview.Limits, args map[string]string, dockerfile string) string {
	t.Helper()
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out strings.Builder
	_, err := b.Build(ctx, preview.BuildSpec{
		Tag: "previewd-steps-" + randomHex() + ":1", Dockerfile: "Dockerfile", Network: preview.NetworkNone, Limits: limits, Args: args,
		Context: tarOf(&tar.Header{Name: "Dockerfile", Mode: 0o644}, dockerfile),
	}, &out)
	if err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	return out.String()
}

// TestBuildForkBomb starts processes until one is refused. It never has more than 80 of them.
func TestBuildForkBomb(t *testing.T) {
	b := testBackend(t, Options{})
	out := b.buildText(t, preview.Limits{MemoryMB: 128, PIDs: 64}, nil, `FROM `+testImage+`
ENV NOTHING=`+randomHex()+`
RUN ["perl", "-e", "my @kids; my $end = time + 100; while (time < $end) { my $pid = fork; if (!defined $pid) { print 'ref', 'used'; exit 0 } if (!$pid) { sleep 200; exit } push @kids, $pid; if (@kids > 79) { my $kid = shift @kids; kill 9, $kid; waitpid $kid, 0 } } print 'never'"]
`)
	if !strings.Contains(out, "refused") {
		t.Errorf("a build step may start any number of processes:\n%s", out)
	}
}

// TestBuildStepsCannotLie lets a step name another container, in a flood of such lines, for its own.
func TestBuildStepsCannotLie(t *testing.T) {
	b := testBackend(t, Options{})
	if err := b.EnsureNetworks(t.Context()); err != nil {
		t.Fatal(err)
	}
	id, err := b.Create(t.Context(), perl(`sleep 100`))
	if err != nil {
		t.Fatal(err)
	}
	b.buildText(t, preview.Limits{MemoryMB: 128, PIDs: 99}, map[string]string{"VICTIM": short(id)}, `FROM `+testImage+`
ARG VICTIM
RUN ["perl", "-e", "$| = 1; for (1..2000) { print qq( ---> Running in $ENV{VICTIM}\\n); printf qq( ---> Running in %012x\\n), $_ }"]
`)
	c, err := b.api.ContainerInspect(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if limit := c.HostConfig.PidsLimit; limit == nil || *limit != 32 {
		t.Errorf("the other container's limit became %v", limit)
	}
}

// TestBuildWithoutLimitEnds lets the engine refuse the limit, or end the step first.
func TestBuildWithoutLimitEnds(t *testing.T) {
	const id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	for name, tt := range map[string]struct {
		inspect []string // one answer after the other
		refused bool
	}{
		"refused":  {[]string{"running", "running"}, true},
		"over":     {[]string{"running", "exited"}, false},
		"was over": {[]string{"exited"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			looks := 0
			b := scripted(t, map[string]http.HandlerFunc{
				"/v1.41/build":           says(200, `{"stream":" ---> Running in `+short(id)+`\n"}`+"\n"+`{"aux":{"ID":"sha256:made"}}`),
				"/v1.41/containers/json": says(200, `[{"Id":"`+id+`","Created":4000000000}]`),
				"/v1.41/containers/" + id + "/json": func(w http.ResponseWriter, _ *http.Request) {
					state := tt.inspect[looks]
					looks++
					says(200, fmt.Sprintf(`{"Id":%q,"State":{"Status":%q,"Running":%v},"HostConfig":{}}`, id, state, state == "running"))(w, nil)
				},
				"/v1.41/containers/" + id + "/update": says(500, `{"message":"cannot update"}`),
			})
			_, err := b.Build(t.Context(), preview.BuildSpec{Tag: "t", Context: strings.NewReader(""), Limits: preview.Limits{PIDs: 9}}, io.Discard)
			var failed *preview.BuildError
			if refused := err != nil && strings.Contains(err.Error(), "cannot update"); refused != tt.refused || errors.As(err, &failed) {
				t.Errorf("the build ended with %v", err)
			}
		})
	}
}
