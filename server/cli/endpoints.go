package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"previewd/runtime/endpoints"
	"previewd/runtime/endpoints/worker"
	"previewd/runtime/preview"
	"previewd/server/client"
)

// endpointFlags choose endpoints.
type endpointFlags struct{ tag, method string }

func (a *app) endpointsCommand() *cobra.Command {
	var f endpointFlags
	cmd := &cobra.Command{
		Use:   "endpoints DIR|ID",
		Short: "List the endpoints an app serves: of a folder, without a server, or of a generation",
		Long: "List the endpoints an app serves. A folder is read here, without a server or Docker. Anything else is a generation's id\n" +
			"or the beginning of one, of which the server is asked; while its preview runs, the app itself tells, too.",
		Args: exactly(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			list, err := a.endpoints(cmd.Context(), args[0], f)
			if err != nil {
				return err
			}
			if a.json {
				a.encode(a.deps.Stdout, list)
				return nil
			}
			a.complain(list)
			return printEndpoints(a.deps.Stdout, list)
		},
	}
	cmd.Flags().StringVar(&f.tag, "tag", "", "only endpoints with this tag")
	cmd.Flags().StringVar(&f.method, "method", "", "only endpoints that answer this method")
	return a.clientFlags(cmd)
}

func (a *app) endpoints(ctx context.Context, arg string, f endpointFlags) (client.EndpointList, error) {
	if info, err := os.Stat(arg); err == nil && info.IsDir() {
		return endpointsOf(ctx, arg, f)
	}
	if strings.ContainsAny(arg, `/\`) || arg == "." || arg == ".." {
		return client.EndpointList{}, &usageError{quote(arg) + " is not a folder", "name the folder that holds the project, or a generation"}
	}
	c, err := a.client()
	if err != nil {
		return client.EndpointList{}, err
	}
	return endpointsFrom(ctx, c, arg, client.EndpointFilter{Tag: f.tag, Method: f.method})
}

// endpointsFrom asks the server; a generation has endpoints before it has a preview.
func endpointsFrom(ctx context.Context, c *client.Client, arg string, f client.EndpointFilter) (client.EndpointList, error) {
	if !preview.ValidID(arg) {
		return client.EndpointList{}, badID(arg)
	}
	list, err := c.Endpoints(ctx, arg, f)
	if exitCode(err) != ExitNotFound {
		return list, err
	}
	id, err := complete(ctx, c, arg, err)
	if err != nil {
		return list, err
	}
	return c.Endpoints(ctx, id, f)
}

// endpointsOf reads a folder in this process.
func endpointsOf(ctx context.Context, dir string, f endpointFlags) (client.EndpointList, error) {
	root, err := os.OpenRoot(dir) // links do not lead out of it
	if err != nil {
		return client.EndpointList{}, fmt.Errorf("opening the folder: %w", err)
	}
	defer func() { _ = root.Close() }() // it was only read
	read, err := worker.ReadFolder(ctx, root.FS())
	if err != nil {
		return client.EndpointList{}, err
	}
	list := client.EndpointList{Endpoints: []client.Endpoint{}, Builtin: []client.Endpoint{}, Complete: true, Warnings: []client.EndpointWarning{}}
	for _, e := range endpoints.Merge(read.Endpoints, nil) {
		switch {
		case !f.matches(e):
		case e.Builtin:
			list.Builtin = append(list.Builtin, client.NewEndpoint(e))
		default:
			list.Endpoints = append(list.Endpoints, client.NewEndpoint(e))
		}
	}
	list.Count = len(list.Endpoints)
	for _, w := range read.Warnings {
		list.Warnings = append(list.Warnings, client.EndpointWarning{File: w.File, Line: w.Line, Message: w.Message})
	}
	return list, nil
}

func (f endpointFlags) matches(e endpoints.Endpoint) bool {
	if f.method != "" && !strings.EqualFold(f.method, e.Method) && e.Method != endpoints.AnyMethod {
		return false
	}
	return f.tag == "" || slices.Contains(e.Tags, f.tag)
}

func (a *app) complain(list client.EndpointList) {
	for _, w := range list.Warnings {
		place := ""
		if w.File != "" {
			place = fmt.Sprintf("%s:%d: ", w.File, w.Line)
		}
		fmt.Fprintf(a.deps.Stderr, "warning: %s\n", clean(place+w.Message, false))
	}
	if list.Complete && len(list.Endpoints) == 0 {
		fmt.Fprintln(a.deps.Stderr, "no endpoints were found")
	}
	if !list.Complete {
		fmt.Fprintln(a.deps.Stderr, "warning: the files are still being read; ask again in a moment")
	}
}

func printEndpoints(out io.Writer, list client.EndpointList) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range list.Endpoints {
		where := ""
		if e.Source != nil {
			where = fmt.Sprintf("%s:%d", e.Source.File, e.Source.Line)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", clean(e.Method, false), clean(e.Path, false), clean(where, false), clean(e.Summary, false))
	}
	return w.Flush()
}
