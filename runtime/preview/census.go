package preview

import "time"

// Census counts what is active, of everybody and on all replicas.
type Census struct {
	Previews      map[Status]int // active ones
	Ports         int            // of the asked range, leased
	MemoryLimitMB int64          // of all active previews together
	Uptime        time.Duration  // of all running previews together

	WebhooksPending int
	WebhooksDead    int
	WebhookOldest   time.Duration // age of the oldest pending one, 0 without
}
