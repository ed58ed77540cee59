// Package webhook tells one receiver of every change of a preview's state: at least once, in the order of each
// preview, signed by the scheme of Standard Webhooks (github.com/standard-webhooks). What there is to tell stands in
// the outbox of the database; this package empties it.
package webhook
