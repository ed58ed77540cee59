package storage

import (
	"database/sql"
	"time"

	"github.com/lib/pq"

	"previewd/runtime/preview"
)

const previewColumns = `
	id, generation_id, user_id, project_id, status, phase, health, reason, port, instance_id, runtime, framework,
	command, cached, request, secret_env, timings, session_token_hash, token_expiry, created_at, started_at, running_at,
	ended_at, last_active_at, expires_at, memory_limit_mb, host, endpoints_count,
	node, node_host, share_round, more_session_hashes`

type previewRow struct {
	ID               string       `db:"id"`
	GenerationID     string       `db:"generation_id"`
	UserID           string       `db:"user_id"`
	ProjectID        string       `db:"project_id"`
	Status           string       `db:"status"`
	Phase            string       `db:"phase"`
	Health           string       `db:"health"`
	Reason           []byte       `db:"reason"`
	Port             int          `db:"port"`
	InstanceID       string       `db:"instance_id"`
	Runtime          string       `db:"runtime"`
	Framework        string       `db:"framework"`
	Command          string       `db:"command"`
	Cached           bool         `db:"cached"`
	Request          []byte       `db:"request"`
	SecretEnv        []byte       `db:"secret_env"` // null without secrets, and after the end
	Timings          []byte       `db:"timings"`
	SessionTokenHash []byte       `db:"session_token_hash"`
	TokenExpiry      time.Time    `db:"token_expiry"`
	CreatedAt        time.Time    `db:"created_at"`
	StartedAt        sql.NullTime `db:"started_at"`
	RunningAt        sql.NullTime `db:"running_at"`
	EndedAt          sql.NullTime `db:"ended_at"`
	LastActiveAt     time.Time    `db:"last_active_at"`
	ExpiresAt        time.Time    `db:"expires_at"`
	MemoryLimitMB    int          `db:"memory_limit_mb"`
	Host             string       `db:"host"`
	EndpointsCount   int          `db:"endpoints_count"`
	Node             string       `db:"node"`
	NodeHost         string       `db:"node_host"`
	ShareRound       int          `db:"share_round"`

	MoreSessionHashes pq.ByteaArray `db:"more_session_hashes"`
}

func (r previewRow) preview() (preview.Preview, error) {
	p := preview.Preview{
		ID: r.ID, GenerationID: r.GenerationID, UserID: r.UserID, ProjectID: r.ProjectID,
		Status: preview.Status(r.Status), Phase: preview.Phase(r.Phase), Health: preview.Health(r.Health),
		Port: r.Port, InstanceID: r.InstanceID,
		Runtime: preview.Runtime(r.Runtime), Framework: r.Framework, Command: r.Command, Cached: r.Cached,
		SessionTokenHash: r.SessionTokenHash, MoreSessionHashes: hashes(r.MoreSessionHashes), TokenExpiry: r.TokenExpiry.UTC(),
		CreatedAt: r.CreatedAt.UTC(), StartedAt: optional(r.StartedAt), RunningAt: optional(r.RunningAt),
		EndedAt: optional(r.EndedAt), LastActiveAt: r.LastActiveAt.UTC(), ExpiresAt: r.ExpiresAt.UTC(),
		MemoryLimitMB: r.MemoryLimitMB, Host: r.Host, EndpointsCount: r.EndpointsCount,
		Node: r.Node, NodeHost: r.NodeHost, ShareRound: r.ShareRound,
	}
	if r.Reason != nil {
		if err := fromJSON(r.Reason, &p.Reason); err != nil {
			return preview.Preview{}, err
		}
	}
	if err := fromJSON(r.Request, &p.Request); err != nil {
		return preview.Preview{}, err
	}
	if r.SecretEnv != nil {
		if err := fromJSON(r.SecretEnv, &p.Request.SecretEnv); err != nil {
			return preview.Preview{}, err
		}
	}
	return p, fromJSON(r.Timings, &p.Timings)
}

func previewsOf(rows []previewRow) ([]preview.Preview, error) {
	list := make([]preview.Preview, 0, len(rows))
	for _, row := range rows {
		p, err := row.preview()
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// secretsJSON is what a row keeps of secret environment, nil for none.
func secretsJSON(env preview.SecretEnv) (any, error) {
	if len(env) == 0 {
		return nil, nil //nolint:nilnil // null
	}
	return toJSON(map[string]string(env))
}

// hashes are nil where there are none.
func hashes(list pq.ByteaArray) [][]byte {
	if len(list) == 0 {
		return nil
	}
	return list
}

func optional(t sql.NullTime) *time.Time {
	if !t.Valid {
		return nil
	}
	at := t.Time.UTC()
	return &at
}

// texts makes an SQL array of values that are text.
func texts[T ~string](list []T) pq.StringArray {
	array := make(pq.StringArray, len(list))
	for i, value := range list {
		array[i] = string(value)
	}
	return array
}
