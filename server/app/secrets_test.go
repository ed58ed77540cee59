package app_test

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/client"
)

// talkative tells its secrets in every way, at its start, when asked to, and when it dies.
var talkative = map[string]string{"server.js": `
const http = require("node:http");
const { API_KEY, PEM } = process.env;
const tell = () => {
  console.log("plain", API_KEY);
  console.error(JSON.stringify({ level: "error", key: API_KEY, pem: PEM }));
  console.log("url " + encodeURIComponent(API_KEY));
  console.log("basic " + Buffer.from("user:" + API_KEY + "!").toString("base64"));
  for (const at of [16384, 65536]) console.log("x".repeat(at - 10) + API_KEY + "y".repeat(20));
  console.log(PEM);
};
tell();
http.createServer((request, response) => {
  response.end();
  if (request.url === "/tell") tell();
  if (request.url === "/die") response.on("close", () => { throw new Error("wrong key " + API_KEY); });
}).listen(process.env.PORT);
`}

var secretEnv = map[string]string{
	"API_KEY": `hunter2/"quoted" & long`,
	"PEM":     "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASCBKcwggSjAgEAAoIB\n-----END KEY-----\n",
}

// leaks are the beginnings of what must not be seen.
var leaks = []string{"hunter2", "MIIEvQ", "AQEFAA", "aHVudGVyMi", "h1bnRlcjIv", "dW50ZXIy"}

// TestSecretsAreNeverTold also after a kill -9: the process that takes the preview over knows them, too.
func TestSecretsAreNeverTold(t *testing.T) {
	t.Parallel()
	environ := settings(t, 2)
	first := spawnReady(t, environ)
	p := first.uploadFiles(t, talkative)
	before := p.running(func(r *client.LaunchRequest) {
		r.SecretEnv, r.Command = secretEnv, "node server.js 'hunter2/\"quoted\" & long'"
	})
	first.kill()
	second := spawnReady(t, environ)
	p = p.on(second.service)
	get(t, before.BaseURL+"/tell")
	if !p.tells(patience, "plain [redacted]", 2) {
		t.Fatalf("it does not tell again:\n%s", p.log())
	}
	poke(before.BaseURL + "/die")
	if end := p.ended(); end.Reason != preview.AppExited || !strings.Contains(end.Message, "wrong key [redacted]") {
		t.Errorf("ended for %s: %s", end.Reason, end.Message)
	}
	for _, path := range []string{"/preview/status", "/preview/logs?limit=5000", "/preview/logs/stream", "/files"} {
		told := rawGet(t, second.api+"/api/v1/generations/"+p.id+path)
		for _, leak := range leaks {
			if i := strings.Index(told, leak); i >= 0 {
				t.Errorf("%s tells %q: …%s…", path, leak, told[max(0, i-80):min(len(told), i+80)])
			}
		}
	}
	for _, leak := range leaks {
		if strings.Contains(first.said.String()+second.said.String(), leak) {
			t.Errorf("previewd's own log tells %q", leak)
		}
	}
	second.term()
}

// rawGet is the whole body of an answer.
func rawGet(t testing.TB, url string) string {
	t.Helper()
	token, err := auth.Mint([]byte(secret), "tester", patience, false)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := web.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var body bytes.Buffer
	if _, err := io.Copy(&body, res.Body); err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s: %s, %v", url, res.Status, err)
	}
	return body.String()
}
