package app_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// TestHostileCodeStaysInside runs every attack of the hostile example from inside a preview, beside a victim.
func TestHostileCodeStaysInside(t *testing.T) {
	s := start(t, settings(t, 20, "PREVIEW_PIDS_LIMIT=128", "PREVIEW_DISK_LIMIT_MB=128"))
	victim := s.uploadFiles(nameOf(t, "victim"), map[string]string{"index.html": "secret of another preview"})
	target := victim.running()
	hostile := s.upload(t, example("hostile"))
	base := hostile.running().BaseURL

	t.Run("identity", func(t *testing.T) {
		id := attack[map[string]string](t, base, "/processes/identity")
		for name, want := range map[string]string{"CapEff": "0000000000000000", "CapBnd": "0000000000000000", "NoNewPrivs": "1", "Seccomp": "2"} {
			if id[name] != want {
				t.Errorf("%s is %q, want %q", name, id[name], want)
			}
		}
		if strings.HasPrefix(id["Uid"], "0") {
			t.Errorf("runs as uid %q", id["Uid"])
		}
	})
	t.Run("privileges", func(t *testing.T) {
		for name, outcome := range attack[map[string]any](t, base, "/processes/privileges") {
			switch name {
			case "setuid_files":
				if list, _ := outcome.([]any); len(list) > 0 {
					t.Errorf("setuid files: %v", list)
				}
			case "kill_init": // the kernel accepts the signal and never delivers it to process 1
				if code, _ := get(t, base+"/alive"); code != 200 {
					t.Errorf("after the kill of process 1 the app answers %d", code)
				}
			default:
				if outcome == "done" {
					t.Errorf("%s succeeded", name)
				}
			}
		}
	})
	t.Run("fork bomb", func(t *testing.T) {
		got := attack[struct {
			Forked  int
			Refused string
		}](t, base, "/processes/bomb?hold=0")
		if got.Refused == "" || got.Forked >= 128 {
			t.Errorf("forked %d, refused %q: the limit of processes does not hold", got.Forked, got.Refused)
		}
		if code, _ := get(t, base+"/alive"); code != 200 {
			t.Errorf("after the bomb the app answers %d", code)
		}
	})
	t.Run("writes outside", func(t *testing.T) {
		for path, outcome := range attack[map[string]string](t, base, "/files/outside") {
			if outcome == "written" && path != "/dev/shm" { // shared memory: 16 MB that count as memory
				t.Errorf("%s can be written", path)
			}
		}
	})
	t.Run("secrets", func(t *testing.T) {
		for path, outcome := range attack[map[string]string](t, base, "/files/secrets") {
			if outcome == "read 0 bytes" { // the kernel shows an empty list of keys
				continue
			}
			if strings.HasPrefix(outcome, "read") || strings.HasPrefix(outcome, "listed") || strings.HasPrefix(outcome, "socket") {
				t.Errorf("%s: %s", path, outcome)
			}
		}
	})
	t.Run("devices", func(t *testing.T) {
		if got := attack[map[string]any](t, base, "/files/devices"); got["made"] != false {
			t.Errorf("made a disk's device node: %v", got)
		}
	})
	t.Run("raw sockets", func(t *testing.T) {
		for name, outcome := range attack[map[string]string](t, base, "/network/raw") {
			if outcome == "opened" {
				t.Errorf("opened a raw %s socket", name)
			}
		}
	})
	t.Run("network", func(t *testing.T) { attackNetwork(t, s, base, target) })
	if code, body := get(t, target.BaseURL); code != 200 || !strings.Contains(body, "secret") {
		t.Errorf("the victim answers %d %q after all that", code, body)
	}
}

type scanned struct {
	Host string
	Open []int
}

// attackNetwork looks for the host, its services, the cloud's metadata and the neighbour.
func attackNetwork(t *testing.T, s *service, base string, victim client.Status) {
	t.Helper()
	service := listen(t, "0.0.0.0:0") // one of the host's own, open to every address
	port := service.Addr().String()[strings.LastIndex(service.Addr().String(), ":")+1:]
	api := s.api[strings.LastIndex(s.api, ":")+1:]
	gateway := attack[scanned](t, base, "/network/gateway?ports="+port+","+api+","+strconv.Itoa(victim.Port))
	if len(gateway.Open) > 0 {
		t.Errorf("reached the host at %s on %v", gateway.Host, gateway.Open)
	}
	if got := attack[scanned](t, base, "/network/link-local"); len(got.Open) > 0 {
		t.Errorf("reached the metadata service on %v", got.Open)
	}
	near := attack[struct{ Reached map[string][]int }](t, base, "/network/neighbours?ports="+strconv.Itoa(victim.Port))
	if len(near.Reached) > 0 {
		t.Errorf("reached neighbours: %v", near.Reached)
	}
	own, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	// The scan itself works: it finds the attacker's own port on loopback.
	if self := attack[scanned](t, base, "/network/scan?host=127.0.0.1&ports="+own.Port()); len(self.Open) != 1 {
		t.Errorf("the scan does not find even the open port %s: %v", own.Port(), self.Open)
	}
}

