package app

import (
	"io"
	"maps"

	"github.com/sirupsen/logrus"

	"previewd/server/config"
)

// NewLog returns the service's own log in the configured level and format.
func NewLog(cfg config.Config, out io.Writer) *logrus.Entry {
	logger := logrus.New()
	logger.SetOutput(out)
	logger.SetFormatter(oneName{logger.Formatter})
	if cfg.LogFormat == "json" {
		logger.SetFormatter(oneName{&logrus.JSONFormatter{}})
	}
	if level, err := logrus.ParseLevel(cfg.LogLevel); err == nil {
		logger.SetLevel(level)
	}
	return logrus.NewEntry(logger)
}

// errField is what an error's field is called, whoever logs it: collectors look for one name. The library's own is another.
const errField = "err"

// oneName gives errors that name.
type oneName struct{ logrus.Formatter }

// Format is a logrus.Formatter's.
func (f oneName) Format(e *logrus.Entry) ([]byte, error) {
	err, has := e.Data[logrus.ErrorKey]
	if !has {
		return f.Formatter.Format(e)
	}
	renamed := *e
	renamed.Data = maps.Clone(e.Data)
	delete(renamed.Data, logrus.ErrorKey)
	renamed.Data[errField] = err
	return f.Formatter.Format(&renamed)
}
