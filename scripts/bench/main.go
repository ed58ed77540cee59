// Command bench measures what previewd promises, each figure beside its yardstick in the same run, and prints a
// table and the same as JSON. It needs a running container engine and the docker client. A benchmark is a file of
// its own: see bench.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"previewd/runtime/endpoints/worker"
	"previewd/server/app"
)

func main() {
	if len(os.Args) == 3 && os.Args[1] == app.WorkerCommand {
		exit(worker.Main(context.Background(), os.Args[2], os.Stdin, os.Stdout))
	}
	if folder := os.Getenv(extractEnv); folder != "" {
		exit(extractOnce(folder))
	}
	if os.Getenv(childEnv) != "" {
		exit(serveChild())
	}
	o, err := parseOptions(os.Args[1:])
	if err == nil {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		err = run(ctx, o)
		stop()
	}
	exit(err)
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

type options struct {
	benches []bench // those that shall run
	json    string
}

func parseOptions(args []string) (options, error) {
	var o options
	fs := flag.NewFlagSet("bench", flag.ExitOnError)
	all := benches(fs)
	only := fs.String("only", "", "benchmarks to run, separated by commas; all by default")
	fs.StringVar(&o.json, "json", "", "write the JSON to this file instead of below the table")
	fs.Usage = func() { usage(fs, all) }
	if err := fs.Parse(args); err != nil {
		return o, err
	}
	var err error
	o.benches, err = choose(all, *only)
	return o, err
}

func usage(fs *flag.FlagSet, all []bench) {
	fmt.Fprintln(os.Stderr, "usage: bench [flags]\n\nBenchmarks:")
	for _, b := range all {
		fmt.Fprintf(os.Stderr, "  %-10s %s\n", b.name, b.about)
	}
	fmt.Fprintln(os.Stderr, "\nFlags:")
	fs.PrintDefaults()
}

func run(ctx context.Context, o options) error {
	b, err := startChild(ctx)
	if err != nil {
		return err
	}
	defer b.stop()
	r := report{Machine: thisMachine(ctx)}
	for _, bench := range o.benches {
		r.bench = bench.name
		if err := bench.run(ctx, b, &r); err != nil {
			return fmt.Errorf("%s: %w", bench.name, err)
		}
	}
	r.print(os.Stdout)
	return r.write(o.json)
}

// progress tells people what is going on; the figures go to stdout.
func progress(format string, args ...any) { fmt.Fprintf(os.Stderr, format+"\n", args...) }
