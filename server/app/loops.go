package app

import (
	"context"
	"errors"
	"runtime"
	"time"

	"previewd/runtime/diskwatch"
	"previewd/runtime/launch"
	"previewd/runtime/preview"
	"previewd/runtime/reap"
	"previewd/runtime/reconcile"
	"previewd/storage"
)

// How often the background loops look.
const (
	reconcileEvery = 5 * time.Second
	noticeEvery    = 500 * time.Millisecond
	reapEvery      = time.Second
	secureEvery    = 10 * time.Second
	diskEvery      = time.Second
	diskFullLook   = 30 * time.Second

	settleTime = time.Minute // for which a start waits for what was left

	loopEnd  = 5 * time.Second
	closeAll = 9 * time.Second // stopping every preview: grace, then a moment for the engine
	fallEnd  = time.Second     // letting go of every preview when the database may be gone
)

// startLaunches takes over what an earlier previewd left and starts the loops.
func (a *App) startLaunches(ctx context.Context) error {
	a.launches = launch.New(launch.Options{
		Config: a.launchConfig(), Store: a.store, Away: storage.Away, Engine: a.engine, Images: a.images, Journals: a.logs,
		Publish: announcer{a.bus, a.voice, a.logs}, Log: a.component("launch"), Launcher: a.replica.Self(), Hold: a.replica.Hold,
		Metrics: a.counts.launches, Measured: a.counts.usage, Traces: a.traces,
	})
	a.running.Store(a.launches)
	loop := reconcile.New(reconcile.Options{
		Engine: a.engine, Rows: a.store, Launches: a.launches, Processes: a.replica, Every: reconcileEvery, Notice: noticeEvery,
		InstallAge: a.Config.InstallTimeout.Duration() + time.Minute, OnReturn: a.secureNetworks, Log: a.component("reconcile"),
		Metrics: a.counts.reconcile,
	})
	a.settle(ctx, "reconcile", loop.Once)
	a.settle(ctx, "images", a.images.Sweep)
	a.stack.Push("previews", closeAll+loopEnd, a.closeLaunches)
	a.stack.Go("engine events", loopEnd, a.launches.Run)
	a.stack.Go("reconcile", loopEnd, loop.Run)
	a.stack.Go("networks' rules", loopEnd, a.every("firewall", secureEvery, a.keepSecure))
	a.stack.Go("reaper", loopEnd, a.reaper().Run)
	a.stack.Go("disk watch", loopEnd, a.diskWatch(ctx).Run)
	a.stack.Go("retention", loopEnd, a.every("retention", pruneEvery, a.pruneRows))
	a.stack.Go("log trimming", loopEnd, a.every("retention", trimEvery, a.trimLogs))
	a.stack.Go("image budget", loopEnd, a.keepImages)
	a.stack.Go("usage", loopEnd, a.launches.Measure)
	return nil
}

// settle looks at what earlier previewds left. What fails of that, or does not come to an end, such as the removal of one container that
// the engine is stuck in, is tried again later and keeps nobody from starting previews.
func (a *App) settle(ctx context.Context, component string, look func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, settleTime)
	defer cancel()
	if err := look(ctx); err != nil {
		a.component(component).WithError(err).Warn("not all that was left could be taken up or removed; will try again")
	}
}

// closeLaunches ends the previews, or lets go of them. After a fall nobody wanted them to end, and what they stand on may
// be gone: the next previewd adopts them as after a kill.
func (a *App) closeLaunches(ctx context.Context) error {
	if !a.fell {
		keep := a.Config.OnShutdown == "keep"
		err := a.launches.Close(ctx, keep)
		if keep {
			err = errors.Join(err, a.store.Leave(ctx)) // another previewd need not find this one dead first
		}
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, fallEnd)
	defer cancel()
	return a.launches.Close(ctx, true)
}

func (a *App) launchConfig() launch.Config {
	c := a.Config
	return launch.Config{
		PortMin: c.PortMin, PortMax: c.PortMax, Launches: c.RateLaunch,
		Quotas:         preview.Quotas{PreviewsPerUser: c.MaxPerUser, MemoryPerUserMB: c.MaxMemoryPerUserMB, MemoryTotalMB: c.MaxMemoryTotalMB},
		SessionTimeout: c.SessionTimeout.Duration(), MaxUptime: c.MaxUptime.Duration(),
		StartupTimeout: c.StartupTimeout.Duration(), InstallTimeout: c.InstallTimeout.Duration(), StopGrace: 5 * time.Second,
		Limits: a.limits(), InstallLimits: a.installLimits(), DialHost: c.DialHost, Nodes: a.onSwarm(), BaseDomain: c.BaseDomain, Origin: a.links.Origin,
		HealthInterval: c.HealthInterval.Duration(), HealthRetries: c.HealthRetries,
		LogLineRate: c.LogLineRate, LogByteRate: c.LogByteRate,
		Concurrency: c.LaunchConcurrency,
	}
}

func (a *App) limits() preview.Limits {
	c := a.Config
	return preview.Limits{MemoryMB: c.MemoryLimitMB, CPUs: c.CPULimit, PIDs: c.PIDsLimit, DiskMB: c.DiskLimitMB, OpenFile: 16384}
}

func (a *App) reaper() *reap.Reaper {
	return reap.New(reap.Options{
		Rows: a.store, Stopper: a.launches, Idle: a.Config.IdleTimeout.Duration(), Every: reapEvery,
		Leads: a.replica.Leads, Now: time.Now, Log: a.component("reaper"),
	})
}

// Installs and compilers need more room than the app itself: package managers unpack before they clean up.
const (
	installDisk     = 4 // times a preview's disk
	installMemoryMB = 2048
	installPIDs     = 1024
)

func (a *App) installLimits() preview.Limits {
	l := a.limits()
	l.MemoryMB, l.PIDs, l.DiskMB = max(l.MemoryMB, installMemoryMB), max(l.PIDs, installPIDs), installDisk*l.DiskMB
	l.CPUs = max(l.CPUs, float64(runtime.NumCPU()))
	return l
}

func (a *App) diskWatch(ctx context.Context) *diskwatch.Watch {
	limit := int64(a.Config.DiskLimitMB) << 20
	o := diskwatch.Options{
		Engine: a.engine, Failer: a.launches, Limit: limit, InstallLimit: installDisk * limit,
		Every: diskEvery, Full: diskFullLook, Log: a.component("diskwatch"),
	}
	if info, err := a.engine.Info(ctx); err == nil && info.Local {
		free := diskwatch.FreeBytes(info.DataDir)
		if _, err := free(); err == nil {
			o.Free, a.engineDir = free, info.DataDir
		}
	}
	return diskwatch.New(o)
}
