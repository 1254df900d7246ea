package store

import (
	"context"
	"time"

	"tidemark/survey"
)

const messageColumns = `study_id, key, kind, to_kind, to_id, about, created_at, send_at, attempts,
	ended_at, outcome, last_error`

type messageRow struct {
	StudyID, Key, Kind, ToKind, ToID, About string
	CreatedAt, NotBefore                    instant
	Attempts                                int
	EndedAt                                 instant
	Outcome, LastError                      string
}

// targets are where messageColumns go.
func (r *messageRow) targets() []any {
	return []any{
		&r.StudyID, &r.Key, &r.Kind, &r.ToKind, &r.ToID, &r.About, &r.CreatedAt, &r.NotBefore, &r.Attempts,
		&r.EndedAt, &r.Outcome, &r.LastError,
	}
}

func (r *messageRow) message() survey.Message {
	return survey.Message{
		StudyID: survey.StudyID(r.StudyID), Key: r.Key, Kind: survey.MessageKind(r.Kind),
		ToKind: survey.ActorKind(r.ToKind), ToID: r.ToID, About: r.About,
		CreatedAt: r.CreatedAt.time(), NotBefore: r.NotBefore.time(), Attempts: r.Attempts,
		EndedAt: r.EndedAt.time(), Outcome: survey.Outcome(r.Outcome), LastError: r.LastError,
	}
}

// Message reads one message.
func (r reader) Message(ctx context.Context, study survey.StudyID, key string) (survey.Message, error) {
	var row messageRow
	err := r.one(ctx, row.targets(), `SELECT `+messageColumns+` FROM outbox_message
		WHERE study_id = ? AND key = ?`, string(study), key)
	if err != nil {
		return survey.Message{}, wrap(err, "message of study %s", study)
	}
	return row.message(), nil
}

// DueMessages lists messages that are to be sent now.
func (r reader) DueMessages(ctx context.Context, now time.Time, limit int) ([]survey.Message, error) {
	due := []survey.Message{}
	var row messageRow
	err := r.each(ctx, row.targets(), func() error {
		due = append(due, row.message())
		return nil
	}, `SELECT `+messageColumns+` FROM outbox_message
		WHERE ended_at IS NULL AND send_at <= ? AND (leased_to_at IS NULL OR leased_to_at <= ?)
		ORDER BY send_at, study_id, key LIMIT ?`, r.at(now), r.at(now), limit)
	return due, wrap(err, "messages that are due")
}

// Outgoing counts messages.
func (r reader) Outgoing(ctx context.Context) (survey.Outgoing, error) {
	var o survey.Outgoing
	var oldest instant
	err := r.one(ctx, []any{&o.Waiting, &o.Trying, &oldest}, `SELECT count(*),
		coalesce(sum(CASE WHEN last_error <> '' THEN 1 ELSE 0 END), 0), min(send_at)
		FROM outbox_message WHERE ended_at IS NULL`)
	if err != nil {
		return o, wrap(err, "count messages")
	}
	o.Oldest = oldest.time()
	if err := r.one(ctx, []any{&o.Failed}, `SELECT count(*) FROM outbox_message WHERE outcome = 'failed'`); err != nil {
		return o, wrap(err, "count messages")
	}
	var at instant
	err = r.each(ctx, []any{&o.LastError, &at}, func() error { o.LastErrorAt = at.time(); return nil },
		`SELECT last_error, coalesce(ended_at, send_at) FROM outbox_message
		WHERE last_error <> '' AND outcome <> 'sent' ORDER BY coalesce(ended_at, send_at) DESC, study_id, key LIMIT 1`)
	return o, wrap(err, "count messages")
}

// PutMessage keeps a message to be sent.
func (t *transaction) PutMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `INSERT INTO outbox_message (study_id, key, kind, to_kind, to_id, about, created_at,
		send_at, attempts, leased_to_at, ended_at, outcome, last_error)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL, '', '') ON CONFLICT (study_id, key) DO NOTHING`,
		string(m.StudyID), m.Key, string(m.Kind), string(m.ToKind), m.ToID, m.About, t.at(m.CreatedAt), t.at(m.NotBefore))
	return n > 0, wrap(err, "put a message of study %s", m.StudyID)
}

// LeaseMessage takes a due message: of two at once, the second finds its tries
// counted already.
func (t *transaction) LeaseMessage(ctx context.Context, m survey.Message, now, until time.Time) (bool, error) {
	n, err := t.change(ctx, `UPDATE outbox_message SET leased_to_at = ?, attempts = attempts + 1
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL AND send_at <= ?
		AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(until), string(m.StudyID), m.Key, m.Attempts, t.at(now), t.at(now))
	return n > 0, wrap(err, "lease a message of study %s", m.StudyID)
}

// EndMessage notes what became of a message.
func (t *transaction) EndMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `UPDATE outbox_message SET ended_at = ?, outcome = ?, last_error = ?, leased_to_at = NULL
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.EndedAt), string(m.Outcome), m.LastError, string(m.StudyID), m.Key, m.Attempts)
	return n > 0, wrap(err, "end a message of study %s", m.StudyID)
}

// PostponeMessage notes why a try failed.
func (t *transaction) PostponeMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `UPDATE outbox_message SET send_at = ?, last_error = ?, leased_to_at = NULL
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.NotBefore), m.LastError, string(m.StudyID), m.Key, m.Attempts)
	return n > 0, wrap(err, "postpone a message of study %s", m.StudyID)
}
