package routes

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/google/go-cmp/cmp"

	domain "previewd/runtime/preview"
	"previewd/server/api"
	"previewd/server/openapi"
	"previewd/server/problem"
)

// expectation is what a route answers to those whose tokens are good. 403 is always PERMISSION_DENIED.
type expectation struct {
	body                   string
	owner, stranger, admin int
}

const upload = `{"project_id":"shop","files":{"index.html":"<p>hi</p>"}}`

// expectations has a line for each row of the route table: a new route has to say whom it serves.
func expectations() map[string]expectation {
	own := func(status int, body string) expectation { return expectation{body, status, 403, status} }
	all, admins := expectation{"", 200, 200, 200}, func(status int) expectation { return expectation{"", 403, 403, status} }
	return map[string]expectation{
		"GET " + base + "/generations":    all, // each one's own
		"PUT " + generation:               own(200, upload),
		"GET " + generation:               own(200, ""),
		"DELETE " + generation:            own(204, ""),
		"GET " + generation + "/files":    own(200, ""),
		"POST " + preview + "/launch":     own(201, `{"project_id":"shop"}`),
		"GET " + preview + "/status":      own(200, ""),
		"DELETE " + preview:               own(204, ""),
		"POST " + preview + "/request":    own(200, `{"path":"/"}`),
		"POST " + preview + "/extend":     own(200, `{"duration":60}`),
		"POST " + preview + "/session":    own(200, ""),
		"POST " + preview + "/share":      own(200, `{"ttl_seconds":60}`),
		"DELETE " + preview + "/share":    own(204, ""),
		"GET " + preview + "/config":      own(200, ""),
		"GET " + preview + "/endpoints":   own(200, ""),
		"GET " + preview + "/logs":        own(200, ""),
		"GET " + preview + "/logs/stream": own(200, ""),
		"GET " + preview + "/logs/export": own(200, ""),
		"GET " + base + "/previews":       all,

		"GET " + webhookEvents:                                   admins(200),
		"POST " + webhookEvents + "/retry":                       admins(200),
		"POST " + webhookEvents + "/{" + api.EventID + "}/retry": admins(404), // there is no such event

		"GET /metrics": admins(200),

		"GET /livez": all, "GET /readyz": all, "GET /healthz": all, "GET /openapi.json": all, "GET /docs": all,
	}
}

// proof is what a request brings: a header Authorization, a session token in the query and one in a header.
type proof struct{ bearer, query, header string }

// badTokens prove nothing, each for another reason.
func (w *world) badTokens() map[string]string {
	foreign, err := rsa.GenerateKey(rand.Reader, 2048)
	w.check(err)
	named := func(kid string) func(jwt.MapClaims, map[string]any) {
		return func(_ jwt.MapClaims, h map[string]any) { h["kid"] = kid }
	}
	claim := func(name string, value any) func(jwt.MapClaims, map[string]any) {
		return func(c jwt.MapClaims, _ map[string]any) { c[name] = value }
	}
	hs := jwt.SigningMethodHS256
	return map[string]string{
		"malformed":          "Bearer not.a.token",
		"empty":              "Bearer ",
		"no scheme":          strings.TrimPrefix(w.of("ann"), "Bearer "),
		"another scheme":     "Basic YW5uOmFubg==",
		"two tokens":         w.of("ann") + ", " + w.of("ann"),
		"expired":            w.bearer("ann", hs, secret, claim("exp", time.Now().Add(-time.Minute).Unix())),
		"without an expiry":  w.bearer("ann", hs, secret, func(c jwt.MapClaims, _ map[string]any) { delete(c, "exp") }),
		"not yet valid":      w.bearer("ann", hs, secret, claim("nbf", time.Now().Add(time.Hour).Unix())),
		"issued tomorrow":    w.bearer("ann", hs, secret, claim("iat", time.Now().Add(24*time.Hour).Unix())),
		"another issuer":     w.bearer("ann", hs, secret, claim("iss", "https://evil.example/")),
		"another audience":   w.bearer("ann", hs, secret, claim("aud", "somebody")),
		"nobody":             w.bearer("", hs, secret),
		"another secret":     w.bearer("ann", hs, bytes.Repeat([]byte("x"), 32)),
		"HS512":              w.bearer("ann", jwt.SigningMethodHS512, secret),
		"none":               w.bearer("root", jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType),
		"RS256, another key": w.bearer("root", jwt.SigningMethodRS256, foreign, named("k1")),
		"RS256, unknown key": w.bearer("root", jwt.SigningMethodRS256, foreign, named("k2")),
		"RS512":              w.bearer("ann", jwt.SigningMethodRS512, w.rsa, named("k1")),
		"HS256, public key":  w.bearer("root", hs, w.rsa.N.Bytes(), named("k1")),
	}
}

