package preview

// Claim is what an active preview's row tells of whose it is: enough to compare all of them with the engine.
type Claim struct {
	ID         string
	Status     Status
	InstanceID string // "" before it was created, or written down
	Launcher   string // the process that is responsible, "" is none
}
