package launch

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
	"previewd/runtime/source"
)

// fetch reads the generation's files.
func (r *run) fetch(ctx context.Context) error {
	archive, err := r.s.Store.GenerationArchive(ctx, r.row.GenerationID)
	if err != nil {
		return err
	}
	r.tree, err = source.FromArchive(archive)
	if err != nil {
		return err
	}
	r.system(preview.Info, "fetched %d files, %d KB", len(r.tree.Files()), (r.tree.Bytes()+1023)>>10)
	return nil
}

// detect decides how the project runs.
func (r *run) detect(ctx context.Context) error {
	plan, err := detect.Detect(r.tree.FS(), detect.Options{
		Command: r.row.Request.Command, Env: r.envNames(), BaseDomain: r.s.Config.BaseDomain,
	})
	if err != nil {
		return err
	}
	r.plan = plan
	for _, note := range plan.Notes {
		r.system(preview.Info, "%s", note)
	}
	r.system(preview.Info, "%s", describe(plan))
	return r.notePlan(ctx, false)
}

func (r *run) envNames() []string {
	return slices.Concat(slices.Sorted(maps.Keys(r.row.Request.Env)), slices.Sorted(maps.Keys(r.row.Request.SecretEnv)))
}

// notePlan keeps what is known of how the project runs.
func (r *run) notePlan(ctx context.Context, cached bool) error {
	command := r.secrets.String(r.plan.Command)
	r.row.Runtime, r.row.Framework, r.row.Command, r.row.Cached = r.plan.Runtime, r.plan.Framework, command, cached
	return r.s.Store.SetPlan(ctx, r.row.ID, preview.PlanInfo{
		Runtime: r.plan.Runtime, Framework: r.plan.Framework, Command: command, MemoryMB: r.memoryMB(), Cached: cached,
	})
}

func describe(p detect.Plan) string {
	what := string(p.Runtime)
	if p.Framework != "" {
		what += " project with " + p.Framework
	} else {
		what += " project"
	}
	if !slices.Contains([]string{"", "."}, p.Root) {
		what += " in " + p.Root
	}
	if p.Command != "" {
		return fmt.Sprintf("found a %s, started by: %s", what, p.Command)
	}
	return "found a " + what
}

// memoryMB is what the preview may use: what was asked for, or what the project asks for, within the limit.
func (r *run) memoryMB() int {
	return r.s.memoryLimit(r.row.Request.MemoryMB, r.plan.MemoryMB)
}

// memoryLimit is the first wish there is, within the limit. 0 is none.
func (s *Service) memoryLimit(wishes ...int) int {
	limit := s.Config.Limits.MemoryMB
	for _, wish := range wishes {
		if wish > 0 {
			return min(wish, limit)
		}
	}
	return limit
}
