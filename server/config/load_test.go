package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

const goodSecret = "0123456789abcdef0123456789abcdef"

func TestDefaultsAreTheContract(t *testing.T) {
	cfg, warnings, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "HOME=/home/somebody"})
	if err != nil || len(warnings) > 0 {
		t.Fatal(err, warnings)
	}
	got := fmt.Sprint(cfg.ListenAddr, cfg.PortMin, cfg.PortMax, cfg.SessionTimeout, cfg.MaxUptime, cfg.MemoryLimitMB, cfg.StartupTimeout,
		cfg.InstallTimeout, cfg.BindAddr, cfg.DialHost, cfg.Egress, cfg.BaseDomain, cfg.MaxPerUser, cfg.MaxUploadMB, cfg.MaxFiles,
		cfg.HealthRetries, cfg.HealthInterval, cfg.OnShutdown, cfg.RateLaunch, cfg.RateStatus, cfg.RateRequest, cfg.RateEndpoints)
	want := "127.0.0.1:8080 3001 3100 1800 3600 512 30 300 127.0.0.1 127.0.0.1 internet preview.localhost 10 32 5000 3 10 stop 10/h 100/m 1000/h 100/m"
	if normal(got) != normal(want) {
		t.Errorf("defaults\n got %s\nwant %s", got, want)
	}
	if cfg.LaunchConcurrency < 2 || !filepath.IsAbs(cfg.DataDir) {
		t.Errorf("launch concurrency %d, data folder %q", cfg.LaunchConcurrency, cfg.DataDir)
	}
	if cfg.MaxUptime.Duration() != time.Hour {
		t.Errorf("max uptime %v", cfg.MaxUptime.Duration())
	}
}

func normal(s string) string { return strings.Join(strings.Fields(s), "") }

func TestEmptyMeansUnset(t *testing.T) {
	cfg, _, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_PORT_MIN=", "PREVIEW_EGRESS= "})
	if err != nil || cfg.PortMin != 3001 || cfg.Egress != "internet" {
		t.Fatal(cfg.PortMin, cfg.Egress, err)
	}
}

