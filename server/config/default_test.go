package config

import (
	"path/filepath"
	"testing"
)

func TestDataDir(t *testing.T) {
	tests := []struct {
		uid  int
		vars map[string]string
		want string
	}{
		{0, map[string]string{"HOME": "/root"}, "/var/lib/previewd"},
		{7, map[string]string{"HOME": "/home/me", "XDG_DATA_HOME": "/data"}, "/data/previewd"},
		{7, map[string]string{"HOME": "/home/me", "XDG_DATA_HOME": "relative"}, "/home/me/.local/share/previewd"},
		{7, nil, "data"},
	}
	for _, test := range tests {
		if got := defaultDataDir(test.uid, test.vars); got != test.want {
			t.Errorf("uid %d %v: %s, want %s", test.uid, test.vars, got, test.want)
		}
	}
}

func TestDialHostFollowsBindAddr(t *testing.T) {
	for bind, want := range map[string]string{"0.0.0.0": "127.0.0.1", "::": "::1", "10.1.2.3": "10.1.2.3"} {
		cfg, _, err := LoadTool([]string{"PREVIEW_BIND_ADDR=" + bind})
		if err != nil || cfg.DialHost != want {
			t.Errorf("%s: %q %v, want %q", bind, cfg.DialHost, err, want)
		}
	}
	cfg, _, err := LoadTool([]string{"PREVIEW_BIND_ADDR=0.0.0.0", "PREVIEW_DIAL_HOST=engine.internal", "PREVIEW_DATA_DIR=here"})
	if err != nil || cfg.DialHost != "engine.internal" || !filepath.IsAbs(cfg.DataDir) {
		t.Error(cfg.DialHost, cfg.DataDir, err)
	}
}

func TestFirstFile(t *testing.T) {
	file := secretFile(t, "x")
	if got := firstFile([]string{"/nowhere", filepath.Dir(file), file}); got != file {
		t.Error(got)
	}
	if got := firstFile([]string{"/nowhere"}); got != "" {
		t.Error(got)
	}
}
