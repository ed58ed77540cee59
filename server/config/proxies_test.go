package config

import (
	"errors"
	"fmt"
	"testing"
)

func TestTrustedProxies(t *testing.T) {
	for given, want := range map[string]string{
		"":                        "[]",
		"10.0.0.0/8, 192.168.1.7": "[10.0.0.0/8 192.168.1.7/32]",
		"10.1.2.3/8":              "[10.0.0.0/8]",
		"::1,fd00::/8":            "[::1/128 fd00::/8]",
		"proxy.example":           "PREVIEW_TRUSTED_PROXIES",
		"10.0.0.0/33":             "PREVIEW_TRUSTED_PROXIES",
		"10.0.0.1,":               "[10.0.0.1/32]",
		"10.0.0.1,*":              "PREVIEW_TRUSTED_PROXIES",
		"fe80::1%eth0":            "PREVIEW_TRUSTED_PROXIES",
		",":                       "PREVIEW_TRUSTED_PROXIES",
	} {
		cfg, _, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_TRUSTED_PROXIES=" + given})
		got := fmt.Sprint(cfg.Proxies())
		if problems, wrong := errors.AsType[Problems](err); wrong {
			got = problems[0].Variable
		}
		if got != want {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}
