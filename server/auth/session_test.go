package auth

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
)

func TestSessionOpensItsOwnPreviewOnly(t *testing.T) {
	now := time.Now()
	token, hash := preview.NewSessionToken()
	other, _ := preview.NewSessionToken()
	valid := preview.Preview{SessionTokenHash: hash, TokenExpiry: now.Add(time.Minute)}
	beside := preview.Preview{
		SessionTokenHash: preview.HashSessionToken("sess_x"), MoreSessionHashes: [][]byte{{}, hash, preview.HashSessionToken("sess_y")}, TokenExpiry: now.Add(time.Minute),
	}
	late := beside
	late.TokenExpiry = now
	expired := preview.Preview{SessionTokenHash: hash, TokenExpiry: now}
	bare := strings.TrimPrefix(token, sessionPrefix)
	unmarked := preview.Preview{SessionTokenHash: preview.HashSessionToken(bare), TokenExpiry: now.Add(time.Minute)}
	tests := []struct {
		name  string
		token string
		p     preview.Preview
		want  bool
	}{
		{"its own", token, valid, true},
		{"beside the first", token, beside, true},
		{"another's", other, valid, false},
		{"none of several", other, beside, false},
		{"one of several, expired", token, late, false},
		{"expired", token, expired, false},
		{"empty", "", valid, false},
		{"without its mark", bare, unmarked, false},
		{"no hash stored", token, preview.Preview{TokenExpiry: now.Add(time.Minute)}, false},
		{"the hash itself", string(hash), valid, false},
	}
	for _, test := range tests {
		if SessionOpens(test.token, test.p, now) != test.want {
			t.Errorf("%s: want %v", test.name, test.want)
		}
	}
}

func TestSessionTokenOfARequest(t *testing.T) {
	r := httptest.NewRequest("GET", "/x?token=sess_abc", nil)
	if SessionToken(r) != "sess_abc" || !LooksLikeSession(SessionToken(r)) {
		t.Error(SessionToken(r))
	}
	if LooksLikeSession("eyJhbGciOi") {
		t.Error("a JSON Web Token is no session token")
	}
}
