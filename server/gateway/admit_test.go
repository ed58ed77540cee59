package gateway_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/gateway"
)

func TestATokenIsShownOnceAndThenACookie(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	for _, query := range []string{"token=" + token, "__previewd_token=" + token} {
		a := b.visit("/path%2Fx?a=%20b&" + query + "&c;d")
		if a.status != http.StatusSeeOther || a.header.Get("Location") != "/path%2Fx?a=%20b&c;d" {
			t.Fatal(a.status, a.header)
		}
		if a.header.Get("Referrer-Policy") != "no-referrer" || a.header.Get("Cache-Control") != "no-store" {
			t.Error(a.header)
		}
		set := a.header["Set-Cookie"]
		if len(set) != 2 || !strings.HasSuffix(set[0], "; Path=/; HttpOnly; SameSite=Lax") ||
			!strings.HasSuffix(set[1], "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned") {
			t.Fatal(set)
		}
		for _, line := range set {
			if strings.Contains(line, token) {
				t.Error("the cookie is the token:", line)
			}
			a = b.visit("/?x", "Cookie", "mine=1; "+pairOf(line)+"; yours=2")
			seen := b.seen(a)
			if a.status != 200 || seen.Get("Cookie") != "mine=1; yours=2" || seen.Get("Uri") != "/?x" {
				t.Error(a.status, seen)
			}
		}
	}
}

func TestCookiesOverHTTPS(t *testing.T) {
	b := newBed(t, https)
	b.app(hello)
	a := b.visit("/?token="+token, "X-Forwarded-Proto", "https")
	set := a.header["Set-Cookie"]
	if len(set) != 1 || !strings.HasPrefix(set[0], "__Host-previewd=") || !strings.HasSuffix(set[0], "; Path=/; HttpOnly; Secure; SameSite=None; Partitioned") {
		t.Fatal(a.status, set)
	}
	if a = b.visit("/", "Cookie", pairOf(set[0])); a.status != 200 || a.body != "hello" {
		t.Error(a.status, a.body)
	}
	// A base domain that is reached without TLS and is not this machine's gets no cookie that browsers would refuse.
	if a = b.visit("/?token="+token, "X-Forwarded-Proto", "http"); len(a.header["Set-Cookie"]) != 1 || strings.Contains(a.header.Get("Set-Cookie"), "Secure") {
		t.Error(a.header["Set-Cookie"])
	}
}

func TestTokensOfAppsAreTheirs(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	for _, query := range []string{"token=reset-42", "token=", "token", "x=token", "token=sess_short", "token=share_short", "tokens=" + token, "TOKEN=1"} {
		a := b.get("/?" + query)
		if seen := b.seen(a); seen.Get("Uri") != "/?"+query {
			t.Errorf("%s: the app sees %s", query, seen.Get("Uri"))
		}
	}
}

// TestTokensWithoutARedirect are those that programs show: a redirect would lose a body and end a handshake.
func TestTokensWithoutARedirect(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	for name, r := range map[string]*http.Request{
		"a post":     b.request(http.MethodPost, one, "/p?token="+token+"&x=1", strings.NewReader("body")),
		"an upgrade": b.request(http.MethodGet, one, "/p?x=1&token="+token, nil, "Connection", "Upgrade", "Upgrade", "websocket"),
		"a header":   b.request(http.MethodGet, one, "/p?x=1", nil, "X-Preview-Token", token),
	} {
		a := b.send(r)
		seen := b.seen(a)
		if a.status != 200 || seen.Get("Uri") != "/p?x=1" || seen.Get("X-Preview-Token") != "" || a.header.Get("Set-Cookie") != "" {
			t.Error(name, a.status, seen)
		}
	}
}

