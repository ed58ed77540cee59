package firewall_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"previewd/runtime/firewall"
	"previewd/runtime/preview"
)

const server = `
use strict; use warnings; use IO::Socket::INET; $| = 1;
my $s = IO::Socket::INET->new(LocalPort => %d, Listen => 16, ReuseAddr => 1) or die;
open my $h, '<', '/etc/hosts' or die; my @hosts = <$h>; print((split ' ', $hosts[-1])[0], "\n");
while (1) { my $c = $s->accept or next; while (<$c>) { last if /^\r?\n$/ } print $c "HTTP/1.0 200 OK\r\n\r\nhello"; close $c }
`

// hostService listens on all of the host's addresses.
func hostService(t *testing.T) int {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "0.0.0.0:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			_ = c.Close()
		}
	}()
	return l.Addr().(*net.TCPAddr).Port
}

func hostAddrs(t *testing.T) []string {
	t.Helper()
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, a := range addrs {
		if n := a.(*net.IPNet); n.IP.To4() != nil && !n.IP.IsLoopback() {
			list = append(list, n.IP.String())
		}
	}
	return list
}

// neighbour starts an app that others must not reach, and returns its published port and its own address.
func (s site) neighbour(t *testing.T) (port int, addr string) {
	t.Helper()
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port = l.Addr().(*net.TCPAddr).Port
	_ = l.Close()
	id := s.launch(t, preview.NetworkPreviews, port, fmt.Sprintf(server, port))
	s.awaitHTTP(t, port)
	r, err := s.Logs(t.Context(), id, preview.LogsOptions{Follow: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	e, err := r.Next()
	if err != nil || net.ParseIP(string(e.Text)) == nil {
		t.Fatalf("the app does not know its address: %q %v", e.Text, err)
	}
	return port, string(e.Text)
}

func (s site) awaitHTTP(t *testing.T, port int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for {
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://127.0.0.1:"+strconv.Itoa(port), nil)
		if resp, err := http.DefaultClient.Do(req); err == nil {
			body, _ := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if string(body) == "hello" {
				return
			}
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-ctx.Done():
			t.Fatal("the host does not reach the published port")
		}
	}
}

func TestInternet(t *testing.T) {
	s := newSite(t, "internet")
	outside(t)
	s.wall(t, firewall.Internet, resolvConf(t, "search example\nnameserver "+nameserver+"\nnameserver ::1\n"))
	service := hostService(t)
	port, neighbour := s.neighbour(t) // reached from the host with the rules in force
	var closed []string
	for _, addr := range hostAddrs(t) {
		closed = append(closed, fmt.Sprintf("tcp:%s:%d", addr, service), fmt.Sprintf("tcp:%s:%d", addr, port))
	}
	closed = append(closed,
		fmt.Sprintf("tcp:%s:%d", neighbour, port),
		"tcp:"+metadata+":80", "tcp:"+private+":80", "tcp:"+cgnat+":80", "tcp:"+nameserver+":80",
		"udp:"+private+":53", "udp:"+metadata+":53")
	open := []string{"tcp:" + public + ":80", "tcp:" + nameserver + ":53", "udp:" + nameserver + ":53"}
	s.want(t, preview.NetworkPreviews, open, closed)
	s.want(t, preview.NetworkInstall, open, closed)
}

func TestNone(t *testing.T) {
	s := newSite(t, "none")
	outside(t)
	s.wall(t, firewall.None, resolvConf(t, "nameserver "+nameserver))
	s.neighbour(t)
	s.want(t, preview.NetworkPreviews, nil, []string{
		"tcp:" + public + ":80", "tcp:" + nameserver + ":53", "udp:" + nameserver + ":53", "udp:127.0.0.11:53",
		fmt.Sprintf("tcp:%s:%d", hostAddrs(t)[0], hostService(t)),
	})
	s.want(t, preview.NetworkInstall, []string{"tcp:" + public + ":80"}, []string{"tcp:" + private + ":80"})
}

// TestWithoutRules shows what the rules are for, and that Remove removes.
func TestWithoutRules(t *testing.T) {
	s := newSite(t, "internet")
	outside(t)
	f := s.wall(t, firewall.None)
	if err := f.Remove(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := f.Status(); st.Enforced || st.Reason == "" {
		t.Errorf("status after Remove: %+v", st)
	}
	service := hostService(t)
	s.want(t, preview.NetworkPreviews, []string{
		fmt.Sprintf("tcp:%s:%d", hostAddrs(t)[0], service), "tcp:" + metadata + ":80", "tcp:" + public + ":80",
	}, nil)
	out, err := exec.CommandContext(t.Context(), "iptables", "-S").Output()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), s.Bridge(preview.NetworkPreviews)+" -m comment") || strings.Contains(string(out), "PVD-F-"+s.Bridge(preview.NetworkPreviews)) {
		t.Errorf("rules stayed behind:\n%s", out)
	}
}

// TestNamesResolve asks the engine's own resolver, which asks the host's name server on the instance's behalf.
func TestNamesResolve(t *testing.T) {
	s := newSite(t, "internet")
	if !s.reach(t, preview.NetworkPreviews, "udp:127.0.0.11:53")["udp:127.0.0.11:53"] {
		t.Skip("names do not resolve on this machine without rules either")
	}
	s.wall(t, firewall.Internet)
	s.want(t, preview.NetworkPreviews, []string{"udp:127.0.0.11:53"}, nil)
}
