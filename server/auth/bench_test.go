package auth

import (
	"testing"
	"time"
)

// BenchmarkVerify is what each request pays to know its caller.
func BenchmarkVerify(b *testing.B) {
	r, e, o := rsaKey(b, "r"), ecKey(b, "e"), edKey(b, "o")
	v, err := NewVerifier(Options{Secrets: [][]byte{previous, current}, Keys: newProvider(b, r.public, e.public, o.public).keySet()})
	if err != nil {
		b.Fatal(err)
	}
	own, err := Mint(current, "ann", time.Hour, false)
	if err != nil {
		b.Fatal(err)
	}
	for name, token := range map[string]string{"HS256": own, "RS256": r.token(b), "ES256": e.token(b), "EdDSA": o.token(b)} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := v.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