func TestNobodyElseIsLetIn(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	b.appAt(other, hello)
	foreign := b.send(b.request(http.MethodGet, other, "/?token="+token, nil)).header["Set-Cookie"]
	expired := b.links.Shared(preview.Preview{ID: "id-" + one, Host: one}, time.Now().Add(-time.Second))
	forged := gateway.NewLinks(b.base, []byte("another secret")).Shared(preview.Preview{ID: "id-" + one, Host: one}, time.Now().Add(time.Hour))
	shared := b.links.Shared(preview.Preview{ID: "id-" + one, Host: one}, time.Now().Add(time.Hour))
	link := queryOf(t, shared)
	own := pairOf(b.visit("/?" + shared[strings.Index(shared, "?")+1:]).header.Get("Set-Cookie"))
	for name, a := range map[string]answer{
		"nothing":                   b.visit("/"),
		"a wrong token":             b.visit("/?token=sess_" + strings.Repeat("b", 43)),
		"a wrong token in a header": b.visit("/", "X-Preview-Token", "x", "Cookie", own),
		"a sibling's cookie":        b.visit("/", "Cookie", pairOf(foreign[0])),
		"a cookie that is a token":  b.visit("/", "Cookie", "__previewd="+token),
		"a link as a cookie":        b.visit("/", "Cookie", "__previewd="+strings.TrimPrefix(link, "share_")),
		"a cookie as a link":        b.visit("/?__previewd_token=share_" + strings.TrimPrefix(own, "__previewd=")),
		"an expired link":           b.visit("/?" + expired[strings.Index(expired, "?")+1:]),
		"a forged link":             b.visit("/?" + forged[strings.Index(forged, "?")+1:]),
		"a link cut short":          b.visit("/?__previewd_token=" + link[:len(link)-1]),
		"another's link":            b.send(b.request(http.MethodGet, other, "/?__previewd_token="+link, nil)),
	} {
		if a.status != http.StatusUnauthorized || a.code() != "INVALID_SESSION_TOKEN" || len(a.header["Set-Cookie"]) != 0 {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
}

func queryOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("__previewd_token")
}

func TestSharedLinks(t *testing.T) {
	b := newBed(t)
	p := b.app(hello)
	u, err := url.Parse(b.links.Shared(p, time.Now().Add(time.Hour)))
	b.check(err)
	if u.Host != one+".preview.localhost:8080" || u.Scheme != "http" {
		t.Error(u)
	}
	a := b.visit("/?" + u.RawQuery)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/" {
		t.Fatal(a.status, a.body)
	}
	cookie := pairOf(a.header.Get("Set-Cookie"))
	if a = b.visit("/", "Cookie", cookie); a.status != 200 {
		t.Error(a.status, a.body)
	}
	// The cookie lasts no longer than the link, and the preview's next run wants a link of its own.
	b.rows.change(one, func(p *preview.Preview) { p.ID = "the next" })
	b.bus.Publish(preview.Preview{Host: one, Status: preview.Starting})
	eventually(t, "the old link leads nowhere", func() bool { return b.visit("/", "Cookie", cookie).status == 401 })
}

// TestLinksAreTakenBack sees that neither they nor the cookies that they gave open the preview, at a replica that only reads the row.
func TestLinksAreTakenBack(t *testing.T) {
	b := newBed(t)
	p := b.app(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/stream" {
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		}
	})
	until := time.Now().Add(time.Hour)
	enter := func(p preview.Preview) (link, cookie string) {
		u, err := url.Parse(b.links.Shared(p, until))
		b.check(err)
		return "/?" + u.RawQuery, pairOf(b.visit("/?" + u.RawQuery).header.Get("Set-Cookie"))
	}
	link, cookie := enter(p)
	own := pairOf(b.visit("/?token=" + token).header.Get("Set-Cookie"))
	for round := 1; round <= 2; round++ {
		if a := b.visit("/", "Cookie", cookie); a.status != 200 {
			t.Fatal(a.status, a.body)
		}
		stream, err := http.DefaultTransport.RoundTrip(b.request(http.MethodGet, one, "/stream", nil, "Cookie", cookie))
		b.check(err)
		p = b.rows.change(one, func(p *preview.Preview) { p.ShareRound++ })
		if _, err := io.ReadAll(stream.Body); err == nil {
			t.Error("a stream ends as if it were whole")
		}
		_ = stream.Body.Close()
		eventually(t, "the cookie is refused", func() bool { return b.visit("/", "Cookie", cookie).status == 401 })
		if a := b.visit(link); a.status != 401 {
			t.Error("the link still opens the preview:", a.status, a.header)
		}
		if a := b.visit("/", "Cookie", own); a.status != 200 {
			t.Error("the session's cookie ended with the links:", a.status)
		}
		link, cookie = enter(p)
	}
}

