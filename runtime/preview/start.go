package preview

// StartOptions bound the start of a preview's row: the host ports it may lease and its user's quota.
type StartOptions struct {
	PortMin, PortMax int
	MaxPerUser       int // starting and running previews of one user, 0 is unbounded
}

// PlanInfo is what detection and installation found out about a starting preview.
type PlanInfo struct {
	Runtime   Runtime
	Framework string
	Command   string
	MemoryMB  int
	Cached    bool
}
