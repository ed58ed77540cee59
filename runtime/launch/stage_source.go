package launch

import (
	"context"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
	"previewd/runtime/source"
)

// fetch reads the generation's files.
func (r *run) fetch(ctx context.Context) error {
	sum, err := r.load(ctx)
	if err != nil {
		return err
	}
	r.filesSum = sum
	r.system(preview.Info, "fetched %s", volume(len(r.tree.Files()), r.tree.Bytes()))
	return nil
}

// volume says how much files are.
func volume(files int, bytes int64) string {
	count, size := fmt.Sprintf("%d files", files), fmt.Sprintf("%d KB", (bytes+1023)>>10)
	if files == 1 {
		count = "1 file"
	}
	if bytes < 1<<10 {
		size = fmt.Sprintf("%d B", bytes)
	}
	return count + ", " + size
}

// load unpacks the generation's files as they are now.
func (r *run) load(ctx context.Context) (sum [sha256.Size]byte, err error) {
	archive, err := r.rows.GenerationArchive(ctx, r.row.GenerationID)
	if err != nil {
		return sum, err
	}
	r.tree, err = source.FromArchive(archive)
	return sha256.Sum256(archive), err
}

// loadAgain unpacks the files that were let go of. Others than those that were looked at are errFilesChanged.
func (r *run) loadAgain(ctx context.Context) error {
	if r.tree != nil {
		return nil
	}
	sum, err := r.load(ctx)
	if err == nil && sum != r.filesSum {
		r.system(preview.Info, "the generation's files were replaced meanwhile; beginning anew")
		return errFilesChanged
	}
	return err
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
	return r.rows.SetPlan(ctx, r.row.ID, preview.PlanInfo{
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
