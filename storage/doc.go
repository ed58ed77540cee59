// Package storage keeps generations, previews, port leases and logs in PostgreSQL. It is plain SQL, one file per
// aggregate, on the domain types of runtime/preview.
//
// Every change of a preview's state is a compare-and-set against the transition table of runtime/preview: who
// loses a race gets a *preview.TransitionError with the state that was found. Text that comes from inside
// instances may hold anything; bytes that PostgreSQL cannot store become U+FFFD.
package storage
