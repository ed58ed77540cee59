package docker

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/docker/docker/pkg/jsonmessage"
)

// errReported is an error that the engine reported inside a progress stream.
type errReported struct{ message string }

func (e *errReported) Error() string { return e.message }

// RelayProgress writes the text of a build's or a pull's progress stream to out and returns the id of the image it
// made, if it names one. A moving progress bar is not text: only a layer's changes of state are written.
func RelayProgress(stream io.Reader, out io.Writer) (id string, err error) {
	in := json.NewDecoder(stream)
	states := make(map[string]string)
	for {
		var m jsonmessage.JSONMessage
		if err := in.Decode(&m); errors.Is(err, io.EOF) {
			return id, nil
		} else if err != nil {
			return id, fmt.Errorf("progress stream: %w", err)
		}
		if m.Error != nil {
			return id, &errReported{m.Error.Message}
		}
		if m.Aux != nil {
			var made struct{ ID string }
			if json.Unmarshal(*m.Aux, &made) == nil && made.ID != "" {
				id = made.ID
			}
		}
		if err := writeProgress(out, m, states); err != nil {
			return id, err
		}
	}
}

func writeProgress(out io.Writer, m jsonmessage.JSONMessage, states map[string]string) error {
	text := m.Stream
	if text == "" && m.Status != "" && states[m.ID] != m.Status {
		states[m.ID] = m.Status
		text = m.Status + "\n"
		if m.ID != "" {
			text = m.ID + ": " + text
		}
	}
	if text == "" {
		return nil
	}
	if _, err := io.WriteString(out, text); err != nil {
		return fmt.Errorf("write progress: %w", err)
	}
	return nil
}
