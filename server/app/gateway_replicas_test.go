package app_test

import (
	"io"
	"net/http"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// talker says hello, and at /stream goes on until its visitor leaves.
var talker = map[string]string{"server.js": `
require("node:http").createServer((req, res) => {
  if (req.url !== "/stream") return res.end("hello");
  res.writeHead(200, { "Content-Type": "text/event-stream" });
  res.write("data: begun\n\n");
}).listen(process.env.PORT);
`}

// TestGatewaysAgree has two previewd on one database let the same browser in, the one that runs the preview killed, and what is open by the
// other end with the preview.
func TestGatewaysAgree(t *testing.T) {
	t.Parallel()
	i := newInstallation(t, theEngine(t))
	environ := i.settings(10)
	a, b := replica(t, environ), replica(t, environ)
	p := a.uploadFiles(t, talker)
	l := p.launch()
	p.settled()
	byB := b.browser(t)
	if got := byB.open(l.PreviewURL); got.status != 200 || got.body != "hello" {
		t.Fatal(got.status, got.body)
	}
	base := l.PreviewURL[:len(l.PreviewURL)-len("/?__previewd_token=")-len(l.SessionToken)]
	byA := a.browser(t)
	byA.Jar = byB.Jar
	if got := byA.open(base + "/"); got.status != 200 {
		t.Error("the other gateway does not know the cookie:", got.status, got.body)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/stream", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	stream, err := byB.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	begun := make([]byte, len("data: begun\n\n"))
	if _, err := io.ReadFull(stream.Body, begun); err != nil {
		t.Fatal(err)
	}

	a.kill()
	if got := byB.open(base + "/"); got.status != 200 {
		t.Error("after the kill:", got.status, got.body)
	}
	theirs := p.on(b.service)
	if err := theirs.Stop(t.Context(), p.id); err != nil {
		t.Fatal(err)
	}
	if rest, err := io.ReadAll(stream.Body); err == nil || len(rest) > 0 {
		t.Errorf("the stream ends as if it were whole: %q", rest)
	}
	theirs.until("stopped", func(s client.Status) bool { return s.Status == preview.Stopped })
	if got := byB.open(base + "/"); got.status != http.StatusGone {
		t.Error("after the end:", got.status, got.body)
	}
}
