package main

import (
	"context"
	"errors"
	"flag"
	"fmt"

	"previewd/runtime/swarm/swarmtest"
	"previewd/server/client"
)

const (
	swarmNodes = 3
	swarmImage = "debian:trixie-slim"

	// swarmServer answers with its port, which no two runs share: an instance that still answers would be found out.
	swarmServer = `use IO::Socket::INET;
$SIG{TERM} = sub { exit };
my $socket = IO::Socket::INET->new(LocalPort => $ENV{PORT}, Listen => 16, ReuseAddr => 1) or die $!;
while (my $visitor = $socket->accept) {
    1 while defined(my $line = <$visitor>) and $line =~ /\S/;
    print $visitor "HTTP/1.0 200 OK\r\nContent-Length: " . length($ENV{PORT}) . "\r\n\r\n$ENV{PORT}";
    close $visitor;
}
`
	swarmDockerfile = "FROM " + swarmImage + "\nCOPY server.pl /\nCMD [\"perl\", \"/server.pl\"]\n"
)

// swarmBench compares POST launch → the app's first 2xx, the image on every node, with docker service create of the same
// image and flags → first 2xx, in alternating pairs on a swarm of three nodes.
func swarmBench(fs *flag.FlagSet) bench {
	pairs := fs.Int("swarm-pairs", 20, "alternating pairs of launches")
	return bench{"swarm", "a launch on a swarm of three nodes against docker service create of the same", func(ctx context.Context, _ *bed, r *report) error {
		return measureSwarm(ctx, r, *pairs)
	}}
}

func measureSwarm(ctx context.Context, r *report, pairs int) (err error) {
	nodes, err := swarmtest.Up(ctx, swarmNodes, swarmImage)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, nodes.Down(context.WithoutCancel(ctx))) }()
	for node := range nodes.Nodes {
		if err := nodes.Prepare(ctx, node+1, swarmtest.Bridge); err != nil {
			return err
		}
	}
	b, err := startChild(ctx, "PREVIEW_BACKEND=swarm", "DOCKER_HOST="+nodes.Socket(1), "PREVIEW_SWARM_TLS_DIR="+nodes.TLSDir())
	if err != nil {
		return err
	}
	defer b.stop()
	c, id := b.user("swarm"), "swarm"
	if err := putFiles(ctx, c, id, map[string]string{"Dockerfile": swarmDockerfile, "server.pl": swarmServer}); err != nil {
		return err
	}
	hand, err := warmUpSwarm(ctx, nodes, c, id)
	if err != nil {
		return err
	}
	return compareSwarm(ctx, r, pairs, c, id, hand)
}

func compareSwarm(ctx context.Context, r *report, pairs int, c *client.Client, id string, hand *serviceTwin) error {
	stages := map[string][]float64{}
	measured, err := comparePairs(pairs, func() (float64, error) {
		ms, timings, err := launchAndStop(ctx, c, id)
		for stage, ms := range timings {
			stages[stage] = append(stages[stage], float64(ms))
		}
		return ms, err
	}, func() (float64, error) { return hand.run(ctx) })
	if err != nil {
		return err
	}
	r.series("launch to first 2xx", measured.ours, "ms")
	r.quartiles()
	r.series("docker service create to first 2xx", measured.hand, "ms")
	r.quartiles()
	r.series("launch ÷ docker service create, of each pair", measured.ratios, "")
	r.atMost(1.1)
	r.quartiles()
	for _, stage := range []string{"queued", "fetching", "detecting", "installing", "creating", "booting", "total"} {
		r.series("  stage "+stage, stages[stage], "ms")
	}
	return nil
}

// warmUpSwarm launches once on every node, so that each has the image, and copies what ran for docker service create.
func warmUpSwarm(ctx context.Context, nodes *swarmtest.Bed, c *client.Client, id string) (*serviceTwin, error) {
	progress("bringing the image to %d nodes", nodes.Nodes)
	if _, _, err := launch(ctx, c, id); err != nil {
		return nil, err
	}
	t, err := makeServiceTwin(ctx, nodes, id)
	if err != nil {
		return nil, err
	}
	if err := c.Stop(ctx, id); err != nil {
		return nil, err
	}
	for node := range nodes.Nodes {
		if err := t.onlyOn(ctx, node+1); err != nil {
			return nil, err
		}
		if _, _, err := launchAndStop(ctx, c, id); err != nil {
			return nil, fmt.Errorf("on node %d: %w", node+1, err)
		}
	}
	return t, t.onlyOn(ctx, 0)
}