// TestAuthorizationMatrix sends every route everything that should be refused, sees that nothing changed, and then what should not.
func TestAuthorizationMatrix(t *testing.T) {
	w := newWorld(t)
	expected := expectations()
	bad := w.badTokens()
	for i, r := range table(&api.API{}, openapi.NewSite()) {
		key := r.method + " " + r.path
		want, known := expected[key]
		if !known {
			t.Errorf("%s: nothing says who may call it", key)
			continue
		}
		delete(expected, key)
		t.Run(key, func(t *testing.T) {
			m := &row{world: w.within(t), route: r, expectation: want, prefix: fmt.Sprint("row", i)}
			m.everythingBut(bad)
			m.unknownGenerations()
			m.everybodyWhoMay(bad)
		})
	}
	for key := range expected {
		t.Errorf("%s is no route", key)
	}
}

// row is one row of the table under test.
type row struct {
	*world
	route
	expectation
	prefix string
	count  int
}

// fresh is a project of ann's that no request has touched.
func (m *row) fresh(expiry time.Duration) project {
	m.count++
	return m.project(fmt.Sprint(m.prefix, "-", m.count), "ann", time.Now().Add(expiry))
}

// send requests the route of a project and returns the status and the error's code.
func (m *row) send(method, id string, by proof) (int, problem.Code) {
	m.Helper()
	status, body := m.exchange(method, id, by)
	var p struct {
		Code problem.Code `json:"error_code"`
	}
	if method != http.MethodHead && status >= 400 {
		if err := json.Unmarshal(body, &p); err != nil {
			m.Fatalf("%s: %v: %s", m.path, err, body)
		}
	}
	return status, p.Code
}

func (m *row) exchange(method, id string, by proof) (int, []byte) {
	m.Helper()
	ctx, cancel := context.WithTimeout(m.Context(), time.Minute)
	defer cancel()
	path := strings.NewReplacer("{"+api.GenerationID+"}", id, "{"+api.EventID+"}", "msg_1").Replace(m.path)
	if by.query != "" {
		path += "?token=" + by.query
	}
	var content io.Reader
	if m.body != "" {
		content = strings.NewReader(m.body)
	}
	req, err := http.NewRequestWithContext(ctx, method, m.server.URL+path, content)
	m.check(err)
	if m.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for name, value := range map[string]string{"Authorization": by.bearer, "X-Preview-Token": by.header} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	resp, err := m.client.Do(req)
	m.check(err)
	defer resp.Body.Close()
	if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/event-stream") {
		return resp.StatusCode, nil // it has no end to read to
	}
	text, err := io.ReadAll(resp.Body)
	m.check(err)
	return resp.StatusCode, text
}

func (m *row) refuse(what, id string, by proof, status int, code problem.Code) {
	m.Helper()
	for _, method := range m.methods() {
		got, gotCode := m.send(method, id, by)
		if got != status || gotCode != code && method != http.MethodHead {
			m.Errorf("%s, %s: %d %s, want %d %s", method, what, got, gotCode, status, code)
		}
	}
}

func (m *row) answer(what, id string, by proof, status int) {
	m.Helper()
	if got, code := m.send(m.method, id, by); got != status || got == 403 && code != problem.PermissionDenied {
		m.Errorf("%s: %d %s, want %d", what, got, code, status)
	}
}

