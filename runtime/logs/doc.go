// Package logs carries every line a preview writes from the engine to two readers that never wait for each other: the writer, which stores
// lines in batches, and subscriptions, which follow live.
//
//	engine ─> Journal.Pump ─> join, filter, clean, level, flood ─> seq ─┬─> queue ─> Run ─> Store
//	             Journal.System ────────────────────────────────────────┴─> ring  ─> Subscription.Next
//
// A journal numbers lines without gaps. When the store fails, the queue fills and pumps pause: the engine keeps the lines meanwhile.
package logs
