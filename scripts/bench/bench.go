package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
)

// bench is one measurement. It lives in a file of its own whose constructor declares its flags, named after it, and it
// leaves previewd as it found it: without previews of its own.
type bench struct {
	name  string
	about string // what is measured against what
	run   func(ctx context.Context, b *bed, r *report) error
}

// benches lists them in the order they run.
func benches(fs *flag.FlagSet) []bench {
	return []bench{
		launchBench(fs), installBench(fs), manyBench(fs), requestBench(fs), gatewayBench(fs), statusBench(fs), logIngestBench(fs), logSearchBench(fs),
		logLatencyBench(fs), logReadersBench(fs), logSoakBench(fs), endpointsBench(fs), replicasBench(fs), scaleBench(fs), swarmBench(fs),
	}
}

// choose picks by names, separated by commas; "" is all.
func choose(all []bench, names string) ([]bench, error) {
	if names == "" {
		return all, nil
	}
	var chosen []bench
	for name := range strings.SplitSeq(names, ",") {
		found := false
		for _, b := range all {
			if b.name == name {
				chosen, found = append(chosen, b), true
			}
		}
		if !found {
			return nil, fmt.Errorf("there is no benchmark %q; -help lists them", name)
		}
	}
	return chosen, nil
}