// everythingBut sends what must be refused, and looks whether it was for nothing.
func (m *row) everythingBut(bad map[string]string) {
	if m.access == everybody {
		return
	}
	p, expired, other := m.fresh(time.Hour), m.fresh(-time.Second), m.fresh(time.Hour)
	before := m.state(p, expired)
	for name, token := range bad {
		m.refuse(name, p.id, proof{bearer: token}, 401, problem.InvalidToken)
		m.refuse(name+" beside a session token", p.id, proof{token, p.session, p.session}, 401, problem.InvalidToken)
	}
	m.refuse("a session token as a bearer token", p.id, proof{bearer: "Bearer " + p.session}, 401, problem.InvalidToken)

	wrongSessions := map[string]struct{ id, token string }{
		"made up":              {p.id, "sess_" + strings.Repeat("A", 43)},
		"another preview's":    {p.id, other.session},
		"an earlier one's":     {p.id, p.earlier},
		"expired":              {expired.id, expired.session},
		"a prefix of it":       {p.id, p.session[:len(p.session)-1]},
		"longer than it is":    {p.id, p.session + "A"},
		"the mark alone":       {p.id, "sess_"},
		"of no generation":     {"nothing", p.session},
		"of another case":      {p.id, strings.ToUpper(p.session)},
		"without its mark":     {p.id, strings.TrimPrefix(p.session, "sess_")},
		"the preview's own id": {p.id, p.preview},
	}
	for name, s := range wrongSessions {
		m.refuseSession(name, s.id, s.token)
	}
	switch m.access {
	case users:
		m.refuse("nothing", p.id, proof{}, 401, problem.InvalidToken)
		m.refuse("a session token", p.id, proof{query: p.session, header: p.session}, 401, problem.InvalidToken)
	case usersSession:
		m.refuse("nothing", p.id, proof{}, 401, problem.InvalidToken)
		m.refuse("a session token in the header", p.id, proof{header: p.session}, 401, problem.InvalidToken)
		m.refuse("a stranger with the session token", p.id, proof{bearer: m.of("bob"), query: p.session}, 403, problem.PermissionDenied)
	case sessions:
		m.refuse("nothing", p.id, proof{}, 401, problem.InvalidSessionToken)
		m.refuse("a session token in the query", p.id, proof{query: p.session}, 401, problem.InvalidSessionToken)
		m.refuse("the owner without a session token", p.id, proof{bearer: m.of("ann")}, 401, problem.InvalidSessionToken)
		m.refuse("an admin without a session token", p.id, proof{bearer: m.of("root")}, 401, problem.InvalidSessionToken)
		m.refuse("the owner with another's", p.id, proof{bearer: m.of("ann"), header: other.session}, 401, problem.InvalidSessionToken)
		m.refuse("a stranger with the session token", p.id, proof{bearer: m.of("bob"), header: p.session}, 403, problem.PermissionDenied)
	default:
		m.Fatalf("nothing says what access %d refuses", m.access)
	}
	if m.stranger == 403 && m.access != sessions {
		m.refuse("a stranger", p.id, proof{bearer: m.of("bob")}, 403, problem.PermissionDenied)
	}
	if diff := cmp.Diff(before, m.state(p, expired)); diff != "" {
		m.Error("a refused request changed something:", diff)
	}
}

// refuseSession sends a session token that is no good where one would be looked for.
func (m *row) refuseSession(name, id, token string) {
	m.Helper()
	by, code := proof{query: token, header: token}, problem.InvalidToken
	marked := strings.HasPrefix(token, "sess_")
	if m.access == sessions || m.access == usersSession && marked {
		code = problem.InvalidSessionToken
	}
	m.refuse("a session token "+name, id, by, 401, code)
}

// state is everything of the projects that a request could change.
func (m *row) state(projects ...project) []any {
	m.Helper()
	var all []any
	for _, p := range projects {
		g, err := m.store.Generation(m.Context(), p.id)
		m.check(err)
		latest, err := m.store.LatestPreview(m.Context(), p.id)
		m.check(err)
		all = append(all, g, latest)
	}
	return all
}

