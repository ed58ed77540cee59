package app

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
	"time"

	"previewd/runtime/events"
	"previewd/runtime/logs"
	"previewd/runtime/preview"
	"previewd/server/replica"
)

// oneLine is a stored log of one line.
type oneLine struct{}

func (oneLine) AppendLogs(context.Context, []preview.LogLine) error { return nil }

func (oneLine) LogLines(_ context.Context, id string, after int64, _ int) ([]preview.LogLine, error) {
	if after > 0 {
		return nil, nil
	}
	return []preview.LogLine{{PreviewID: id, Seq: 1, Message: "the end"}}, nil
}

func (oneLine) LogPosition(context.Context, string) (preview.LogPosition, error) {
	return preview.LogPosition{Seq: 1}, nil
}

// TestReadersHearOfThisProcessToo: whoever comes between the end of a preview's log and the end in its row reads from the store, as if
// another process wrote the log. No other will tell that it is over.
func TestReadersHearOfThisProcessToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := logs.New(logs.Options{Store: oneLine{}})
		reader, err := l.Follow(t.Context(), "p", 0)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Close()
		if line, err := reader.Next(t.Context()); err != nil || line.Seq != 1 {
			t.Fatalf("the first line is %+v, %v", line, err)
		}
		synctest.Wait()
		before := time.Now()
		bus, alone := events.NewBus(), func() int { return 1 }
		announcer{bus, replica.NewVoice(nil, alone, nil), l}.Publish(preview.Preview{ID: "p", Status: preview.Stopped})
		if line, err := reader.Next(t.Context()); !errors.Is(err, io.EOF) {
			t.Errorf("after the end comes %+v, %v", line, err)
		}
		if late := time.Since(before); late != 0 { // in the bubble, time passes only where everybody waits
			t.Errorf("it was known %v later", late)
		}
	})
}