func TestEachProblemNamesVariableValueAndWant(t *testing.T) {
	notPEM := filepath.Join(t.TempDir(), "bundle")
	if err := os.WriteFile(notPEM, []byte("no certificate"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct{ set, want string }{
		{"PORT_MIN=abc", "PREVIEW_PORT_MIN=abc: want a whole number from 1 to 65535"},
		{"PORT_MIN=0", "PREVIEW_PORT_MIN=0: want a whole number from 1 to 65535"},
		{"PORT_MAX=70000", "PREVIEW_PORT_MAX=70000: want a whole number from 1 to 65535"},
		{"PORT_MIN=4000", "PREVIEW_PORT_MAX=3100: want at least PREVIEW_PORT_MIN, which is 4000"},
		{"LISTEN_ADDR=127.0.0.1:3050", "PREVIEW_LISTEN_ADDR=127.0.0.1:3050: want a port outside PREVIEW_PORT_MIN to PREVIEW_PORT_MAX (3001-3100)"},
		{"METRICS_ADDR=127.0.0.1:3050", "PREVIEW_METRICS_ADDR=127.0.0.1:3050: want a port outside PREVIEW_PORT_MIN to PREVIEW_PORT_MAX (3001-3100)"},
		{"METRICS_ADDR=9464", "PREVIEW_METRICS_ADDR=9464: want host:port"},
		{"DEBUG_ADDR=0.0.0.0:6060", "PREVIEW_DEBUG_ADDR=0.0.0.0:6060: want host:port of this machine's loopback"},
		{"DEBUG_ADDR=:6060", "PREVIEW_DEBUG_ADDR=:6060: want host:port of this machine's loopback"},
		{"DEBUG_ADDR=[::1]:3100", "PREVIEW_DEBUG_ADDR=[::1]:3100: want a port outside PREVIEW_PORT_MIN to PREVIEW_PORT_MAX (3001-3100)"},
		{"LISTEN_ADDR=8080", "PREVIEW_LISTEN_ADDR=8080: want host:port"},
		{"LISTEN_ADDR=host:http", "PREVIEW_LISTEN_ADDR=host:http: want host:port"},
		{"LISTEN_ADDR=bad_host:80", "PREVIEW_LISTEN_ADDR=bad_host:80: want host:port"},
		{"SESSION_TIMEOUT=30m", "PREVIEW_SESSION_TIMEOUT=30m: want a whole number from 1 to 2592000"},
		{"CPU_LIMIT=0", "PREVIEW_CPU_LIMIT=0: want a number from 0.05 to 1024"},
		{"CPU_LIMIT=NaN", "PREVIEW_CPU_LIMIT=NaN: want a number from 0.05 to 1024"},
		{"MAX_MEMORY_PER_USER_MB=511", "PREVIEW_MAX_MEMORY_PER_USER_MB=511: want 0, or at least PREVIEW_MEMORY_LIMIT_MB, which is 512"},
		{"MAX_MEMORY_TOTAL_MB=1", "PREVIEW_MAX_MEMORY_TOTAL_MB=1: want 0, or at least PREVIEW_MEMORY_LIMIT_MB, which is 512"},
		{"MAX_MEMORY_TOTAL_MB=-1", "PREVIEW_MAX_MEMORY_TOTAL_MB=-1: want a whole number from 0 to 1073741824"},
		{"RATE_LAUNCH=10", "PREVIEW_RATE_LAUNCH=10: want N/s, N/m or N/h, or 0 for no limit"},
		{"RATE_STATUS=5/d", "PREVIEW_RATE_STATUS=5/d: want N/s, N/m or N/h, or 0 for no limit"},
		{"EGRESS=all", "PREVIEW_EGRESS=all: want internet or none"},
		{"ON_SHUTDOWN=leave", "PREVIEW_ON_SHUTDOWN=leave: want stop or keep"},
		{"LOG_LEVEL=loud", "PREVIEW_LOG_LEVEL=loud: want debug or info or warn or error"},
		{"INSECURE=maybe", "PREVIEW_INSECURE=maybe: want 1 or 0"},
		{"BIND_ADDR=localhost", "PREVIEW_BIND_ADDR=localhost: want an IP address"},
		{"DIAL_HOST=a b", "PREVIEW_DIAL_HOST=a b: want a host name or IP address"},
		{"BASE_DOMAIN=-x-", "PREVIEW_BASE_DOMAIN=-x-: want a domain name"},
		{"DOCKER_RUNTIME=../sh", "PREVIEW_DOCKER_RUNTIME=../sh: want a runtime's name, such as runsc"},
		{"CA_BUNDLE=/nowhere", "PREVIEW_CA_BUNDLE=/nowhere: want a readable PEM file"},
		{"CA_BUNDLE=" + notPEM, "PREVIEW_CA_BUNDLE=" + notPEM + ": want a readable PEM file"},
		{"DATABASE_URL=mysql://me:hunter2@db/x", "PREVIEW_DATABASE_URL=[hidden]: want a postgres:// URL or a key=value connection string"},
		{"DATABASE_URL=hunter2", "PREVIEW_DATABASE_URL=[hidden]: want a postgres:// URL or a key=value connection string"},
		{"JWT_SECRET=hunter2", "PREVIEW_JWT_SECRET=[hidden]: want secrets of at least 32 bytes, separated by commas or newlines"},
		{"JWT_SECRET=" + goodSecret + ",hunter2", "PREVIEW_JWT_SECRET=[hidden]: want secrets of at least 32 bytes, separated by commas or newlines"},
		{"JWKS_URL=http://id.example/keys", "PREVIEW_JWKS_URL=http://id.example/keys: want an https:// URL, or an http:// one of this machine"},
		{"JWKS_URL=id.example", "PREVIEW_JWKS_URL=id.example: want an https:// URL, or an http:// one of this machine"},
		{"JWT_SECRET_FILE=/nowhere", "PREVIEW_JWT_SECRET_FILE=/nowhere: want a readable file that is not empty"},
		{"DATABASE_URL_FILE=/nowhere", "PREVIEW_DATABASE_URL_FILE=/nowhere: want a readable file that is not empty"},
	}
	for _, test := range tests {
		t.Run(test.set, func(t *testing.T) {
			environ := []string{"PREVIEW_" + test.set}
			if !strings.HasPrefix(test.set, "JWT_SECRET") {
				environ = append(environ, "PREVIEW_JWT_SECRET="+goodSecret)
			}
			cfg, _, err := Load(environ)
			if want := "configuration:\n  " + test.want; err == nil || err.Error() != want {
				t.Errorf("got  %v\nwant %s", err, want)
			}
			if !reflect.DeepEqual(cfg, Config{}) {
				t.Error("a configuration was returned beside the error")
			}
		})
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	_, _, err := Load([]string{"PREVIEW_PORT_MIN=x", "PREVIEW_EGRESS=y", "PREVIEW_BIND_ADDR=z", "PREVIEW_CPU_LIMIT=w"})
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatal(err)
	}
	var names []string
	for _, p := range problems {
		names = append(names, p.Variable)
	}
	slices.Sort(names)
	want := []string{"PREVIEW_BIND_ADDR", "PREVIEW_CPU_LIMIT", "PREVIEW_EGRESS", "PREVIEW_JWT_SECRET", "PREVIEW_PORT_MIN"}
	if !slices.Equal(names, want) {
		t.Errorf("got %v, want %v", names, want)
	}
}

func TestOneFaultIsReportedOnce(t *testing.T) {
	_, _, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_BIND_ADDR=not an address"})
	if problems, _ := errors.AsType[Problems](err); len(problems) != 1 || problems[0].Variable != "PREVIEW_BIND_ADDR" {
		t.Error(err)
	}
}

func TestServiceKnowsItsUsers(t *testing.T) {
	_, _, err := Load(nil)
	if err == nil || !strings.Contains(err.Error(), "PREVIEW_JWT_SECRET is not set") || !strings.Contains(err.Error(), "PREVIEW_JWKS_URL") || !strings.Contains(err.Error(), "PREVIEW_INSECURE=1") {
		t.Errorf("neither secret nor insecure mode: %v", err)
	}
	if _, _, err := Load([]string{"PREVIEW_JWKS_URL=https://id.example/keys"}); err != nil {
		t.Errorf("a key set is enough: %v", err)
	}
	_, _, err = Load([]string{"PREVIEW_JWKS_URL=http://id.example/keys"})
	if problems, _ := errors.AsType[Problems](err); len(problems) != 1 || problems[0].Variable != "PREVIEW_JWKS_URL" {
		t.Errorf("a key set that is no good is one problem: %v", err)
	}
	if _, _, err := LoadTool(nil); err != nil {
		t.Errorf("a tool needs neither: %v", err)
	}
}

func TestInsecureIsLoud(t *testing.T) {
	tests := []struct {
		listen   string
		warnings int
	}{{"127.0.0.1:8080", 1}, {"localhost:0", 1}, {"[::1]:8080", 1}, {"0.0.0.0:8080", 2}, {":8080", 2}}
	for _, test := range tests {
		cfg, warnings, err := Load([]string{"PREVIEW_INSECURE=1", "PREVIEW_LISTEN_ADDR=" + test.listen})
		if err != nil || !cfg.Insecure || len(warnings) != test.warnings {
			t.Errorf("%s: %v %q, want %d warnings", test.listen, err, warnings, test.warnings)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	cfg, _, err := Load([]string{"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_DATABASE_URL=postgres://me:hunter2@db/x"})
	if err != nil {
		t.Fatal(err)
	}
	text, _ := cfg.JWTSecret.MarshalText()
	for _, printed := range []string{fmt.Sprint(cfg), fmt.Sprintf("%+v", cfg), fmt.Sprintf("%#v", cfg), string(text)} {
		if strings.Contains(printed, goodSecret) || strings.Contains(printed, "hunter2") || !strings.Contains(printed, hidden) {
			t.Errorf("printed: %s", printed)
		}
	}
	if Secret("").String() != "" {
		t.Error("no secret prints as one")
	}
}
