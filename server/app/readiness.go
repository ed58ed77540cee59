package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
	"time"

	"previewd/runtime/diskwatch"
	"previewd/server/api"
)

// scarce is how little room makes a disk nearly full: a launch or two may need as much.
const scarce = 1 << 30

// checks are what /readyz looks at: everything that previewd cannot work without, and what is better there.
func (a *App) checks() []api.Check {
	checks := append(a.nodesCheck(), []api.Check{
		a.databaseCheck(),
		a.dataDirCheck(),
		{Name: "disk", Optional: true, Run: a.room, Hint: "Make room: `docker system df` and the data folder show what takes it; PREVIEW_DEPS_CACHE_GB and PREVIEW_LOG_RETENTION_DAYS bound what previewd keeps."},
		{
			Name: "engine", Run: a.engineAnswers,
			Hint: "Start the Docker engine (`systemctl start docker`, or scripts/setup), and let previewd open its socket (DOCKER_HOST). Running previews go on and are watched again when it is back.",
		},
		{
			Name: "firewall", Optional: true, Run: a.rulesInForce,
			Hint: "Run previewd as root, or with NET_ADMIN in the engine's own network namespace, with iptables installed: it puts the rules in force by itself within seconds. Until then launch only what you trust.",
		},
		{
			Name: "images", Optional: true, Run: a.imagesPresent,
			Hint: "A launch pulls it. Where no image registry can be reached run scripts/setup, which makes it from the distribution's packages.",
		},
		{Name: "shim", Optional: true, Run: a.shimPresent, Hint: "The next launch fills it anew. If it goes again, something on the engine removes volumes, such as a scheduled `docker volume prune`."},
	}...)
	if a.receiver != nil {
		checks = append(checks, api.Check{Name: "webhooks", Optional: true, Run: a.receiverThere, Hint: "Run `previewd webhooks retry --all` when the receiver is back, or set PREVIEW_WEBHOOK_URL to another."})
	}
	if a.keys != nil {
		// With a secret beside the key set some tokens are good even while the set is out of reach.
		checks = append(checks, api.Check{
			Name: "token_keys", Optional: a.Config.JWTSecret != "", Run: func(context.Context) (string, error) { return a.keys.Status() },
			Hint: "Check PREVIEW_JWKS_URL from this host: it is asked again all the time, and previewd's log says why it fails.",
		})
	}
	return checks
}

func (a *App) databaseCheck() api.Check {
	c := api.Check{Name: "database", Run: func(ctx context.Context) (string, error) {
		if err := a.store.Ping(ctx); err != nil {
			return "cannot be reached", err
		}
		return "", nil
	}, Hint: "Start PostgreSQL, and check that PREVIEW_DATABASE_URL can be reached from this host. previewd goes on by itself when it answers; running previews stay."}
	if a.Config.DatabaseURL == "" {
		c.Hint = "Restart previewd: its private PostgreSQL does not answer. The log of that is in the data folder, below postgres."
	}
	return c
}

// dataDirCheck looks whether the folder can be written. Without the private database it holds only what can be found out anew.
func (a *App) dataDirCheck() api.Check {
	return api.Check{Name: "data_dir", Optional: a.Config.DatabaseURL != "", Run: func(context.Context) (string, error) {
		err := tryWriting(a.Config.DataDir)
		return writeFault(err), err
	}, Hint: "Make PREVIEW_DATA_DIR (" + a.Config.DataDir + ") a folder that previewd may write to, on a disk with room."}
}

func tryWriting(dir string) error {
	f, err := os.CreateTemp(dir, ".readyz-")
	if err != nil {
		return err
	}
	_, err = f.Write(make([]byte, 4096)) // a full disk may still have room for an empty file
	return errors.Join(err, f.Close(), os.Remove(f.Name()))
}

// writeFault says in words why something cannot be written, "" when it can.
func writeFault(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		return "the disk is full"
	case errors.Is(err, syscall.EROFS):
		return "the disk can only be read"
	case errors.Is(err, fs.ErrPermission):
		return "previewd may not write there"
	case errors.Is(err, fs.ErrNotExist):
		return "the folder is gone"
	}
	return "nothing can be written there"
}

// room looks at the disks that fill up: the data folder's and, where it is this machine's, the engine's.
func (a *App) room(context.Context) (string, error) {
	for _, disk := range []struct{ of, dir string }{{"data folder", a.Config.DataDir}, {"engine", a.engineDir}} {
		free, err := diskwatch.FreeBytes(disk.dir)()
		if disk.dir != "" && err == nil && free < a.scarce {
			return fmt.Sprintf("the disk of the %s has %d MB left", disk.of, free>>20), errors.New("nearly full")
		}
	}
	return "", nil
}

func (a *App) engineAnswers(ctx context.Context) (string, error) {
	info, err := a.engine.Info(ctx)
	if err != nil {
		return "cannot be reached", err
	}
	return fmt.Sprintf("%s %s, API %s", info.Name, info.Version, info.APIVersion), nil
}

func (a *App) rulesInForce(context.Context) (string, error) {
	status := a.firewall.Status()
	switch {
	case !status.Enforced && a.onSwarm():
		return "each node has its own, see nodes", nil
	case !status.Enforced:
		return "previews are not kept from private networks: " + status.Reason, errors.New("rules not in force")
	}
	return "rules in force", nil
}

func (a *App) imagesPresent(ctx context.Context) (string, error) {
	missing, err := a.images.MissingBase(ctx)
	switch {
	case err != nil:
		return notKnown, err
	case missing != "":
		return "the base image " + missing + " is not on this machine", errors.New("no base image")
	}
	return "", nil
}

// notKnown is told of what is asked of an engine that is away, of which its own check tells.
const notKnown = "not known while the engine cannot be reached"

func (a *App) shimPresent(ctx context.Context) (string, error) {
	there, err := a.engine.HasShim(ctx)
	switch {
	case err != nil:
		return notKnown, err
	case !there:
		return "the volume with process 1 of the previews is gone", errors.New("no shim")
	}
	return "", nil
}

// receiverThere tells of a receiver that wants nothing any more.
func (a *App) receiverThere(ctx context.Context) (string, error) {
	gone, err := a.store.EndpointGoneAt(ctx, a.receiver.Digest())
	if err == nil && gone != nil {
		return "nothing is sent: the receiver answered 410 Gone at " + gone.Format(time.RFC3339), errors.New("receiver gone")
	}
	return "", err
}
