package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"previewd/server/client"
	"previewd/server/config"
)

func (a *app) devCommand() *cobra.Command {
	var o upOptions
	cmd := &cobra.Command{
		Use:   "dev DIR",
		Short: "Run the service and a preview of a folder, on defaults; Ctrl-C stops both",
		Long: "Runs the service in the foreground, launches the folder and shows how to talk to both. No setting is needed: the database is a\n" +
			"private one and the secret that signs tokens is made once and kept in the data folder. Rate limits are off unless they are set.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if a.deps.Serve == nil {
				return errNoService
			}
			return a.dev(cmd.Context(), args[0], o)
		},
	}
	o.flags(cmd)
	return a.jsonFlag(cmd)
}

// dev returns when the service has stopped, whatever came first: an interrupt, its own end, or a preview that did not start.
func (a *app) dev(ctx context.Context, dir string, o upOptions) error {
	environ, own, err := a.devSettings()
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ready := make(chan string, 1)
	served := make(chan error, 1)
	go func() {
		defer stop()
		served <- a.deps.Serve(ctx, ServeOptions{Environ: environ, Ready: func(api string) { ready <- api }})
	}()
	var launchErr error
	select {
	case api := <-ready:
		launchErr = a.showcase(ctx, api, own, dir, o)
		if launchErr != nil {
			stop()
		}
	case <-ctx.Done():
	}
	a.stopping()
	serveErr := <-served
	if serveErr != nil {
		return listenHint(serveErr)
	}
	if errors.Is(launchErr, context.Canceled) {
		return nil // the interrupt is how it is meant to end
	}
	return launchErr
}

// stopping tells a person that what takes a moment now is not stuck.
func (a *app) stopping() {
	if !a.json {
		fmt.Fprintln(a.deps.Stderr, "stopping…")
	}
}

// devDefaults suit one person who tries something again and again.
var devDefaults = [...]string{
	"PREVIEW_LOG_LEVEL=warn",
	"PREVIEW_RATE_LAUNCH=0", "PREVIEW_RATE_STATUS=0", "PREVIEW_RATE_REQUEST=0", "PREVIEW_RATE_ENDPOINTS=0", "PREVIEW_RATE_UPLOAD=0",
}

// devSettings completes the environment with a secret, where it has none, and with devDefaults.
func (a *app) devSettings() (environ []string, own *signer, err error) {
	cfg, _, err := config.LoadTool(a.deps.Environ)
	if err != nil {
		return nil, nil, err
	}
	environ = slices.Clone(a.deps.Environ)
	list := string(cfg.JWTSecret)
	if list == "" && !cfg.Insecure { // beside a key set too: the command line has to sign its own tokens
		if list, err = devSecret(cfg.DataDir); err != nil {
			return nil, nil, err
		}
		environ = append(environ, "PREVIEW_JWT_SECRET="+list)
	}
	for _, own := range devDefaults {
		if name, _, _ := strings.Cut(own, "="); a.env[name] == "" {
			environ = append(environ, own)
		}
	}
	if list == "" {
		return environ, nil, nil
	}
	own, err = newSigner(list, cfg)
	return environ, own, err
}

// showcase launches the folder and follows it. A preview that ran and ended leaves the service to others.
func (a *app) showcase(ctx context.Context, api string, own *signer, dir string, o upOptions) error {
	tokens := client.StaticToken("")
	if own != nil {
		tokens = own.source(false)
	}
	c, err := client.New(api, tokens)
	if err != nil {
		return err
	}
	f, err := a.launch(ctx, c, a.progress(), dir, o)
	if err != nil {
		return err
	}
	ran := false
	f.onRunning = func() {
		ran = true
		a.invite(api, own, f.launched.GenerationID)
	}
	s, err := f.follow(ctx, false)
	if err != nil {
		return err
	}
	if !ran {
		return outcome(s)
	}
	fmt.Fprintf(a.deps.Stderr, "the service goes on at %s; Ctrl-C stops it\n", api)
	<-ctx.Done()
	return ctx.Err()
}

// invite shows how to talk to the API.
func (a *app) invite(api string, own *signer, generation string) {
	const lifetime = 12 * time.Hour
	header, token := "", ""
	if own != nil {
		var err error
		if token, err = own.mint(devUser, lifetime, false); err != nil {
			fmt.Fprintf(a.deps.Stderr, "no token: %v\n", err)
			return
		}
		header = fmt.Sprintf(" -H 'Authorization: Bearer %s'", token)
	}
	status := fmt.Sprintf("%s/api/v1/generations/%s/preview/status", api, generation)
	tab := a.tabAddress(api, generation, token)
	if a.json {
		a.encode(a.deps.Stdout, map[string]string{"event": "api", "api": api, "token": token, "status_url": status, "tab": tab})
		return
	}
	s := a.styleFor(a.deps.Stdout)
	fmt.Fprintf(a.deps.Stdout, "  %s     %s\n", s.bold("Tab"), tab)
	fmt.Fprintf(a.deps.Stdout, "  %s     %s/api/v1\n", s.bold("API"), api)
	if token != "" {
		fmt.Fprintf(a.deps.Stdout, "  %s   %s\n", s.bold("Token"), token)
	}
	fmt.Fprintf(a.deps.Stdout, "  %s     curl -s%s %s\n\n  %s\n\n", s.bold("Try"), header, status, s.dim("Ctrl-C stops everything"))
}

func listenHint(err error) error {
	if errors.Is(err, syscall.EADDRINUSE) {
		return &hintError{err, "another program has the address: stop it, or set PREVIEW_LISTEN_ADDR to another one, such as 127.0.0.1:8081"}
	}
	return err
}
