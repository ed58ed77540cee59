package config

import (
	"strings"
	"testing"
)

func TestRegistryLogin(t *testing.T) {
	const written = `{"auths": {"registry.example.com:5000": {"auth": "dGVzdGVyOm9wZW46c2VzYW1l"}, "other": {"auth": "bm9ib2R5Ong="}}}`
	for name, given := range map[string]string{
		"plain":           "PREVIEW_IMAGE_REGISTRY_LOGIN=tester:open:sesame",
		"file":            "PREVIEW_IMAGE_REGISTRY_LOGIN_FILE=" + secretFile(t, "tester:open:sesame\n"),
		"docker's own":    "PREVIEW_IMAGE_REGISTRY_LOGIN_FILE=" + secretFile(t, written),
		"with an address": "PREVIEW_IMAGE_REGISTRY_LOGIN=" + strings.Replace(written, "registry.example", "https://registry.example", 1),
	} {
		c, err := loadWith(t, "PREVIEW_IMAGE_REGISTRY=registry.example.com:5000/previews", given)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if user, password := c.RegistryLogin(); user != "tester" || password != "open:sesame" {
			t.Errorf("%s: %q, %q", name, user, password)
		}
	}
	c, err := loadWith(t, "PREVIEW_IMAGE_REGISTRY=registry:5000")
	if user, password := c.RegistryLogin(); err != nil || user != "" || password != "" {
		t.Errorf("without a login: %q, %q, %v", user, password, err)
	}
}

func TestBadRegistryLogins(t *testing.T) {
	for _, bad := range []string{
		"hunter2", ":hunter2", "hunter2:", `{"auths": {"hunter2": {"auth": "dGVzdGVyOng="}}}`,
		`{"auths": {"registry:5000": {}}, "credsStore": "hunter2"}`, `{"auths": {"registry:5000": {"auth": "hunter2!"}}}`, "{hunter2",
	} {
		_, err := loadWith(t, "PREVIEW_IMAGE_REGISTRY=registry:5000", "PREVIEW_IMAGE_REGISTRY_LOGIN="+bad)
		if err == nil || !strings.Contains(err.Error(), "PREVIEW_IMAGE_REGISTRY_LOGIN=[hidden]: want user:password") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
	// A login for no registry at all is one that somebody forgot.
	if _, err := loadWith(t, "PREVIEW_IMAGE_REGISTRY_LOGIN=tester:x"); err == nil || !strings.Contains(err.Error(), "PREVIEW_IMAGE_REGISTRY is not set") {
		t.Error(err)
	}
}
