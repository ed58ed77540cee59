package launch

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"path"
	"strconv"
	"strings"
	"time"

	"previewd/runtime/detect"
	"previewd/runtime/preview"
	"previewd/runtime/shim"
)

// The project's place and owner inside an instance; runtime images are built for them.
const (
	appDir = "/app"
	appUID = 10001
	appGID = 10001
)

// portTries bounds how many taken ports a launch skips.
const portTries = 20

// create makes the instance; boot starts it.
func (r *run) create(ctx context.Context) error {
	if err := r.takePlace(ctx); err != nil {
		return err
	}
	if r.bringsFiles() {
		if err := r.loadAgain(ctx); err != nil {
			return err
		}
	}
	return r.createInstance(ctx)
}

func (r *run) createInstance(ctx context.Context) error {
	spec, err := r.spec()
	if err != nil {
		return err
	}
	id, err := r.s.Engine.Create(ctx, spec)
	if err != nil {
		return err
	}
	r.instanceID, r.row.InstanceID = id, id
	err = r.rows.SetInstance(ctx, r.row.ID, id)
	if errors.Is(err, preview.ErrTakenOver) { // nobody else knows of it
		return errors.Join(err, r.s.Engine.Remove(context.WithoutCancel(ctx), id))
	}
	return err
}

func (r *run) spec() (preview.Spec, error) {
	config, err := json.Marshal(r.shimConfig())
	if err != nil {
		return preview.Spec{}, err
	}
	env := r.surroundings()
	maps.Copy(env, r.plan.Env)
	maps.Copy(env, r.row.Request.Env)
	maps.Copy(env, r.row.Request.SecretEnv)
	env["PORT"] = strconv.Itoa(r.row.Port)
	env[shim.EnvConfig] = string(config)
	limits := r.s.Config.Limits
	limits.MemoryMB = r.memoryMB()
	return preview.Spec{
		Kind: preview.KindPreview, PreviewID: r.row.ID, GenerationID: r.row.GenerationID, UserID: r.row.UserID,
		Image: r.image.ref, Entrypoint: []string{shim.Binary}, Env: env, Shim: true,
		WorkDir: r.startDir(), User: r.image.user,
		Port: r.row.Port, Network: preview.NetworkPreviews, Limits: limits, Files: r.files(), FilesByStdin: true,
	}, nil
}

// surroundings tell frameworks what stands before them: the origins that browsers send, and, for Uvicorn and Gunicorn, that whoever
// reaches the port may say where a request came from.
func (r *run) surroundings() map[string]string {
	port := strconv.Itoa(r.row.Port)
	origins := []string{"http://127.0.0.1:" + port, "http://localhost:" + port}
	if r.s.Config.Origin != nil {
		origins = append(origins, r.s.Config.Origin(r.row))
	}
	return map[string]string{"PREVIEW_ORIGINS": strings.Join(origins, ","), "FORWARDED_ALLOW_IPS": "*"}
}

func (r *run) shimConfig() shim.Config {
	c := shim.Config{
		Nonce: r.row.Request.Nonce, Port: r.row.Port, AppPort: r.plan.Port, HealthPath: r.plan.HealthPath,
		Files: r.bringsFiles(), Dir: r.image.workDir, Prepare: r.plan.Prepare,
		HealthIntervalSeconds: int(r.s.Config.HealthInterval / time.Second), HealthRetries: r.s.Config.HealthRetries,
		LineRate: r.s.Config.LogLineRate, ByteRate: r.s.Config.LogByteRate,
		GraceSeconds: int(r.s.Config.StopGrace / time.Second),
	}
	switch {
	case r.plan.Command != "":
		c.Command = []string{"/bin/sh", "-c", r.plan.Command}
	case r.plan.Runtime == preview.RuntimeStatic:
		c.StaticDir = path.Join(r.image.workDir, r.plan.StaticDir)
	default:
		c.Command = r.image.command
	}
	if c.AppPort == 0 {
		c.AppPort = r.image.port
	}
	return c
}

// bringsFiles: an image built from the project's own Dockerfile holds its source.
func (r *run) bringsFiles() bool { return r.plan.Runtime != preview.RuntimeDockerfile }

// startDir is where the shim starts. The project's folder may be one of those that it lays out: the engine would make
// it, and give it to root.
func (r *run) startDir() string {
	if r.bringsFiles() {
		return appDir
	}
	return r.image.workDir
}

// files is the project's source, laid over what the dependencies' image already holds.
func (r *run) files() []preview.Upload {
	if !r.bringsFiles() {
		return nil
	}
	tree := r.tree
	pr, pw := io.Pipe()
	go func() { _ = pw.CloseWithError(tree.Tar(pw, keepFor(r.plan))) }()
	return []preview.Upload{{Dir: appDir, UID: appUID, GID: appGID, Tar: pr}}
}

// keepFor leaves out uploaded dependencies when there are installed ones: they may be for another platform.
func keepFor(plan detect.Plan) func(name string) bool {
	if plan.Install == nil {
		return nil
	}
	return func(name string) bool {
		for part := range strings.SplitSeq(name, "/") {
			if part == "node_modules" || part == ".venv" {
				return false
			}
		}
		return true
	}
}
