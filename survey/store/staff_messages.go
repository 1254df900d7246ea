package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// dueStaffMessages lists letters about accounts that are to be sent now.
func (r reader) dueStaffMessages(ctx context.Context, now time.Time, limit int) ([]survey.Message, error) {
	due := []survey.Message{}
	var row messageRow
	row.ToKind = string(survey.ActorUser)
	targets := []any{&row.Key, &row.Kind, &row.ToID, &row.About, &row.CreatedAt, &row.NotBefore, &row.Attempts, &row.LastError}
	err := r.each(ctx, targets, func() error {
		due = append(due, row.message())
		return nil
	}, `SELECT key, kind, to_id, about, created_at, send_at, attempts, last_error FROM staff_message
		WHERE ended_at IS NULL AND send_at <= ? AND (leased_to_at IS NULL OR leased_to_at <= ?)
		ORDER BY send_at, key LIMIT ?`, r.at(now), r.at(now), limit)
	return due, wrap(err, "letters about accounts that are due")
}

func (t *transaction) putStaffMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO staff_message (key, kind, to_id, about, created_at, send_at, attempts, outcome, last_error)
		VALUES (?, ?, ?, ?, ?, ?, 0, '', '') ON CONFLICT (key) DO NOTHING`,
		m.Key, string(m.Kind), m.ToID, m.About, t.at(m.CreatedAt), t.at(m.NotBefore))
	return n > 0, wrap(err, "put a letter about an account")
}

func (t *transaction) leaseStaffMessage(ctx context.Context, m survey.Message, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE staff_message SET leased_to_at = ?, attempts = attempts + 1
		WHERE key = ? AND attempts = ? AND ended_at IS NULL AND send_at <= ? AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(until), m.Key, m.Attempts, t.at(now), t.at(now))
	return n > 0, wrap(err, "lease a letter about an account")
}

func (t *transaction) endStaffMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `UPDATE staff_message SET ended_at = ?, outcome = ?, last_error = ?, reason = ?, leased_to_at = NULL
		WHERE key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.EndedAt), string(m.Outcome), m.LastError, string(m.Reason), m.Key, m.Attempts)
	return n > 0, wrap(err, "end a letter about an account")
}

func (t *transaction) postponeStaffMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `UPDATE staff_message SET send_at = ?, last_error = ?, reason = ?, leased_to_at = NULL
		WHERE key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.NotBefore), m.LastError, string(m.Reason), m.Key, m.Attempts)
	return n > 0, wrap(err, "postpone a letter about an account")
}

// DeleteStaffMessagesBefore removes letters about accounts that ended long ago.
func (t *transaction) DeleteStaffMessagesBefore(ctx context.Context, at time.Time) error {
	_, err := t.change(ctx, `DELETE FROM staff_message WHERE ended_at <= ?`, t.at(at))
	return wrap(err, "delete letters about accounts")
}
