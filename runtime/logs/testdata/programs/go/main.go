// Command programs writes what Go's loggers and its runtime write.
package main

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"github.com/rs/zerolog"
	"github.com/sirupsen/logrus"
	"go.uber.org/zap"
)

var programs = map[string]func(){
	"golog": golog, "slog": slogs, "logrus": logruses, "zap": zaps, "zerolog": zerologs, "gin": gins,
	"panic":           func() { panic("it broke") },
	"panic_error":     func() { panic(fmt.Errorf("wrapped: %w", errors.New("it broke\nin two lines"))) },
	"panic_index":     func() { var s []int; fmt.Println("starting"); fmt.Println(s[len(os.Args)]) },
	"panic_nil":       func() { var l *http.Server; fmt.Println(l.Addr) },
	"panic_recovered": func() { defer func() { panic(recover()) }(); defer func() { panic("second") }(); panic("first") },
	"panic_goroutine": func() { go work(&job{}, 3); select {} },
	"deadlock":        func() { var m sync.Mutex; m.Lock(); m.Lock() },
	"map_race":        mapRace,
	"http_panic":      httpPanic,
	"log_fatal":       func() { log.Fatal("listen tcp :80: bind: permission denied") },
}

type job struct{ next *job }

func work(j *job, n int) { fmt.Println(j.next.next, n) }

func main() { programs[os.Args[1]]() }

func golog() {
	log.Println("listening on :8080")
	log.SetFlags(log.LstdFlags | log.Lmicroseconds | log.Lshortfile)
	log.Println("it said that an error is only a word")
	log.SetFlags(0)
	log.SetPrefix("app: ")
	log.Println("listening")
}

func slogs() {
	opts := &slog.HandlerOptions{Level: slog.LevelDebug - 4}
	for _, l := range []*slog.Logger{slog.Default(), slog.New(slog.NewTextHandler(os.Stderr, opts)), slog.New(slog.NewJSONHandler(os.Stdout, opts))} {
		l.Debug("something", "n", 1)
		l.Info("something", "level", "error")
		l.Warn("something")
		l.Error("cannot", "err", errors.New("it broke"))
		l.Log(nil, slog.LevelError+4, "above error")
		l.Log(nil, slog.LevelDebug-4, "below debug")
		l.Log(nil, slog.LevelInfo+2, "above info")
	}
}

func logruses() {
	for _, f := range []logrus.Formatter{&logrus.TextFormatter{}, &logrus.TextFormatter{ForceColors: true}, &logrus.TextFormatter{ForceColors: true, FullTimestamp: true}, &logrus.JSONFormatter{}} {
		l := logrus.New()
		l.Level, l.Formatter, l.ExitFunc = logrus.TraceLevel, f, func(int) {}
		l.Trace("something")
		l.Debug("something")
		l.Info("something")
		l.Warn("something")
		l.WithError(errors.New("it broke")).Error("cannot")
		l.Fatal("cannot go on")
	}
}

func zaps() {
	dev, _ := zap.NewDevelopment()
	prod, _ := zap.NewProduction()
	for _, l := range []*zap.Logger{dev, prod} {
		l.Debug("something")
		l.Info("something", zap.Int("n", 1))
		l.Warn("something")
		l.Error("cannot", zap.Error(errors.New("it broke")))
		l.Info("after")
	}
	defer func() { _ = recover() }()
	prod.Panic("it panics")
}

func zerologs() {
	for _, w := range []io.Writer{os.Stderr, zerolog.ConsoleWriter{Out: os.Stderr}, zerolog.ConsoleWriter{Out: os.Stderr, NoColor: true, TimeFormat: time.RFC3339}} {
		l := zerolog.New(w).With().Timestamp().Logger()
		l.Trace().Msg("something")
		l.Debug().Msg("something")
		l.Info().Int("n", 1).Msg("something")
		l.Warn().Msg("something")
		l.Err(errors.New("it broke")).Msg("cannot")
		l.WithLevel(zerolog.FatalLevel).Msg("cannot go on")
		l.WithLevel(zerolog.PanicLevel).Msg("it panics")
		l.Log().Msg("no level")
	}
}

func gins() {
	r := gin.Default()
	r.GET("/", func(c *gin.Context) { c.String(200, "ok") })
	r.GET("/broken", func(*gin.Context) { panic("it broke") })
	r.GET("/error", func(c *gin.Context) { _ = c.AbortWithError(500, errors.New("no answer")) })
	for _, path := range []string{"/", "/missing", "/broken", "/error"} {
		req := httptest.NewRequest("GET", path, nil)
		r.ServeHTTP(httptest.NewRecorder(), req)
	}
	_ = r.Run("256.0.0.1:80")
}

func mapRace() {
	m := map[int]int{}
	for i := range 8 {
		go func() {
			for {
				m[i]++
			}
		}()
	}
	select {}
}

func httpPanic() {
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("it broke") }))
	_, _ = http.Get(s.URL)
	log.Println("going on")
}
