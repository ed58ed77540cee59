package preview

import "time"

// Acts are what somebody did that a rate bounds, not yet counted for all replicas together.
type Acts struct {
	Key string
	N   int
}

// Window is what all replicas together have counted of a key.
type Window struct {
	Key  string
	Age  time.Duration // since its first act
	Used int
}
