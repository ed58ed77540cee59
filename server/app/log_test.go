package app_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/tracing/tracingtest"
	"previewd/server/auth"
	"previewd/server/logging"
)

// forged is what hostile values try to write a line of.
const forged = "level=info msg=forged"

// TestLog runs a previewd through launches, failures, visits and errors, with values that would break a log, in both formats.
func TestLog(t *testing.T) {
	for _, format := range []string{"json", "text"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			collector := tracingtest.New(t)
			p := spawnReady(t, settings(t, 6, "PREVIEW_LOG_FORMAT="+format, "PREVIEW_LOG_LEVEL=debug", "OTEL_EXPORTER_OTLP_ENDPOINT="+collector.Endpoint()))
			secrets := busy(t, p)
			p.term()
			for line := range strings.SplitSeq(strings.TrimSuffix(p.said.String(), "\n"), "\n") {
				for _, s := range secrets {
					if strings.Contains(line, s) {
						t.Errorf("it tells %s: %s", s, line)
					}
				}
				if format == "json" {
					checkJSONLine(t, line)
				} else {
					checkTextLine(t, line)
				}
			}
			all := p.said.String()
			for _, want := range []string{"preview is running", "APP_EXITED", "UNRECOGNISED_PROJECT", "GENERATION_NOT_FOUND", "trace_id", "forged", "serving"} {
				if !strings.Contains(all, want) {
					t.Errorf("nothing is said of %s:\n%s", want, all)
				}
			}
		})
	}
}

// busy has previewd do what it does, and returns what no line may hold.
func busy(t *testing.T, p *process) (secrets []string) {
	t.Helper()
	w := p.wire(t, `alice" `+forged, false)
	w.put("fine", map[string]string{"index.html": "hello"})
	w.put("broken", map[string]string{"server.js": "console.error('\\x1b[31m\\n" + forged + "'); process.exit(3); require('http').createServer().listen(80)"})
	w.put("odd", map[string]string{`notes" ` + forged + ".txt": forged})
	w.want(w.send("PUT", "odd", `{"project_id":"p","files":{"notes\u001b[31m\n`+forged+`":""}}`), 400)
	l := w.want(w.post("fine/preview/launch", `{"project_id":"p","wait":true,"secret_env":{"KEY":"hunter2hunter2"}}`), 201)
	w.want(w.post("broken/preview/launch", `{"project_id":"p","wait":true,"env":{"PATH_TO":"/x\u001b[31m"}}`), 201)
	w.want(w.post("odd/preview/launch", `{"project_id":"p","wait":true}`), 201)
	token := l.text("session_token")
	w.want(w.post("fine/preview/request", `{"path":"/?key=hunter2query"}`, "X-Preview-Token", token), 200)
	w.want(w.get("nobody"), 404)
	w.want(w.get("fine/preview/logs?q=hunter2query&regex=true&limit=x"), 400)
	b := p.browser(t)
	b.open(l.text("preview_url"))
	b.open(l.text("base_url"))
	host := strings.Split(strings.TrimPrefix(l.text("preview_url"), "http://"), "/")[0]
	good, err := auth.Mint([]byte(secret), "bob", time.Hour, false)
	if err != nil {
		t.Fatal(err)
	}
	bearer := w.token
	for _, raw := range []string{
		"GET /%0a" + strings.ReplaceAll(forged, " ", "%20") + "?token=" + token + " HTTP/1.1\r\nHost: x\r\n",
		"GET /%1b[2J%00%e2%80%ae%c2%9b HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + w.token + "\r\n",
		"GET /api/v1/generations/a%0ab/preview/status HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + good + "\r\nX-Request-Id: \"forged\"\r\n",
		"GET / HTTP/1.1\r\nHost: " + host + "\r\nX-Preview-Token: sess_\x1bhunter2query\r\nTraceparent: 00-forged\r\n",
		"GET /\x1b[31m HTTP/1.1\r\nHost: x\r\n",
		"B\x1bD / HTTP/1.1\r\n" + forged + "\r\n",
	} {
		p.raw(t, raw+"Connection: close\r\n\r\n")
	}
	w.want(w.send("DELETE", "fine/preview", ""), 204)
	w.token = ""
	w.want(w.get("fine/preview/logs/stream?token="+token), 200) // to its end
	return []string{token, bearer, good, secret, "hunter2hunter2", "hunter2query"}
}

// raw sends what no client would.
func (s *service) raw(t *testing.T, request string) {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.api, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, request)
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(answer, "HTTP/1.1 ") {
		t.Errorf("%.40q is answered %q, %v", request, answer, err)
	}
}

func checkJSONLine(t *testing.T, line string) {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal([]byte(line), &fields); err != nil {
		t.Errorf("%v: %q", err, line)
		return
	}
	for name, value := range fields {
		i := slices.IndexFunc(logging.Fields(), func(f logging.Field) bool { return f.Name == name })
		if i < 0 {
			t.Errorf("the field %s is not in the list: %s", name, line)
			continue
		}
		kind := map[string]logging.Kind{"string": logging.Text, "float64": logging.Number, "map[string]interface {}": logging.Numbers}[fmt.Sprintf("%T", value)]
		if want := logging.Fields()[i].Kind; kind != want {
			t.Errorf("%s is a %T: %s", name, value, line)
		}
	}
	at, _ := fields["time"].(string)
	if _, err := time.Parse(time.RFC3339, at); err != nil {
		t.Error(err)
	}
	if level, _ := fields["level"].(string); !slices.Contains([]string{"debug", "info", "warning", "error"}, level) {
		t.Errorf("level %s: %s", level, line)
	}
	if fields["component"] == nil || fields["msg"] == "" || fields["msg"] == "forged" {
		t.Error(line)
	}
}

var textLine = regexp.MustCompile(`^time="[0-9T:.-]+Z" level=(debug|info|warning|error) msg=("(?:[^"\\]|\\.)*"|[^\s"]+)( [a-z_]+=("(?:[^"\\]|\\.)*"|[^\s"=]*))+$`)

func checkTextLine(t *testing.T, line string) {
	t.Helper()
	if !textLine.MatchString(line) || !strings.Contains(line, " component=") || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == '\u202e' || r == '\u009b' }) {
		t.Errorf("%q", line)
	}
}
