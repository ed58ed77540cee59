package preview

import "time"

// EventName says which change of a preview's state an event tells of, as webhooks name it.
type EventName string

// The events. A preview has a launched one, then a started one if its app ever answered, then one of the ends. One that loses its
// machine has a moving one, and a started one again, in between.
const (
	LaunchedEvent EventName = "preview.launched"
	StartedEvent  EventName = "preview.started"
	MovingEvent   EventName = "preview.moving"
	StoppedEvent  EventName = "preview.stopped"
	FailedEvent   EventName = "preview.failed"
)

// EventOf names the event of a preview that has come into a state; "" when nobody outside is told of it.
func EventOf(s Status) EventName {
	switch s {
	case Starting:
		return LaunchedEvent
	case Running:
		return StartedEvent
	case Stopped:
		return StoppedEvent
	case Failed:
		return FailedEvent
	}
	return ""
}

// Event is one change of a preview's state that the receiver of webhooks is told of, as the outbox keeps it.
type Event struct {
	ID         string // the same in every attempt to deliver it
	OccurredAt time.Time

	PreviewID    string
	GenerationID string
	UserID       string
	ProjectID    string
	Status       Status  // that the preview came into
	Port         int     // that it was leased then
	Reason       *Reason // of an end or a move, without its evidence

	Delivery Delivery
}

// Name is what the event is called. Only what starts again has a reason to.
func (e Event) Name() EventName {
	if e.Status == Starting && e.Reason != nil {
		return MovingEvent
	}
	return EventOf(e.Status)
}

// DeliveryState is how far the delivery of an event is.
type DeliveryState string

// The states of a delivery. A retry by hand makes the other two pending again.
const (
	DeliveryPending   DeliveryState = "pending"
	DeliveryDelivered DeliveryState = "delivered"
	DeliveryDead      DeliveryState = "dead" // given up
)

// Delivery is what has been done so far to deliver an event.
type Delivery struct {
	State          DeliveryState
	Attempts       int        // since the event, or since its last retry by hand
	DueAt          time.Time  // while pending: no attempt before; events of the same preview wait for one another
	AttemptedAt    *time.Time // last time
	SettledAt      *time.Time // nil while pending
	ResponseStatus int        // of the last attempt, 0 without an answer
	Error          string     // of the last attempt, "" after a success
}

// Attempt is the outcome of one try to deliver an event.
type Attempt struct {
	At             time.Time
	State          DeliveryState // what the event is then
	ResponseStatus int
	Error          string
	NextAt         time.Time // while it stays pending
}
