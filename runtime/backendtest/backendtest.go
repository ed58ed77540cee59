// Package backendtest is the contract of backends as a test suite: what launch, reconcile and the log pump rely on.
// Every backend, the fake included, is held to it.
package backendtest

import (
	"context"
	"io"
	"testing"
	"time"

	"previewd/runtime/preview"
)

// Backend is every verb. Consumers declare the few that they need.
type Backend interface {
	Create(ctx context.Context, spec preview.Spec) (id string, err error)
	Start(ctx context.Context, id string) error
	Stop(ctx context.Context, id string, grace time.Duration) error
	Remove(ctx context.Context, id string) error

	Inspect(ctx context.Context, id string) (preview.Instance, error)
	List(ctx context.Context) ([]preview.Instance, error)
	Wait(ctx context.Context, id string) (preview.Instance, error)
	Logs(ctx context.Context, id string, o preview.LogsOptions) (preview.LogReader, error)
	Stats(ctx context.Context, id string) (preview.Stats, error)
	DiskUsage(ctx context.Context, id string) (int64, error)
	Events(ctx context.Context) (<-chan preview.InstanceEvent, <-chan error)

	Ping(ctx context.Context) error
	Info(ctx context.Context) (preview.EngineInfo, error)
	EnsureNetworks(ctx context.Context) error
	EnsureShim(ctx context.Context) error

	ImageID(ctx context.Context, ref string) (string, error)
	ImageConfig(ctx context.Context, ref string) (preview.ImageConfig, error)
	Images(ctx context.Context) ([]preview.Image, error)
	Build(ctx context.Context, spec preview.BuildSpec, out io.Writer) (id string, err error)
	Commit(ctx context.Context, id string, spec preview.CommitSpec) (image string, err error)
	RemoveImage(ctx context.Context, ref string) error
	Pull(ctx context.Context, ref string, out io.Writer) error
}

// Target is the backend under test.
type Target struct {
	New   func(t *testing.T) Backend // a backend without instances, which cleans up after the test
	Image string                     // an image with perl

	Nodes int                          // how many instances may have the same port on different machines, 0 is one
	Hold  func(t *testing.T, port int) // has a program listen on every machine's port; nil does so on this one
}

// Run holds a backend to the contract. Instances run Program, so a fake must script it.
func Run(t *testing.T, target Target) {
	t.Helper()
	for name, check := range map[string]func(*testing.T, *bench){
		"Create":            testCreate,
		"CreateErrors":      testCreateErrors,
		"Files":             testFiles,
		"Env":               testEnv,
		"ExitCode":          testExitCode,
		"Restart":           testRestart,
		"StopGraceful":      testStopGraceful,
		"StopStubborn":      testStopStubborn,
		"StopIdempotent":    testStopIdempotent,
		"RemoveIdempotent":  testRemoveIdempotent,
		"RemoveConcurrent":  testRemoveConcurrent,
		"RemoveShows":       testRemoveShows,
		"Port":              testPort,
		"PortTakenByOther":  testPortTakenByProgram,
		"PortTakenByOwn":    testPortTakenByInstance,
		"List":              testList,
		"WaitFromCreated":   testWaitFromCreated,
		"WaitRemoved":       testWaitRemoved,
		"WaitCancelled":     testWaitCancelled,
		"UnknownInstance":   testUnknownInstance,
		"OutOfMemory":       testOutOfMemory,
		"Logs":              testLogs,
		"LogsFollow":        testLogsFollow,
		"LogsSince":         testLogsSince,
		"LogsLongLine":      testLogsLongLine,
		"LogsClose":         testLogsClose,
		"LogsManyLines":     testLogsManyLines,
		"Stats":             testStats,
		"DiskUsage":         testDiskUsage,
		"Events":            testEvents,
		"EventsCancelled":   testEventsCancelled,
		"EventsOutOfMemory": testEventsOutOfMemory,
		"Engine":            testEngine,
		"Images":            testImages,
		"BuildFails":        testBuildFails,
		"Commit":            testCommit,
		"ImageInUse":        testImageInUse,
		"UnknownImage":      testUnknownImage,
	} {
		t.Run(name, func(t *testing.T) { check(t, newBench(t, target)) })
	}
}
