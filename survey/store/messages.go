package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// messageColumns are read from outbox_message o.
const messageColumns = `o.study_id, o.key, o.kind, o.to_kind, o.to_id, o.about, o.number, o.created_at, o.send_at, o.attempts,
	o.ended_at, o.outcome, o.last_error, o.reason`

type messageRow struct {
	StudyID, Key, Kind, ToKind, ToID, About string
	Number                                  int
	CreatedAt, NotBefore                    instant
	Attempts                                int
	EndedAt                                 instant
	Outcome, LastError, Reason              string
}

// targets are where messageColumns go.
func (r *messageRow) targets() []any {
	return []any{
		&r.StudyID, &r.Key, &r.Kind, &r.ToKind, &r.ToID, &r.About, &r.Number, &r.CreatedAt, &r.NotBefore, &r.Attempts,
		&r.EndedAt, &r.Outcome, &r.LastError, &r.Reason,
	}
}

func (r *messageRow) message() survey.Message {
	return survey.Message{
		StudyID: survey.StudyID(r.StudyID), Key: r.Key, Kind: survey.MessageKind(r.Kind),
		ToKind: survey.ActorKind(r.ToKind), ToID: r.ToID, About: r.About, Number: r.Number,
		CreatedAt: r.CreatedAt.time(), NotBefore: r.NotBefore.time(), Attempts: r.Attempts,
		EndedAt: r.EndedAt.time(), Outcome: survey.Outcome(r.Outcome), LastError: r.LastError,
		Reason: survey.MessageReason(r.Reason),
	}
}

// Message reads one message.
func (r reader) Message(ctx context.Context, study survey.StudyID, key string) (survey.Message, error) {
	var row messageRow
	err := r.one(ctx, row.targets(), `SELECT `+messageColumns+` FROM outbox_message o
		WHERE o.study_id = ? AND o.key = ?`, string(study), key)
	if err != nil {
		return survey.Message{}, wrap(err, "message of study %s", study)
	}
	return row.message(), nil
}

// DueMessages lists messages that are to be sent now: alerts, and what somebody waits
// for, before the many that wave by wave come due at the same hour.
func (r reader) DueMessages(ctx context.Context, now time.Time, limit int) ([]survey.Message, error) {
	due := []survey.Message{}
	var row messageRow
	err := r.each(ctx, row.targets(), func() error {
		due = append(due, row.message())
		return nil
	}, `SELECT `+messageColumns+` FROM outbox_message o
		WHERE o.ended_at IS NULL AND o.send_at <= ? AND (o.leased_to_at IS NULL OR o.leased_to_at <= ?)
		ORDER BY CASE WHEN o.number > 0 THEN 1 ELSE 0 END, o.send_at, o.study_id, o.key LIMIT ?`, r.at(now), r.at(now), limit)
	if err != nil {
		return nil, wrap(err, "messages that are due")
	}
	staff, err := r.dueStaffMessages(ctx, now, limit)
	return append(staff, due...), err
}

// Outgoing counts messages.
func (r reader) Outgoing(ctx context.Context) (survey.Outgoing, error) {
	var o survey.Outgoing
	var oldest instant
	err := r.one(ctx, []any{&o.Waiting, &o.Trying, &oldest}, `SELECT count(*),
		coalesce(sum(CASE WHEN last_error <> '' THEN 1 ELSE 0 END), 0), min(send_at)
		FROM (SELECT last_error, send_at FROM outbox_message WHERE ended_at IS NULL
			UNION ALL SELECT last_error, send_at FROM staff_message WHERE ended_at IS NULL) AS waiting`)
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
	if m.StudyID == "" {
		return t.putStaffMessage(ctx, m)
	}
	n, err := t.change(ctx, `INSERT INTO outbox_message (study_id, key, kind, to_kind, to_id, about, number, created_at,
		send_at, attempts, leased_to_at, ended_at, outcome, last_error)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0, NULL, NULL, '', '') ON CONFLICT (study_id, key) DO NOTHING`,
		string(m.StudyID), m.Key, string(m.Kind), string(m.ToKind), m.ToID, m.About, m.Number, t.at(m.CreatedAt), t.at(m.NotBefore))
	return n > 0, wrap(err, "put a message of study %s", m.StudyID)
}

// LeaseMessage takes a due message: of two at once, the second finds its tries
// counted already.
func (t *transaction) LeaseMessage(ctx context.Context, m survey.Message, now, until time.Time) (bool, error) {
	if m.StudyID == "" {
		return t.leaseStaffMessage(ctx, m, now, until)
	}
	n, err := t.change(ctx, `UPDATE outbox_message SET leased_to_at = ?, letter = ?, attempts = attempts + 1
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL AND send_at <= ?
		AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(until), optional(m.Letter), string(m.StudyID), m.Key, m.Attempts, t.at(now), t.at(now))
	return n > 0, wrap(err, "lease a message of study %s", m.StudyID)
}

// EndMessage notes what became of a message.
func (t *transaction) EndMessage(ctx context.Context, m survey.Message) (bool, error) {
	if m.StudyID == "" {
		return t.endStaffMessage(ctx, m)
	}
	n, err := t.change(ctx, `UPDATE outbox_message SET ended_at = ?, outcome = ?, last_error = ?, reason = ?, sent_to = ?, leased_to_at = NULL
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.EndedAt), string(m.Outcome), m.LastError, string(m.Reason), m.SentTo, string(m.StudyID), m.Key, m.Attempts)
	return n > 0, wrap(err, "end a message of study %s", m.StudyID)
}

// PostponeMessage notes why a try failed.
func (t *transaction) PostponeMessage(ctx context.Context, m survey.Message) (bool, error) {
	if m.StudyID == "" {
		return t.postponeStaffMessage(ctx, m)
	}
	n, err := t.change(ctx, `UPDATE outbox_message SET send_at = ?, last_error = ?, reason = ?, leased_to_at = NULL
		WHERE study_id = ? AND key = ? AND attempts = ? AND ended_at IS NULL`,
		t.at(m.NotBefore), m.LastError, string(m.Reason), string(m.StudyID), m.Key, m.Attempts)
	return n > 0, wrap(err, "postpone a message of study %s", m.StudyID)
}

// MessageByLetter finds the message of a letter.
func (r reader) MessageByLetter(ctx context.Context, letter string) (survey.Message, error) {
	var row messageRow
	var sentTo string
	err := r.one(ctx, append(row.targets(), &sentTo), `SELECT `+messageColumns+`, o.sent_to FROM outbox_message o WHERE o.letter = ?`, letter)
	if err != nil {
		return survey.Message{}, wrap(err, "message of a letter")
	}
	m := row.message()
	m.Letter, m.SentTo = letter, sentTo
	return m, nil
}

// ReturnMessage notes that a letter came back; it was sent when it was sent.
func (t *transaction) ReturnMessage(ctx context.Context, m survey.Message) (bool, error) {
	n, err := t.change(ctx, `UPDATE outbox_message SET outcome = 'failed', last_error = ?, reason = ?
		WHERE study_id = ? AND key = ? AND outcome = 'sent'`, m.LastError, string(m.Reason), string(m.StudyID), m.Key)
	return n > 0, wrap(err, "return a message of study %s", m.StudyID)
}
