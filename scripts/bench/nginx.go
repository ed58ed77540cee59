package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
)

// nginxConfig is a plain proxy that keeps its connections to the app, as the gateway does.
const nginxConfig = `daemon off; worker_processes auto; pid %[1]s/pid; error_log %[1]s/error.log;
events { worker_connections 1024; }
http {
  access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;
  fastcgi_temp_path %[1]s/f; uwsgi_temp_path %[1]s/u; scgi_temp_path %[1]s/s;
  upstream app { server %[2]s; keepalive 128; }
  server {
    listen %[3]s;
    location / {
      proxy_pass http://app; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_max_temp_file_size 0;
    }
  }
}
`

// startNginx puts one of the benchmark's own before the address. The caller stops it.
func startNginx(ctx context.Context, address string) (w *way, stop func(), err error) {
	program, err := exec.LookPath("nginx")
	if err != nil {
		return nil, nil, errors.New("nginx is not installed (Debian's package nginx-light, or nginx)")
	}
	app, err := url.Parse(address)
	if err != nil {
		return nil, nil, err
	}
	dir, err := os.MkdirTemp("", "previewd-bench-nginx-")
	if err != nil {
		return nil, nil, err
	}
	listen := freeAddr()
	config := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, nginxConfig, dir, app.Host, listen), 0o600); err != nil {
		return nil, nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	cmd := exec.CommandContext(ctx, program, "-p", dir, "-c", config)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		cancel()
		return nil, nil, err
	}
	stop = func() {
		cancel()
		_ = cmd.Wait() // it says that it was interrupted
		_ = os.RemoveAll(dir)
	}
	if _, err := await2xx(ctx, "http://"+listen); err != nil {
		stop()
		return nil, nil, err
	}
	return &way{name: "nginx", base: "http://" + listen}, stop, nil
}
