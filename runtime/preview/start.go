package preview

// StartOptions bound the start of a preview's row: the host ports it may lease, what may be active at once, and how often
// whoever launches may do so.
type StartOptions struct {
	PortMin, PortMax int
	Quotas           Quotas
	LaunchedBy       string
	Launches         Rate // of LaunchedBy
}

// CountedLaunches is what a rate of launches counts.
const CountedLaunches = "launches"

// PlanInfo is what detection and installation found out about a starting preview.
type PlanInfo struct {
	Runtime   Runtime
	Framework string
	Command   string
	MemoryMB  int
	Cached    bool
}
