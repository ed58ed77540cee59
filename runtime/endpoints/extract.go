package endpoints

import (
	"cmp"
	"context"
	"io/fs"
	"slices"
	"time"

	"previewd/runtime/endpoints/internal/ecma"
	"previewd/runtime/endpoints/internal/golang"
	"previewd/runtime/endpoints/internal/project"
	"previewd/runtime/endpoints/internal/python"
	"previewd/runtime/endpoints/internal/route"
)

// maxTime bounds one extraction, whatever the files are.
const maxTime = 20 * time.Second

// maxEndpoints bounds the answer.
const maxEndpoints = 10_000

// Options is what is known of the app beside its files.
type Options struct {
	Root    string // folder of the app that is run, as in detect.Plan
	Command string // what starts it, as in detect.Plan: names the app where there are several
}

// Result is what an app serves.
type Result struct {
	Endpoints []Endpoint // by path, then method; one per path and method
	Warnings  []Warning  // what was left out or not understood
}

// frontEnd finds the routes of one family of frameworks.
type frontEnd func(context.Context, *project.Project) []route.Endpoint

// Extract reads the project in fsys, which is untrusted. The error is that of ctx; everything else that goes wrong is a
// warning beside what was found all the same.
func Extract(ctx context.Context, fsys fs.FS, opts Options) (*Result, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, maxTime)
	defer cancel()
	names, warnings := walk(limited, fsys)
	p := project.New(fsys, names)
	p.Root, p.Command = cmp.Or(opts.Root, "."), opts.Command
	var found []Endpoint
	for _, routes := range []frontEnd{python.Routes, ecma.Routes, golang.Routes} {
		p.Guard("", func() { found = append(found, routes(limited, p)...) })
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if limited.Err() != nil {
		p.Warn("", 0, "reading took too long; the list is not complete")
	}
	result := &Result{Endpoints: tidy(found), Warnings: append(warnings, p.Warnings()...)}
	if len(result.Endpoints) > maxEndpoints {
		result.Endpoints = result.Endpoints[:maxEndpoints]
		result.Warnings = append(result.Warnings, Warning{Message: "too many endpoints; the list is not complete"})
	}
	return result, nil
}

// tidy orders endpoints and keeps one per path and method: the first, for a framework asks its routes in the order of
// their registration.
func tidy(found []Endpoint) []Endpoint {
	slices.SortStableFunc(found, func(a, b Endpoint) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
	found = slices.CompactFunc(found, func(a, b Endpoint) bool { return a.Path == b.Path && a.Method == b.Method })
	for i := range found {
		e := &found[i]
		e.Origin = cmp.Or(e.Origin, Static)
		if e.Tags == nil {
			e.Tags = []string{}
		}
		if e.Parameters == nil {
			e.Parameters = []Parameter{}
		}
	}
	return found
}
