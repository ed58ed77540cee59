package project

import (
	"context"
	"fmt"
	"runtime"
	"sync"
)

// Parse parses the named files, as many at once as there are processors, so that Tree has them at hand.
func (p *Project) Parse(ctx context.Context, names []string) {
	p.Each(ctx, names, func(name string) { p.Tree(ctx, name) })
}

// Each calls do for every name, on as many goroutines as there are processors, and returns when all is done or ctx has
// ended. A panic costs the one file it came from, which is warned of: the files are made by strangers.
func (p *Project) Each(ctx context.Context, names []string, do func(name string)) {
	next := make(chan string)
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(names)) {
		workers.Go(func() {
			for name := range next {
				p.Guard(name, func() { do(name) })
			}
		})
	}
	for _, name := range names {
		if ctx.Err() != nil {
			break
		}
		next <- name
	}
	close(next)
	workers.Wait()
}

// Guard calls do and makes a panic in it a warning about the file.
func (p *Project) Guard(file string, do func()) {
	defer func() {
		if cause := recover(); cause != nil {
			p.Warn(file, 0, fmt.Sprintf("not understood: %v", cause))
		}
	}()
	do()
}
