package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// app is one invocation of the command line.
type app struct {
	deps Deps
	env  environ
	api  string // --api
	json bool   // --json

	asAdmin bool // the command needs a token with admin in its scope
}

// Run runs one command and returns the exit code of the process. An end of ctx is the user's interrupt.
func Run(ctx context.Context, d Deps, args []string) int {
	d = d.withDefaults()
	a := &app{deps: d, env: newEnviron(d.Environ)}
	root := a.root()                          //nolint:contextcheck // the commands get ctx when they are executed
	root.SetArgs(append([]string{}, args...)) // nil would mean the process's own
	err := root.ExecuteContext(ctx)
	if err != nil {
		a.json = a.json || slices.Contains(args, "--json") // the flag is not read when one before it is wrong
		a.report(err)
	}
	return exitCode(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "previewd",
		Short: "Live previews of generated web projects",
		Long: "previewd runs every generated web project in a container of its own and gives back a live preview.\n\n" +
			"Commands that talk to a server go to PREVIEW_API, else where PREVIEW_LISTEN_ADDR says, with the token in PREVIEW_TOKEN.\n" +
			"Without one they mint it, for a previewd on this machine, from PREVIEW_JWT_SECRET or from the secret that `previewd dev` keeps.\n\n" +
			exitCodeHelp(),
		Version:       a.version().String(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          a.unknownCommand,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetOut(a.deps.Stdout)
	root.SetErr(a.deps.Stderr)
	root.CompletionOptions.HiddenDefaultCmd = true
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return &usageError{err.Error(), "see " + cmd.CommandPath() + " --help"}
	})
	root.AddCommand(
		a.serveCommand(), a.devCommand(),
		a.upCommand(), a.lsCommand(), a.statusCommand(), a.logsCommand(), a.endpointsCommand(), a.extendCommand(), a.shareCommand(), a.stopCommand(),
		a.webhooksCommand(), a.readyCommand(), a.tokenCommand(), a.migrateCommand(), a.backupCommand(), a.restoreCommand(), a.versionCommand(), a.readEndpointsCommand(),
	)
	return root
}

func (a *app) unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	hint := "see previewd --help"
	if cmd.SuggestionsMinimumDistance == 0 {
		cmd.SuggestionsMinimumDistance = 2
	}
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		hint = "did you mean " + strings.Join(near, " or ") + "?"
	}
	return &usageError{"there is no command " + quote(args[0]), hint}
}

// exactly wants n arguments, which the usage line names.
func exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == n {
			return nil
		}
		return &usageError{"wrong number of arguments", "usage: " + cmd.UseLine()}
	}
}

// clientFlags adds what every command that talks to a server takes.
func (a *app) clientFlags(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().StringVar(&a.api, "api", "", "address of previewd (default $PREVIEW_API, else what $PREVIEW_LISTEN_ADDR says, else "+defaultAPI+")")
	return a.jsonFlag(cmd)
}

func (a *app) jsonFlag(cmd *cobra.Command) *cobra.Command {
	cmd.Flags().BoolVar(&a.json, "json", false, "write JSON for programs")
	return cmd
}
