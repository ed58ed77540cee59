package preview

import (
	"fmt"
	"slices"
)

// Status is the state of one preview, as the API names it.
type Status string

// The states of a preview. Stopped and Failed are final.
const (
	Starting Status = "starting"
	Running  Status = "running"
	Stopping Status = "stopping"
	Stopped  Status = "stopped"
	Failed   Status = "failed"
)

// transitions is the only table of allowed state changes; storage checks it by compare-and-set.
var transitions = map[Status][]Status{
	Starting: {Running, Stopping, Failed},
	Running:  {Starting, Stopping, Failed}, // it starts again when its machine is lost
	Stopping: {Stopped, Failed},
}

// CanBecome reports whether the transition table allows s → next.
func (s Status) CanBecome(next Status) bool { return slices.Contains(transitions[s], next) }

// Active reports whether the preview may still hold an instance and a port.
func (s Status) Active() bool { return s == Starting || s == Running || s == Stopping }

// Sources returns the states from which next can be reached, for a compare-and-set.
func Sources(next Status) []Status {
	var from []Status
	for _, s := range []Status{Starting, Running, Stopping} {
		if s.CanBecome(next) {
			from = append(from, s)
		}
	}
	return from
}

// TransitionError says that a preview was not in a state from which the wanted one can be reached.
// The other party of a race usually won; re-read the preview before deciding anything.
type TransitionError struct {
	PreviewID string
	From, To  Status // From is the state found
}

func (e *TransitionError) Error() string {
	return fmt.Sprintf("preview %s is %s and cannot become %s", e.PreviewID, e.From, e.To)
}

// Phase is what a starting preview is busy with.
type Phase string

// The phases in the order a launch passes through them.
const (
	Queued     Phase = "queued"
	Fetching   Phase = "fetching"
	Detecting  Phase = "detecting"
	Installing Phase = "installing"
	Creating   Phase = "creating"
	Booting    Phase = "booting"
)

// Phases lists every phase in order.
func Phases() []Phase {
	return []Phase{Queued, Fetching, Detecting, Installing, Creating, Booting}
}

// Health is what the running app's listening socket, or its health path, last said.
type Health string

// Health values. Unknown until the app has been seen once.
const (
	HealthUnknown   Health = "unknown"
	HealthHealthy   Health = "healthy"
	HealthUnhealthy Health = "unhealthy"
)
