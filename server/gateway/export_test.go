package gateway

import "time"

// Hurry gives visitors less time for the next bytes than they have in earnest.
func (g *Gateway) Hurry(within time.Duration) { g.slow = within }
