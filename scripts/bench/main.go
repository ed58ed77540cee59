// Command bench measures what previewd promises, each figure beside its yardstick in the same run, and prints a
// table and, with -json FILE, the same as JSON. It needs a running container engine and the docker client.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

func main() {
	if os.Getenv(childEnv) != "" {
		exit(serveChild())
	}
	var o options
	flag.IntVar(&o.pairs, "pairs", 20, "alternating pairs of launches")
	flag.IntVar(&o.previews, "previews", 100, "previews launched at once")
	flag.IntVar(&o.users, "users", 10, "users who launch them")
	flag.IntVar(&o.installs, "installs", 3, "alternating pairs of first launches")
	flag.StringVar(&o.only, "only", "launch,many,install", "benchmarks to run")
	flag.StringVar(&o.examples, "examples", "examples", "folder of the example projects")
	flag.StringVar(&o.json, "json", "", "also write the figures to this file")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exit(run(ctx, o))
}

func exit(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

type options struct {
	pairs, previews, users, installs int
	only, examples, json             string
}

func (o options) wants(name string) bool {
	for part := range strings.SplitSeq(o.only, ",") {
		if part == name {
			return true
		}
	}
	return false
}

func run(ctx context.Context, o options) error {
	b, err := startChild(ctx)
	if err != nil {
		return err
	}
	defer b.stop()
	var figures report
	for _, bench := range []struct {
		name string
		do   func(context.Context, *bed, options, *report) error
	}{{"launch", benchLaunch}, {"many", benchMany}, {"install", benchInstall}} {
		if !o.wants(bench.name) {
			continue
		}
		if err := bench.do(ctx, b, o, &figures); err != nil {
			return fmt.Errorf("%s: %w", bench.name, err)
		}
	}
	figures.print(os.Stdout)
	if o.json != "" {
		return figures.write(o.json)
	}
	return nil
}
