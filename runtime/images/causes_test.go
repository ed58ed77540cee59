package images

import (
	"strings"
	"testing"
)

// Lines as the package managers print them.
func TestInstallFailedNamesCause(t *testing.T) {
	for _, c := range []struct{ lines, message, hint string }{
		{"npm error code ETARGET\nnpm error notarget No matching version found for express@99.0.0.", "no version express@99.0.0", "range"},
		{"npm error code ETARGET", "a version that is asked for", "range"},
		{"npm error code E404\nnpm error 404  'nosuch@1' is not in this registry.", "nosuch@1 does not exist", "name"},
		{"npm error 404  The requested resource 'nosuch@1' could not be found", "nosuch@1", "name"},
		{"go: github.com/a/b@v1.9.9: reading https://x/b/@v/v1.9.9.mod: 403 Forbidden", "github.com/a/b@v1.9.9", "go.mod"},
		{"npm error code E404", "a package does not exist", "name"},
		{` ERR_PNPM_NO_MATCHING_VERSION  No matching version found for koa@99`, "koa@99", "range"},
		{`error Couldn't find any versions for "koa" that matches "99"`, "koa", "range"},
		{`error Couldn't find package "nosuch" on the "npm" registry.`, "nosuch", "name"},
		{"npm error code ERESOLVE\nnpm error While resolving: react-dom@18.2.0", "exclude one another", "legacy-peer-deps"},
		{"ERROR: No matching distribution found for flask==99", "flask==99", "name"},
		{"  × No solution found\n  ╰─▶ Because there is no version of flask==99 and you require flask==99", "flask==99", "name"},
		{"  ╰─▶ Because nosuch was not found in the package registry and you require nosuch", "nosuch", "name"},
		{"x.c:1:10: fatal error: libpq-fe.h: No such file or directory", "libpq-fe.h", "binary"},
		{"Error: pg_config executable not found.", "C library", "binary"},
		{"npm error code ENOSPC", "disk space", "fewer"},
		{"OSError: [Errno 28] No space left on device", "disk space", "fewer"},
		{"npm error code EBADENGINE", "another version of Node", "Node 24"},
		{"ERROR: Package 'x' requires a different Python: 3.13.5 not in '<3.9'", "3.13.5 not in", "Python 3.13"},
		{"npm error `npm ci` can only install packages when your package.json and package-lock.json or npm-shrinkwrap.json are in sync.", "lockfile does not fit", "anew"},
		{"go: x imports y: missing go.sum entry for module providing package github.com/a/b; to add", "github.com/a/b", "go mod tidy"},
		{"go: github.com/a/b@v9.9.9: invalid version: unknown revision v9.9.9", "github.com/a/b@v9.9.9", "go.mod"},
		{"npm error syscall spawn git\nnpm error path git\nnpm error An unknown git error: spawn git ENOENT", "git repository", "released"},
		{"npm error code EAI_AGAIN", "registry could not be reached", "network"},
		{"/bin/sh: 1: conda: not found", "conda", "package managers"},
		{"npm error code EJSONPARSE", "manifest cannot be read", "syntax"},
		{"something else", "exit code 7", "last log lines"},
		// Warnings beside the true cause.
		{"npm warn ERESOLVE overriding peer dependency\nnpm error code E404\nnpm error 404  'nosuch@1' is not in this registry.", "nosuch@1", "name"},
	} {
		r := installFailed(7, strings.Split(c.lines, "\n"))
		if !strings.Contains(r.Message, c.message) || !strings.Contains(r.Hint, c.hint) || *r.ExitCode != 7 {
			t.Errorf("%q:\n%s\n%s", c.lines, r.Message, r.Hint)
		}
		if strings.Contains(r.Message, "%") {
			t.Errorf("%q: %s", c.lines, r.Message)
		}
	}
}
