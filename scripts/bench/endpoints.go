package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"previewd/runtime/endpoints"
)

// extractEnv makes this program read one folder and tell how long it took: a process of its own, whose memory is nobody else's.
const extractEnv = "BENCH_EXTRACT"

// endpointsBench reads the routes of large projects from their source.
func endpointsBench(fs *flag.FlagSet) bench {
	files := fs.Int("endpoints-files", 1000, "source files of a project")
	samples := fs.Int("endpoints-samples", 7, "times it is read")
	return bench{"endpoints", "the routes of a project of a thousand source files", func(ctx context.Context, _ *bed, r *report) error {
		for _, p := range []struct {
			language string
			write    func(folder string, files int) (routes int, err error)
		}{{"python", writePython}, {"go", writeGo}} {
			if err := extractSamples(ctx, r, p.language, *samples, func(folder string) (int, error) { return p.write(folder, *files) }); err != nil {
				return fmt.Errorf("%s: %w", p.language, err)
			}
		}
		return nil
	}}
}

// extraction is what one reading came to.
type extraction struct {
	Milliseconds float64 `json:"milliseconds"`
	Routes       int     `json:"routes"`
}

func extractSamples(ctx context.Context, r *report, language string, samples int, write func(string) (int, error)) error {
	folder, err := os.MkdirTemp("", "previewd-bench-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	routes, err := write(folder)
	if err != nil {
		return err
	}
	var times, memory []float64
	for range samples {
		took, peak, err := extractApart(ctx, folder)
		if err != nil {
			return err
		}
		if took.Routes != routes {
			return fmt.Errorf("%d routes were found of %d", took.Routes, routes)
		}
		times, memory = append(times, took.Milliseconds), append(memory, peak)
	}
	r.series(language+": time", times, "ms")
	r.atMost(1000)
	r.series(language+": peak memory", memory, "MiB")
	r.atMost(150)
	return nil
}

// extractApart reads a folder in a process of its own and tells its peak of memory in MiB.
func extractApart(ctx context.Context, folder string) (extraction, float64, error) {
	self, err := os.Executable()
	if err != nil {
		return extraction{}, 0, err
	}
	cmd := exec.CommandContext(ctx, self)
	cmd.Env, cmd.Stderr = append(os.Environ(), extractEnv+"="+folder), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return extraction{}, 0, fmt.Errorf("read %s: %w", folder, err)
	}
	var took extraction
	if err := json.Unmarshal(out, &took); err != nil {
		return extraction{}, 0, err
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		return took, 0, nil
	}
	return took, float64(usage.Maxrss) / 1024, nil
}

// extractOnce is what that process does.
func extractOnce(folder string) error {
	begin := time.Now()
	result, err := endpoints.Extract(context.Background(), os.DirFS(folder), endpoints.Options{})
	if err != nil {
		return err
	}
	took := extraction{Milliseconds: ms(time.Since(begin))}
	for _, e := range result.Endpoints {
		if !e.Builtin {
			took.Routes++
		}
	}
	return json.NewEncoder(os.Stdout).Encode(took)
}

// writePython is a FastAPI app of routers, each with a model and a module of work of its own; every file is about 4 KB long.
func writePython(folder string, files int) (routes int, err error) {
	var app strings.Builder
	app.WriteString("from fastapi import FastAPI\n\napp = FastAPI()\n")
	pairs := (files - 1) / 2
	for i := range pairs {
		fmt.Fprintf(&app, "from routers.items%d import router as r%d\n\napp.include_router(r%d, prefix=\"/v1\")\n", i, i, i)
		if err := writeSource(folder, fmt.Sprintf("routers/items%d.py", i), routerPython(i)+busyPython(12)); err != nil {
			return 0, err
		}
		routes += routesEach
		if err := writeSource(folder, fmt.Sprintf("work/work%d.py", i), busyPython(22)); err != nil {
			return 0, err
		}
	}
	return routes, writeSource(folder, "main.py", app.String())
}

const routesEach = 4 // of a router

func routerPython(i int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "from fastapi import APIRouter\nfrom pydantic import BaseModel\n\nfrom work import work%d\n\n"+
		"router = APIRouter(prefix=\"/items%d\")\n\n\nclass Item(BaseModel):\n    name: str\n    price: float = 0\n", i, i)
	for n := range routesEach {
		fmt.Fprintf(&b, "\n\n@router.post(\"/{id}/do%d\")\nasync def do%d(id: int, item: Item, limit: int = 10) -> Item:\n"+
			"    \"\"\"Do it.\"\"\"\n    return work%d.work%d(id)\n", n, n, i, n)
	}
	return b.String()
}

// busyPython are functions of some everyday code.
func busyPython(functions int) string {
	var b strings.Builder
	for n := range functions {
		fmt.Fprintf(&b, "\n\ndef work%d(value, options=None):\n    total = {}\n    for key, part in sorted((options or {}).items()):\n"+
			"        if part > value and key not in total:\n            total[key] = [x * %d for x in range(part)]\n    return total\n", n, n)
	}
	return b.String()
}

func writeSource(folder, name, text string) error {
	name = filepath.Join(folder, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	return os.WriteFile(name, []byte(text), 0o644)
}
