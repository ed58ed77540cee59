package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// impatience is how long after a first signal the next one is taken for an order to end at once. Whoever runs a program in a
// group of processes, such as timeout(1), often sends the same signal twice.
const impatience = time.Second

// interruptible returns a context that ends with the first SIGINT or SIGTERM. now is called at a later one.
func interruptible(now func()) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		first := time.Now()
		for range signals {
			if time.Since(first) > impatience {
				now()
			}
		}
	}()
	return ctx, cancel
}
