package api

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/logs"
	"previewd/runtime/preview"
)

// oneLine is a stored log of one line.
type oneLine struct{ logs.Store }

func (oneLine) LogLines(_ context.Context, id string, after int64, _ int) ([]preview.LogLine, error) {
	if after > 0 {
		return nil, nil
	}
	return []preview.LogLine{{PreviewID: id, Seq: 1, Message: "the end"}}, nil
}

func (oneLine) LogPosition(context.Context, string) (preview.LogPosition, error) {
	return preview.LogPosition{Seq: 1}, nil
}

// endedRow is a preview that has ended.
type endedRow struct{ Rows }

func (endedRow) Preview(_ context.Context, id string) (preview.Preview, error) {
	return preview.Preview{ID: id, Status: preview.Failed}, nil
}

// TestNobodyWaitsAtTheEndOfALog: of a preview that has ended, be it known at the start or only seen after, the log ends with its last line.
func TestNobodyWaitsAtTheEndOfALog(t *testing.T) {
	for name, known := range map[string]bool{"known": true, "ended just now": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a := New(Options{Rows: endedRow{}, Follower: logs.New(logs.Options{Store: oneLine{}})})
				f := &following{api: a, id: "p", final: known}
				defer f.close()
				began := time.Now()
				if line, err := f.Next(t.Context()); err != nil || line.Seq != 1 {
					t.Fatalf("the first line is %+v, %v", line, err)
				}
				if line, err := f.Next(t.Context()); !errors.Is(err, io.EOF) {
					t.Errorf("after the last line comes %+v, %v", line, err)
				}
				if late := time.Since(began); late != 0 { // in the bubble, time passes only where everybody waits
					t.Errorf("the end was told %v after the last line", late)
				}
				time.Sleep(time.Second) // of the bubble: who reads on for nobody notices it
			})
		})
	}
}
