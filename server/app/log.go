package app

import (
	"io"

	"github.com/sirupsen/logrus"

	"previewd/server/config"
	"previewd/server/logging"
)

// NewLog returns the service's own log in the configured level and format.
func NewLog(cfg config.Config, out io.Writer) *logrus.Entry {
	level, err := logrus.ParseLevel(cfg.LogLevel)
	if err != nil {
		level = logrus.InfoLevel // of a configuration that nobody read
	}
	return logrus.NewEntry(logging.New(out, level, cfg.LogFormat == "json"))
}
