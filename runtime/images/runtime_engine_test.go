package images_test

import (
	"crypto/sha256"
	"fmt"
	"os"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

// audit lists what an app must not find: setuid and world-writable things outside /tmp, and a folder it cannot use.
const audit = `exec 2>&1
find / -xdev -perm /6000 -type f 2>/dev/null
find / -xdev -path /proc -prune -o -path /sys -prune -o -path /tmp -prune -o ! -type l -perm -0002 -print 2>/dev/null
touch /app/x && rm /app/x || echo "cannot write /app"
[ "$(id -u):$(id -g)" = 10001:10001 ] || id
[ "$(awk -F: '$3 == 10001 {print $1}' /etc/passwd)" = app ] || echo no user
[ "$(pwd)" = /app ] || pwd
[ "$LANG" = C.UTF-8 ] || echo "locale $LANG"
grep -q 'BEGIN CERTIFICATE' "$SSL_CERT_FILE" || echo no certificates`

func TestRuntimeImages(t *testing.T) {
	b := realEngine(t)
	s := realStore(t, b)
	for rt, check := range map[preview.Runtime]string{
		preview.RuntimeNode: `node -v | grep -q '^v24' && npm -v && pnpm -v && yarn -v && cd /tmp && touch .yarnrc.yml && yarn -v
			ls /usr/local/include/node/node.h && c++ --version && make --version`,
		preview.RuntimePython: `python -V | grep -q '^Python 3.13' && uv -V && pip -V && python -m venv /app/v && /app/v/bin/pip -V
			gcc --version && ls /usr/include/python3.13/Python.h`,
		preview.RuntimeGo: `go version && gcc --version && cd /app && go mod init x && printf 'package main\nimport "net/http"\nfunc main(){_=http.Get}' >m.go && go build -x -o /tmp/m . 2>/tmp/log
			! grep -q 'compile.*-p net/http' /tmp/log`,
	} {
		t.Run(string(rt), func(t *testing.T) {
			image, err := s.Runtime(t.Context(), rt, func(line string) { t.Log(line) })
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(image, "previewd/"+string(rt)+":") {
				t.Errorf("tag %s", image)
			}
			if found := shell(t, b, image, audit); found != "" {
				t.Errorf("found:\n%s", found)
			}
			if found, given := shell(t, b, image, `sha256sum <"$SSL_CERT_FILE"`), bundleSum(t); !strings.HasPrefix(found, given) {
				t.Errorf("the certificates are not those that were given: %s, want %s", found, given)
			}
			shell(t, b, image, "set -e\n"+check)
			again, err := s.Runtime(t.Context(), rt, func(line string) { t.Errorf("built again: %s", line) })
			if err != nil || again != image {
				t.Errorf("second time: %s, %v", again, err)
			}
		})
	}
}

// bundleSum is the checksum of the bundle that images are built with.
func bundleSum(t *testing.T) string {
	t.Helper()
	bundle, err := os.ReadFile(machineBundle)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(bundle))
}

func TestRuntimeStatic(t *testing.T) {
	b := realEngine(t)
	image, err := realStore(t, b).Runtime(t.Context(), preview.RuntimeStatic, nil)
	if err != nil {
		t.Fatal(err)
	}
	config, err := b.ImageConfig(t.Context(), image)
	if err != nil || config.WorkDir != "/app" {
		t.Errorf("config %+v, %v", config, err)
	}
	for _, i := range mustImages(t, b) {
		if len(i.Tags) > 0 && i.Tags[0] == image && i.Bytes > 1<<20 {
			t.Errorf("%d bytes", i.Bytes)
		}
	}
}