func TestMemoryHogsAreKilled(t *testing.T) {
	s := start(t, settings(t, 10))
	p := s.upload(t, example("hostile"))
	base := p.running(func(r *client.LaunchRequest) { r.MemoryMB = 96 }).BaseURL
	_, _, _ = tryGet(t.Context(), base+"/memory/hog")
	if end := p.ended(); end.Reason != preview.OutOfMemory || !strings.Contains(end.Message, "96 MB") {
		t.Errorf("ended for %s: %s", end.Reason, end.Message)
	}
}

func TestDiskFillersAreEnded(t *testing.T) {
	s := start(t, settings(t, 10, "PREVIEW_DISK_LIMIT_MB=64"))
	for _, path := range []string{"/disk/fill?mb=400&each=32", "/disk/deleted?mb=400&each=32", "/memory/tmp?mb=60"} {
		t.Run(strings.Trim(strings.Split(path, "?")[0], "/"), func(t *testing.T) {
			p := s.upload(t, example("hostile"))
			base := p.running().BaseURL
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, _, _ = tryGet(ctx, base+path)
			if strings.HasPrefix(path, "/memory") { // within the limit: /tmp is for that
				if status := p.status(); status.Status != preview.Running {
					t.Errorf("a preview within its limit is %s: %s", status.Status, status.Message)
				}
				return
			}
			if end := p.ended(); end.Reason != preview.DiskFull || !strings.Contains(end.Message, "64 MB") {
				t.Errorf("ended for %s: %s", end.Reason, end.Message)
			}
		})
	}
	t.Run("one large file is refused at once", func(t *testing.T) {
		p := s.upload(t, example("hostile"))
		got := attack[struct {
			Written int `json:"written_mb"`
			Refused string
		}](t, p.running().BaseURL, "/disk/one-file?mb=200")
		if got.Refused == "" || got.Written > 64 {
			t.Errorf("wrote a file of %d MB, refused %q", got.Written, got.Refused)
		}
	})
}

// TestInstallScriptsAreHeldToo runs a hostile install script.
func TestInstallScriptsAreHeldToo(t *testing.T) {
	s := start(t, settings(t, 10))
	host := listen(t, "0.0.0.0:0")
	port := host.Addr().String()[strings.LastIndex(host.Addr().String(), ":")+1:]
	script := fmt.Sprintf(`const fs = require("node:fs"), net = require("node:net"), os = require("node:os");
console.log("uid " + process.getuid());
try { fs.writeFileSync("/etc/owned", "x"); console.log("WROTE OUTSIDE"); } catch (e) { console.log("refused " + e.code); }
const gateway = fs.readFileSync("/proc/net/route", "utf8").split("\n").map(l => l.split("\t")).find(f => f[1] === "00000000")[2];
const ip = [6, 4, 2, 0].map(i => parseInt(gateway.slice(i, i + 2), 16)).join(".");
const s = net.connect({ host: ip, port: %s, timeout: 1500 });
s.on("connect", () => { console.log("REACHED THE HOST"); process.exit(0); });
s.on("timeout", () => { console.log("host out of reach"); process.exit(0); });
s.on("error", (e) => { console.log("host out of reach " + e.code); process.exit(0); });
`, port)
	p := s.uploadFiles(t, map[string]string{
		"package.json": `{"name": "evil", "private": true, "scripts": {"preinstall": "node evil.js", "start": "node server.js"}, "dependencies": {"is-number": "7.0.0"}}`,
		"evil.js":      script,
		"server.js":    `require("node:http").createServer((_, r) => r.end("up")).listen(process.env.PORT)`,
	})
	p.launch()
	p.until("settled", func(s client.Status) bool { return s.Status != preview.Starting })
	log := p.log()
	if !strings.Contains(log, "uid 10001") || !strings.Contains(log, "refused E") || !strings.Contains(log, "host out of reach") {
		t.Errorf("the install script was not seen to be held:\n%s", log)
	}
	if strings.Contains(log, "WROTE OUTSIDE") || strings.Contains(log, "REACHED THE HOST") {
		t.Errorf("the install script got out:\n%s", log)
	}
	if _, err := os.Stat("/etc/owned"); err == nil {
		t.Error("the host has the file")
	}
}
