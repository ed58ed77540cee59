package app_test

import (
	"net/http"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/auth"
	"previewd/server/client"
)

// spans are what the runbook sets as code and matches.
func spans(t *testing.T, matching string) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/runbook.md")
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, span := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(string(text), -1) {
		code := strings.ReplaceAll(span[1], "\n", " ")
		if regexp.MustCompile(matching).MatchString(code) && !slices.Contains(found, code) {
			found = append(found, code)
		}
	}
	if len(found) < 5 {
		t.Fatalf("the runbook has only %q", found)
	}
	return found
}

// TestTheRunbooksCommands runs every command of previewd that the runbook gives, and asks Prometheus everything that it says to ask.
func TestTheRunbooksCommands(t *testing.T) {
	t.Parallel()
	r := receive(t, nil)
	r.refuse.Store(http.StatusGone)
	environ := settings(t, 4, append(r.settings(), "PREVIEW_METRICS_ADDR=127.0.0.1:0")...)
	s := start(t, environ)
	m, ops := watch(t, s), newOperator(t)
	token, err := auth.Mint([]byte(secret), "operator", time.Hour, true)
	if err != nil {
		t.Fatal(err)
	}
	environ = append(environ, "PREVIEW_API="+s.api, "PREVIEW_TOKEN="+token)
	p := s.uploadFiles(t, page)
	p.running()
	s.counted(t, "dead", 2)
	r.refuse.Store(0)

	for _, query := range spans(t, `^[a-z_ (,.0-9]*(preview|go_sql)_[a-z_]+(\b|\{)`) {
		if query == "preview_id" { // a field of the log
			continue
		}
		if _, err := m.query(query); err != nil {
			t.Errorf("Prometheus is asked %s: %v", query, err)
		}
		for _, name := range regexp.MustCompile(`\b(preview|go_sql)_[a-z_]+\b`).FindAllString(query, -1) {
			if n, err := m.query("count(" + name + ")"); err != nil || len(n) != 1 {
				t.Errorf("%s is no metric: %v, %v", name, n, err)
			}
		}
	}
	commands := spans(t, `^previewd [a-z]`)
	slices.SortFunc(commands, func(a, b string) int { return strings.Compare(order(a), order(b)) })
	for _, command := range commands {
		out, err := ops.try(strings.ReplaceAll(command, " ID", " "+p.id), environ...)
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		if strings.HasPrefix(command, "previewd ls") && !strings.Contains(out, p.id) {
			t.Errorf("%s does not list another user's preview:\n%s", command, out)
		}
	}
	if end := p.ended(); end.Reason != preview.User {
		t.Errorf("the preview ended for %s", end.Reason)
	}
	s.counted(t, "delivered", 3)
}

// order puts what ends the preview last.
func order(command string) string {
	return map[bool]string{true: "1", false: "0"}[strings.Contains(command, " stop ")] + command
}

// counted waits until the outbox has so many events in a state.
func (s *service) counted(t testing.TB, state string, want int) {
	t.Helper()
	token, err := auth.Mint([]byte(secret), "root", time.Hour, true)
	if err != nil {
		t.Fatal(err)
	}
	c, err := client.New(s.api, client.StaticToken(token))
	if err != nil {
		t.Fatal(err)
	}
	if !eventually(patience, func() bool {
		list, _, err := c.WebhookEvents(t.Context(), state, 100)
		return err == nil && len(list) == want
	}) {
		t.Errorf("there are not %d events %s", want, state)
	}
}