// unknownGenerations are the same to everybody who proved who he is.
func (m *row) unknownGenerations() {
	if !strings.Contains(m.path, "{"+api.GenerationID+"}") || m.access == sessions {
		return
	}
	for _, user := range []string{"ann", "bob", "root"} {
		id := m.prefix + "-unknown-" + user
		if m.method == http.MethodPut {
			m.answer(user+" puts a new generation", id, proof{bearer: m.of(user)}, 201)
			continue
		}
		m.refuse(user+" asks for an unknown generation", id, proof{bearer: m.of(user)}, 404, problem.GenerationNotFound)
	}
}

// everybodyWhoMay sends what must be answered, each to a project of its own.
func (m *row) everybodyWhoMay(bad map[string]string) {
	rs256 := func(user string) string {
		return m.bearer(user, jwt.SigningMethodRS256, m.rsa, func(_ jwt.MapClaims, h map[string]any) { h["kid"] = "k1" })
	}
	switch m.access {
	case everybody:
		for name, token := range bad {
			m.answer(name, "", proof{bearer: token, query: "sess_x"}, 200)
		}
		m.answer("nothing", "", proof{}, 200)
	case users, usersSession:
		m.answer("the owner", m.fresh(time.Hour).id, proof{bearer: m.of("ann")}, m.owner)
		m.answer("the owner, by the identity provider", m.fresh(time.Hour).id, proof{bearer: rs256("ann")}, m.owner)
		m.answer("the owner with a session token that is no good", m.fresh(time.Hour).id, proof{m.of("ann"), "sess_x", "sess_x"}, m.owner)
		m.answer("an admin", m.fresh(time.Hour).id, proof{bearer: m.of("root")}, m.admin)
		m.answer("an admin, by the identity provider", m.fresh(time.Hour).id, proof{bearer: rs256("root")}, m.admin)
		m.answer("a stranger", m.fresh(time.Hour).id, proof{bearer: m.of("bob")}, m.stranger)
	case sessions:
		p := m.fresh(time.Hour)
		for name, token := range map[string]string{"alone": "", "with the owner": m.of("ann"), "with an admin": m.of("root"), "by the identity provider": rs256("ann")} {
			m.answer("a session token "+name, p.id, proof{bearer: token, header: p.session}, m.owner)
		}
	}
	if m.access == usersSession {
		p := m.fresh(time.Hour)
		m.answer("a session token", p.id, proof{query: p.session}, m.owner)
	}
}

// TestListsShowNobodyElses looks into the lists, which nobody is refused.
func TestListsShowNobodyElses(t *testing.T) {
	w := newWorld(t)
	p := w.project("anns", "ann", time.Now().Add(time.Hour))
	w.project("bobs", "bob", time.Now().Add(time.Hour))
	for _, list := range []string{"generations", "previews"} {
		m := &row{world: w, route: route{method: http.MethodGet, path: base + "/" + list}}
		for user, want := range map[string][]string{"ann": {"anns"}, "bob": {"bobs"}, "carol": nil, "root": {"anns", "bobs"}} {
			status, body := m.exchange(http.MethodGet, "", proof{bearer: w.of(user)})
			var got []string
			for _, id := range []string{"anns", "bobs"} {
				if bytes.Contains(body, []byte(`"`+id+`"`)) {
					got = append(got, id)
				}
			}
			if status != 200 || !slices.Equal(got, want) || bytes.Contains(body, []byte(p.session)) {
				t.Errorf("%s of %s: %d %s", list, user, status, body)
			}
		}
	}
	// A session token that is renewed takes the old one's place at once.
	hash := domain.HashSessionToken("sess_new")
	_, err := w.store.RenewSession(t.Context(), p.preview, hash, time.Now().Add(time.Hour))
	w.check(err)
	m := &row{world: w, route: route{method: http.MethodPost, path: preview + "/request", access: sessions}, expectation: expectation{body: `{"path":"/"}`}}
	m.refuse("the old session token", p.id, proof{header: p.session}, 401, problem.InvalidSessionToken)
	m.answer("the new one", p.id, proof{header: "sess_new"}, 200)
}
