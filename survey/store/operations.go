package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"tidemark/survey"
)

// ReadOnlyMode is what was said last about changes.
func (r reader) ReadOnlyMode(ctx context.Context) (survey.ReadOnly, error) {
	var m survey.ReadOnly
	var at instant
	var kind string
	err := r.one(ctx, []any{&m.On, &at, &kind, &m.By.ID, &m.By.Name},
		`SELECT read_only, changed_at, changed_kind, changed_id, changed_name FROM read_only_mode WHERE id = 'changes'`)
	if errors.Is(err, survey.ErrNotFound) {
		return survey.ReadOnly{}, nil
	}
	m.At, m.By.Kind = at.time(), survey.ActorKind(kind)
	return m, wrap(err, "whether changes are taken")
}

// SetReadOnlyMode replaces what was said.
func (t *transaction) SetReadOnlyMode(ctx context.Context, m survey.ReadOnly) error {
	err := t.soon(ctx, `INSERT INTO read_only_mode (id, read_only, changed_at, changed_kind, changed_id, changed_name)
		VALUES ('changes', ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET read_only = excluded.read_only, changed_at = excluded.changed_at,
		changed_kind = excluded.changed_kind, changed_id = excluded.changed_id, changed_name = excluded.changed_name`,
		m.On, t.at(m.At), string(m.By.Kind), m.By.ID, m.By.Name)
	return wrap(err, "set whether changes are taken")
}

// Replicas lists the servers.
func (r reader) Replicas(ctx context.Context) ([]survey.Replica, error) {
	list := []survey.Replica{}
	var one survey.Replica
	var started, seen instant
	var faults string
	err := r.each(ctx, []any{&one.ID, &one.Host, &one.Version, &started, &seen, &one.Draining, &faults}, func() error {
		next := one
		next.StartedAt, next.SeenAt, next.Faults = started.time(), seen.time(), nil
		if err := json.Unmarshal([]byte(faults), &next.Faults); err != nil {
			return fmt.Errorf("faults of a server: %w", err)
		}
		list = append(list, next)
		return nil
	}, `SELECT id, host, version, started_at, seen_at, draining, faults FROM replica ORDER BY started_at, id`)
	return list, wrap(err, "servers")
}

// PutReplica writes a server's row.
func (t *transaction) PutReplica(ctx context.Context, r survey.Replica) error {
	faults, err := json.Marshal(r.Faults)
	if err != nil {
		return wrap(err, "server %s", r.ID)
	}
	err = t.soon(ctx, `INSERT INTO replica (id, host, version, started_at, seen_at, draining, faults) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET host = excluded.host, version = excluded.version, started_at = excluded.started_at,
		seen_at = excluded.seen_at, draining = excluded.draining, faults = excluded.faults`,
		r.ID, r.Host, r.Version, t.at(r.StartedAt), t.at(r.SeenAt), r.Draining, string(faults))
	return wrap(err, "server %s", r.ID)
}

// RemoveReplica takes a server's row away.
func (t *transaction) RemoveReplica(ctx context.Context, id string) error {
	return wrap(t.soon(ctx, `DELETE FROM replica WHERE id = ?`, id), "server %s", id)
}

// RemoveReplicasBefore takes away servers that were not seen since.
func (t *transaction) RemoveReplicasBefore(ctx context.Context, at time.Time) error {
	return wrap(t.soon(ctx, `DELETE FROM replica WHERE seen_at < ?`, t.at(at)), "old servers")
}

// Backlog counts what waits, messages excepted.
func (r reader) Backlog(ctx context.Context) (survey.Backlog, error) {
	var b survey.Backlog
	var file, line instant
	err := r.one(ctx, []any{&b.Files, &file}, `SELECT count(*), min(asked_at) FROM prepared_file WHERE ended_at IS NULL`)
	if err != nil {
		return b, wrap(err, "files that wait")
	}
	if err := r.one(ctx, []any{&b.Audit, &line}, `SELECT count(*), min(at) FROM audit_event WHERE seq IS NULL`); err != nil {
		return b, wrap(err, "lines of the audit trail that wait")
	}
	b.FileFrom, b.AuditFrom = file.time(), line.time()
	err = r.one(ctx, []any{&b.Alerts}, `SELECT count(*) FROM risk_alert WHERE acknowledged_at IS NULL`)
	return b, wrap(err, "alerts that wait")
}
