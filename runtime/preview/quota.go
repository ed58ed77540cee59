package preview

import "fmt"

// Quotas bound what is active at once, which is what starts or runs: a stopping preview leaves within seconds, and a relaunch
// must not wait for the one it replaces. 0 bounds nothing.
type Quotas struct {
	PreviewsPerUser int
	MemoryPerUserMB int // sum of the limits
	MemoryTotalMB   int // the same of everybody
}

// Quota names one of them.
type Quota string

// The quotas.
const (
	QuotaPreviewsPerUser Quota = "previews of one user"
	QuotaMemoryPerUser   Quota = "MB of memory of one user"
	QuotaMemoryTotal     Quota = "MB of memory of all users"
)

// QuotaError refuses a preview that a quota leaves no room for. It is ErrQuotaExceeded.
type QuotaError struct {
	Quota  Quota
	Most   int
	Used   int
	Wanted int
}

func (e *QuotaError) Error() string {
	return fmt.Sprintf("%v: %d %s are active, %d more are wanted, at most %d are allowed", ErrQuotaExceeded, e.Used, e.Quota, e.Wanted, e.Most)
}

// Is makes it an ErrQuotaExceeded.
func (e *QuotaError) Is(target error) bool { return target == ErrQuotaExceeded }
