package store

import (
	"context"
	"database/sql"
	"strings"

	"tidemark/survey"
)

// auditColumns are a line with its text, in the order of auditLine.targets.
const (
	auditColumns = `e.study_id, e.id, e.at, e.actor_kind, e.actor_id, e.action, e.object_kind, e.object_id, e.detail,
	e.subject_id, e.text_hash, coalesce(x.salt, ''), coalesce(x.old_value, ''), coalesce(x.new_value, ''), coalesce(x.reason, ''),
	e.seq, e.sealed_at, e.prev_hash, e.hash`
	auditTables = ` FROM audit_event e LEFT JOIN audit_text x ON x.study_id = e.study_id AND x.event_id = e.id`
)

// auditLine reads one line.
type auditLine struct {
	row  auditEventRow
	text survey.AuditText
}

func (l *auditLine) targets() []any {
	r := &l.row
	return []any{
		&r.StudyID, &r.ID, &r.At, &r.ActorKind, &r.ActorID, &r.Action, &r.ObjectKind, &r.ObjectID, &r.Detail,
		&r.SubjectID, &r.TextHash, &l.text.Salt, &l.text.Old, &l.text.New, &l.text.Reason,
		&r.Seq, &r.SealedAt, &r.PrevHash, &r.Hash,
	}
}

func (l *auditLine) event() survey.AuditEvent {
	r := &l.row
	return survey.AuditEvent{
		ID: survey.AuditID(r.ID), StudyID: survey.StudyID(r.StudyID), At: r.At.time(),
		ActorKind: survey.ActorKind(r.ActorKind), ActorID: r.ActorID, Action: survey.Action(r.Action),
		ObjectKind: r.ObjectKind, ObjectID: r.ObjectID, Detail: r.Detail,
		Subject: survey.EnrolmentID(r.SubjectID), Text: l.text, TextHash: r.TextHash,
	}
}

func (l *auditLine) chained() survey.ChainedEvent {
	r := &l.row
	return survey.ChainedEvent{AuditEvent: l.event(), Seq: r.Seq.Int64, SealedAt: r.SealedAt.time(), Prev: r.PrevHash, Hash: r.Hash}
}

// auditEvents reads lines; rest is what follows the tables.
func (r reader) auditEvents(ctx context.Context, rest string, args ...any) ([]survey.AuditEvent, error) {
	events := []survey.AuditEvent{}
	var l auditLine
	err := r.each(ctx, l.targets(), func() error {
		events = append(events, l.event())
		return nil
	}, `SELECT `+auditColumns+auditTables+rest, args...)
	return events, err
}

// AuditEvents lists the newest events of a study or of everything.
func (r reader) AuditEvents(ctx context.Context, study survey.StudyID, limit int) ([]survey.AuditEvent, error) {
	where, args := "", []any{}
	if study != "" {
		where, args = ` WHERE e.study_id = ?`, append(args, string(study))
	}
	events, err := r.auditEvents(ctx, where+` ORDER BY e.at DESC, e.id DESC LIMIT ?`, append(args, max(limit, 0))...)
	return events, wrap(err, "audit trail")
}

// EachAuditLine gives lines, the newest first.
func (r reader) EachAuditLine(ctx context.Context, f survey.AuditFilter, line func(*survey.ChainedEvent) error) error {
	var where []string
	var args []any
	only := func(condition string, values ...any) { where, args = append(where, condition), append(args, values...) }
	if f.Study != nil {
		only(`e.study_id = ?`, string(*f.Study))
	}
	for column, value := range map[string]string{
		"e.actor_kind": string(f.ActorKind), "e.actor_id": f.ActorID, "e.action": string(f.Action), "e.object_id": f.ObjectID,
	} {
		if value != "" {
			only(column+` = ?`, value)
		}
	}
	if !f.From.IsZero() {
		only(`e.at >= ?`, r.at(f.From))
	}
	if !f.Until.IsZero() {
		only(`e.at < ?`, r.at(f.Until))
	}
	if f.Before != nil {
		only(`(e.at, e.id) < (?, ?)`, r.at(f.Before.At), string(f.Before.ID))
	}
	rest := ` ORDER BY e.at DESC, e.id DESC`
	if len(where) > 0 {
		rest = ` WHERE ` + strings.Join(where, " AND ") + rest
	}
	if f.Limit > 0 {
		rest, args = rest+` LIMIT ?`, append(args, f.Limit)
	}
	var l auditLine
	err := r.stream(ctx, l.targets(), func() error {
		e := l.chained()
		return line(&e)
	}, `SELECT `+auditColumns+auditTables+rest, args...)
	return wrap(err, "audit trail")
}

// CountAudit counts a study's events of one kind.
func (r reader) CountAudit(ctx context.Context, study survey.StudyID, action survey.Action) (int, error) {
	n := 0
	err := r.one(ctx, []any{&n}, `SELECT count(*) FROM audit_event WHERE study_id = ? AND action = ?`, string(study), string(action))
	return n, wrap(err, "count in the audit trail")
}

// AppendAudit adds lines to the audit trail.
func (t *transaction) AppendAudit(ctx context.Context, events ...survey.AuditEvent) error {
	// Almost no line has a text; those of people who answer never have.
	var told []survey.AuditEvent
	for _, e := range events {
		if e.TextHash != "" {
			told = append(told, e)
		}
	}
	if len(told) > 0 {
		return wrap(t.appendTold(ctx, events, told), "append to the audit trail")
	}
	err := insertion{
		head: `INSERT INTO audit_event
			(study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail)`,
		columns: 9,
	}.run(ctx, t, len(events), func(args []any, i int) []any { return t.lineArguments(args, &events[i]) })
	return wrap(err, "append to the audit trail")
}

func (t *transaction) lineArguments(args []any, e *survey.AuditEvent) []any {
	return append(args, string(e.StudyID), string(e.ID), t.at(e.At), string(e.ActorKind), e.ActorID,
		string(e.Action), e.ObjectKind, e.ObjectID, e.Detail)
}

// appendTold adds lines of which some have texts.
func (t *transaction) appendTold(ctx context.Context, events, told []survey.AuditEvent) error {
	err := insertion{
		head: `INSERT INTO audit_event
			(study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail, subject_id, text_hash)`,
		columns: 11,
	}.run(ctx, t, len(events), func(args []any, i int) []any {
		return append(t.lineArguments(args, &events[i]), string(events[i].Subject), events[i].TextHash)
	})
	if err != nil {
		return err
	}
	return insertion{
		head:    `INSERT INTO audit_text (study_id, event_id, enrolment_id, salt, old_value, new_value, reason)`,
		columns: 7,
	}.run(ctx, t, len(told), func(args []any, i int) []any {
		e := &told[i]
		whose := sql.NullString{String: string(e.Subject), Valid: e.Subject != ""}
		return append(args, string(e.StudyID), string(e.ID), whose, e.Text.Salt, e.Text.Old, e.Text.New, e.Text.Reason)
	})
}