// TestARedirectLeadsNowhereElse shows a token at paths that browsers read as other hosts.
func TestARedirectLeadsNowhereElse(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	for _, path := range []string{"//evil.example", "//evil.example/x", "///evil.example", "/%5Cevil.example", "/.//evil.example", "//evil.example@x", "/%2F/evil.example", "//"} {
		a := b.visit(path + "?token=" + token)
		at, err := url.Parse("http://" + one + ".preview.localhost/")
		b.check(err)
		to, err := at.Parse(a.header.Get("Location"))
		if a.status != http.StatusSeeOther || err != nil || to.Host != at.Host || strings.HasPrefix(a.header.Get("Location"), "//") {
			t.Errorf("%s: %d %q", path, a.status, a.header.Get("Location"))
		}
	}
}

func TestAnOldLinkIsNoHarmToWhoIsKnown(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	cookie := pairOf(b.visit("/?token=" + token).header.Get("Set-Cookie"))
	a := b.visit("/x?token=sess_"+strings.Repeat("b", 43), "Cookie", cookie)
	if a.status != http.StatusSeeOther || a.header.Get("Location") != "/x" || a.header.Get("Set-Cookie") != "" {
		t.Error(a.status, a.header)
	}
}

// TestSiblingsCannotCrowdACookieOut adds cookies of the same name, as a sibling can over http.
func TestSiblingsCannotCrowdACookieOut(t *testing.T) {
	b := newBed(t)
	b.app(headers)
	cookie := pairOf(b.visit("/?token=" + token).header.Get("Set-Cookie"))
	var tossed strings.Builder
	for range 150 {
		tossed.WriteString("__previewd=" + strings.Repeat("A", 100) + "; ")
	}
	a := b.visit("/", "Cookie", tossed.String()+cookie)
	if a.status != 200 || b.seen(a).Get("Cookie") != "" {
		t.Error(a.status, a.body)
	}
}

func TestARenewedTokenEndsTheOldOnesCookie(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	cookie := pairOf(b.visit("/?token=" + token).header.Get("Set-Cookie"))
	if a := b.visit("/", "Cookie", cookie); a.status != 200 {
		t.Fatal(a.status)
	}
	b.rows.change(one, func(p *preview.Preview) { p.SessionTokenHash = preview.HashSessionToken("sess_new") })
	eventually(t, "the old cookie is refused", func() bool { return b.visit("/", "Cookie", cookie).status == 401 })
}

// TestATokenBesideTheFirst lets in, until the first one is replaced.
func TestATokenBesideTheFirst(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	second := "sess_" + strings.Repeat("b", 43)
	b.rows.change(one, func(p *preview.Preview) { p.MoreSessionHashes = [][]byte{preview.HashSessionToken(second)} })
	cookie := pairOf(b.visit("/?token=" + second).header.Get("Set-Cookie"))
	if a := b.visit("/", "Cookie", cookie); a.status != 200 {
		t.Fatal(a.status)
	}
	b.rows.change(one, func(p *preview.Preview) {
		p.SessionTokenHash, p.MoreSessionHashes = preview.HashSessionToken("sess_new"), nil
	})
	eventually(t, "the cookie is refused", func() bool { return b.visit("/", "Cookie", cookie).status == 401 })
}

func TestOtherHostsAreTheAPIs(t *testing.T) {
	b := newBed(t)
	b.app(hello)
	for host, want := range map[string]string{
		"preview.localhost:8080": "the API", "127.0.0.1:8080": "the API", "evil.example": "the API", "xpreview.localhost": "the API",
		one + ".preview.localhost": "hello", one + ".preview.localhost.:8080": "hello", strings.ToUpper(one) + ".PREVIEW.localhost": "hello",
		one + ".x.preview.localhost": "PREVIEW_NOT_FOUND", "x.preview.localhost": "PREVIEW_NOT_FOUND", ".preview.localhost": "PREVIEW_NOT_FOUND",
		other + ".preview.localhost": "PREVIEW_NOT_FOUND",
	} {
		r := b.request(http.MethodGet, one, "/", nil, "X-Preview-Token", token)
		r.Host = host
		if a := b.send(r); a.body != want && a.code() != want {
			t.Errorf("%s: %d %s", host, a.status, a.body)
		}
	}
}
