package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/sirupsen/logrus"
)

// Options say where the server lives.
type Options struct {
	Dir string        // the server's own folder; made when it is missing
	Log *logrus.Entry // what the server says; nil is silent

	// Settings are further configuration parameters, such as fsync=off for tests.
	Settings map[string]string
	// BinDirs are searched for initdb and postgres instead of the usual places.
	BinDirs []string
}

// startTimeout bounds a start: after a crash the server first replays what it had not written to its tables.
const startTimeout = 60 * time.Second

// leftoverPatience is how long a server of an earlier run may take to write down what it has.
const leftoverPatience = 10 * time.Second

// Server is a running server. The caller stops it.
type Server struct {
	url      string
	programs string
	layout   layout
	lock     *os.File
	process  *process
	stop     sync.Once
	stopErr  error
}

// Start brings the server up, creating the cluster first if there is none, and returns when it answers. A server
// left over by a previewd that was killed is stopped before. Errors: ErrInUse, ErrNotInstalled, ErrVersion.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = silent()
	}
	l, err := prepare(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("embedded database: %w", err)
	}
	s := &Server{layout: l}
	if err := s.start(ctx, o); err != nil {
		return nil, fmt.Errorf("embedded database: %w", errors.Join(err, s.release()))
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, o Options) (err error) {
	if s.lock, err = takeLock(s.layout.dir); err != nil {
		return err
	}
	account, err := chooseAccount(s.layout.data)
	if err != nil {
		return err
	}
	if err := endLeftovers(ctx, s.layout.dir, leftoverPatience, o.Log); err != nil {
		return err
	}
	version, err := clusterVersion(s.layout.data)
	if err != nil {
		return err
	}
	binaries, err := find(ctx, o.BinDirs, version)
	if err != nil {
		return err
	}
	if err := s.layout.hand(account); err != nil {
		return err
	}
	if version == 0 {
		o.Log.WithField("bin", binaries.dir).Info("creating the embedded database")
		if err := initCluster(ctx, binaries, s.layout, account); err != nil {
			return err
		}
	}
	return s.serve(ctx, binaries, account, o)
}

// serve starts the server's process and waits until it answers.
func (s *Server) serve(ctx context.Context, b binaries, a account, o Options) (err error) {
	s.url, s.programs = connectURL(s.layout.socketDir()), b.dir
	if s.process, err = launch(b.command("postgres", serverArgs(o.Settings)...), s.layout.handle, a, o.Log); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := awaitAnswer(ctx, s.url, s.process); err != nil {
		return errors.Join(err, s.process.end(context.WithoutCancel(ctx)))
	}
	return nil
}

// URL is where the server is reached by this process. It holds no secret: the server asks the kernel who connects.
func (s *Server) URL() string { return s.url }

// Programs is the folder of PostgreSQL's programs, in the server's own version.
func (s *Server) Programs() string { return s.programs }

// Done is closed when the server's process has ended, whatever the cause.
func (s *Server) Done() <-chan struct{} { return s.process.done }

// Stop ends the server: a fast shutdown first, which ends open sessions, and by force when ctx or ten seconds run
// out. It may be called more than once.
func (s *Server) Stop(ctx context.Context) error {
	s.stop.Do(func() {
		s.stopErr = errors.Join(s.process.end(ctx), s.release())
	})
	return s.stopErr
}

// release gives back the folder. The lock goes last.
func (s *Server) release() error {
	err := s.layout.handle.Close()
	if s.lock != nil {
		err = errors.Join(err, s.lock.Close())
	}
	return err
}

func connectURL(socketDir string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.User(role),
		Path:     "/postgres",
		RawQuery: url.Values{"host": {socketDir}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}

// silent is the log of a caller who gave none.
func silent() *logrus.Entry {
	log := logrus.New()
	log.SetLevel(logrus.PanicLevel)
	return logrus.NewEntry(log)
}

// absolute also resolves symbolic links, so that paths compare equal to what the kernel says of processes.
func absolute(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("folder: %w", err)
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return "", fmt.Errorf("folder: %w", err)
	}
	return dir, nil
}
