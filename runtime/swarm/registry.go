package swarm

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/docker/docker/api/types/image"
	"github.com/docker/docker/api/types/registry"

	"previewd/runtime/docker"
)

// Registry is one that the manager pushes images to and the nodes pull them from.
type Registry struct {
	Name           string // such as registry:5000 or registry.example.com/previews; "" is none
	User, Password string // "" where it asks nobody who they are
}

// pushTries is how often a push may find its name gone: another previewd that pushes the same image takes it away when it is through.
const pushTries = 5

// image names an image there by its content. So nobody's push replaces another's, and whoever clears the registry only has
// previewd push anew.
func (r Registry) image(id string) string {
	return r.Name + "/previewd:" + strings.TrimPrefix(id, "sha256:")
}

func (r Registry) login() registry.AuthConfig {
	host, _, _ := strings.Cut(r.Name, "/")
	return registry.AuthConfig{Username: r.User, Password: r.Password, ServerAddress: host}
}

// header is the login as the engine takes it. The engine asks the registry with it and keeps it nowhere.
func (r Registry) header() (string, error) { return registry.EncodeAuthConfig(r.login()) }

// throughRegistry has a node pull the image, which spares the layers that it has. If the registry has it only in part or has
// another one under its name, it is pushed once more.
func (b *Backend) throughRegistry(ctx context.Context, id, ref string, to *node) error {
	auth, err := b.o.Registry.header()
	if err != nil {
		return err
	}
	did, err := b.push(ctx, id, auth, false)
	if err != nil {
		return err
	}
	err = b.pull(ctx, id, auth, to)
	if err != nil && !did && ctx.Err() == nil && faultOf(err) == otherFault {
		if _, err = b.push(ctx, id, auth, true); err == nil {
			err = b.pull(ctx, id, auth, to)
		}
	}
	if err != nil {
		return err
	}
	return rename(ctx, to.engine, b.o.Registry.image(id), ref)
}

// push puts an image of the manager's into the registry, once for all who want it there, and reports whether it did so: it need
// not if the registry has it.
func (b *Backend) push(ctx context.Context, id, auth string, again bool) (bool, error) {
	leave, err := b.sending.take(ctx, "push "+id)
	if err != nil {
		return false, err
	}
	defer leave()
	there := b.o.Registry.image(id)
	if !again {
		_, err := b.api.DistributionInspect(ctx, there, auth)
		if err == nil {
			return false, nil
		}
		// Some registries refuse what they do not have; whether they let us in shows when we push.
		if f := faultOf(err); f != otherFault && f != notLetIn {
			return false, b.fault(ctx, "look for the image", "the manager", err)
		}
	}
	defer func() { // the name is for the push alone
		_, _ = b.api.ImageRemove(context.WithoutCancel(ctx), there, image.RemoveOptions{})
	}()
	for range pushTries {
		if err = b.api.ImageTag(ctx, id, there); err != nil {
			return false, docker.EngineError("tag", err)
		}
		if err = b.pushOnce(ctx, there, auth); err == nil || !strings.Contains(err.Error(), "does not exist") {
			break
		}
	}
	return err == nil, b.fault(ctx, "push the image", "the manager", err)
}

func (b *Backend) pushOnce(ctx context.Context, there, auth string) error {
	said, err := b.api.ImagePush(ctx, there, image.PushOptions{RegistryAuth: auth})
	if err != nil {
		return err
	}
	defer func() { _ = said.Close() }() // read only
	_, err = docker.RelayProgress(said, io.Discard)
	return err
}

func (b *Backend) pull(ctx context.Context, id, auth string, to *node) error {
	there := b.o.Registry.image(id)
	said, err := to.engine.API().ImagePull(ctx, there, image.PullOptions{RegistryAuth: auth})
	if err == nil {
		_, err = docker.RelayProgress(said, io.Discard)
		_ = said.Close() // read only
	}
	if err != nil {
		return b.fault(ctx, "pull the image", "node "+to.name, err)
	}
	switch got, err := to.engine.ImageID(ctx, there); {
	case err != nil:
		return err
	case got != id:
		_, _ = to.engine.API().ImageRemove(ctx, there, image.RemoveOptions{})
		return b.fault(ctx, "pull the image", "node "+to.name, fmt.Errorf("%s is the image %s there", there, got))
	}
	return nil
}

// rename gives an image the name that it has on the manager. One that has none there but its content keeps the registry's, for an
// image that loses its last name is gone.
func rename(ctx context.Context, engine *docker.Backend, from, to string) error {
	if strings.Contains(to, "sha256:") {
		return nil
	}
	if err := engine.API().ImageTag(ctx, from, to); err != nil {
		return docker.EngineError("tag", err)
	}
	_, err := engine.API().ImageRemove(ctx, from, image.RemoveOptions{})
	return docker.EngineError("untag", err)
}
