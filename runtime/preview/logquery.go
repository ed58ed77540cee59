package preview

import "time"

// LogQuery says which lines of a log are wanted. Its zero value wants none: it has no limit.
type LogQuery struct {
	From     int64 // lines strictly after this seq, or strictly before it when Backward
	Backward bool  // towards older lines
	Limit    int   // most lines of a page

	Level   Level     // the least severe; "" is all
	Source  Source    // "" is all
	Since   time.Time // not before; zero is no bound
	Until   time.Time // before; zero is no bound
	Pattern *Pattern  // nil is all
}

// Wants reports whether a line meets every condition; its place and the limit are none.
func (q LogQuery) Wants(l LogLine) bool {
	return l.Level.Severity() >= q.Level.Severity() &&
		(q.Source == "" || l.Source == q.Source) &&
		(q.Since.IsZero() || !l.Timestamp.Before(q.Since)) &&
		(q.Until.IsZero() || l.Timestamp.Before(q.Until)) &&
		(q.Pattern == nil || q.Pattern.Matches(WithoutColours(l.Message)))
}

// LogPage is what was found, oldest line first.
type LogPage struct {
	Lines []LogLine
	// Next is the From of the page that follows in the same direction, 0 when there is nothing more. A page may hold
	// fewer lines than its limit, or none, and still have a next one: one query looks only so far.
	Next int64
	// First and Last are the seqs of the oldest and the newest line that are stored, 0 for an empty log. A First above
	// 1 says how many lines were removed for age or number.
	First, Last int64
}
