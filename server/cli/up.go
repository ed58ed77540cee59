package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"previewd/runtime/preview"
	"previewd/server/client"
)

// upOptions are the flags that say what to launch.
type upOptions struct {
	id, project, command string
	env, secrets         []string
	memoryMB, timeout    int
	detach               bool
}

func (o *upOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.id, "id", "", "generation id (default from the folder)")
	f.StringVar(&o.project, "project", "", "project id (default the folder's name)")
	f.StringVar(&o.command, "command", "", "command that starts the app (default: detected)")
	f.StringArrayVarP(&o.env, "env", "e", nil, "variable of the app, NAME=VALUE, or NAME to pass on yours; can be repeated")
	f.StringArrayVarP(&o.secrets, "secret", "s", nil, "secret variable, kept out of the log; NAME passes on yours, unseen by others on this machine")
	f.IntVar(&o.memoryMB, "memory", 0, "memory limit in MB (default the server's)")
	f.IntVar(&o.timeout, "timeout", 0, "seconds from the app's start to its first answer (default the server's)")
}

func (a *app) upCommand() *cobra.Command {
	var o upOptions
	cmd := &cobra.Command{
		Use:   "up DIR",
		Short: "Launch a folder and follow it; Ctrl-C stops the preview",
		Long: "Packs the folder (without .git, node_modules, .venv and what .gitignore and .dockerignore name), uploads it, launches\n" +
			"a preview and shows its phases and its log. Ctrl-C stops the preview; --detach leaves it running.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := a.client()
			if err != nil {
				return err
			}
			return a.up(cmd.Context(), c, args[0], o)
		},
	}
	o.flags(cmd)
	cmd.Flags().BoolVarP(&o.detach, "detach", "d", false, "leave the preview running once it has answered")
	return a.clientFlags(cmd)
}

func (a *app) up(ctx context.Context, c *client.Client, dir string, o upOptions) error {
	show := a.progress()
	f, err := a.launch(ctx, c, show, dir, o)
	if err != nil {
		return err
	}
	s, err := f.follow(ctx, o.detach)
	switch {
	case errors.Is(err, errDetached):
		return nil
	case ctx.Err() != nil:
		return a.stopAfterInterrupt(ctx, c, show, f)
	case err != nil:
		return err
	case o.detach: // it was to be left running
		return &failedError{string(s.Reason)}
	}
	return outcome(s)
}

// launch packs, uploads and starts the folder. After an interrupt in the middle of it nothing runs.
func (a *app) launch(ctx context.Context, c *client.Client, show progress, dir string, o upOptions) (*follower, error) {
	env, err := a.variables("--env", o.env)
	if err != nil {
		return nil, err
	}
	secrets, err := a.variables("--secret", o.secrets)
	if err != nil {
		return nil, err
	}
	if o.memoryMB < 0 || o.timeout < 0 {
		return nil, &usageError{"--memory and --timeout cannot be negative", ""}
	}
	p, err := pack(dir, o.id, o.project)
	if err != nil {
		return nil, err
	}
	for _, n := range p.notices {
		fmt.Fprintf(a.deps.Stderr, "left out %s: %s\n", quote(n.Path), clean(n.Problem, false))
	}
	g, err := c.PutGeneration(ctx, p.generation, p.name, p.archive)
	if err != nil {
		return nil, err
	}
	show.uploaded(g)
	l, err := c.Launch(ctx, p.generation, client.LaunchRequest{
		ProjectID: p.name, Env: env, SecretEnv: secrets, Command: o.command, MemoryMB: o.memoryMB, Timeout: o.timeout,
	})
	if err != nil && ctx.Err() != nil {
		return nil, errors.Join(err, a.stop(ctx, c, p.generation)) // the server may have heard it
	}
	if err != nil {
		return nil, err
	}
	return &follower{api: c, launched: l, show: show, poll: a.deps.Poll, patience: a.deps.Patience}, nil
}

// stop stops a preview though ctx has ended.
func (a *app) stop(ctx context.Context, c *client.Client, generation string) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), a.deps.Patience)
	defer cancel()
	err := c.Stop(ctx, generation)
	var p *client.Problem
	if errors.As(err, &p) && exitCode(err) == ExitNotFound {
		return nil
	}
	return err
}

func (a *app) stopAfterInterrupt(ctx context.Context, c *client.Client, show progress, f *follower) error {
	a.stopping()
	if err := a.stop(ctx, c, f.launched.GenerationID); err != nil {
		return fmt.Errorf("stopping the preview: %w", err)
	}
	show.ended(client.Status{
		ID: f.launched.ID, GenerationID: f.launched.GenerationID, Status: preview.Stopped, Reason: preview.User,
	})
	return nil
}

func outcome(s client.Status) error {
	if s.Status == preview.Failed {
		return &failedError{string(s.Reason)}
	}
	return nil
}
