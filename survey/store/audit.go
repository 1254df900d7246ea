package store

import (
	"context"

	"tidemark/survey"
)

// AuditEvents lists the newest events of a study or of everything.
func (r reader) AuditEvents(ctx context.Context, study survey.StudyID, limit int) ([]survey.AuditEvent, error) {
	query := `SELECT study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail FROM audit_event`
	args := []any{}
	if study != "" {
		query += ` WHERE study_id = ?`
		args = append(args, string(study))
	}
	args = append(args, max(limit, 0))
	events, err := listOf(ctx, r, auditEventRow.event, query+` ORDER BY at DESC, id DESC LIMIT ?`, args...)
	return events, wrap(err, "audit trail")
}

// CountAudit counts a study's events of one kind.
func (r reader) CountAudit(ctx context.Context, study survey.StudyID, action survey.Action) (int, error) {
	n := 0
	err := r.one(ctx, []any{&n}, `SELECT count(*) FROM audit_event WHERE study_id = ? AND action = ?`, string(study), string(action))
	return n, wrap(err, "count in the audit trail")
}

// AppendAudit adds lines to the audit trail.
func (t *transaction) AppendAudit(ctx context.Context, events ...survey.AuditEvent) error {
	err := insertion{
		head: `INSERT INTO audit_event
			(study_id, id, at, actor_kind, actor_id, action, object_kind, object_id, detail)`,
		columns: 9,
	}.run(ctx, t, len(events), func(args []any, i int) []any {
		e := &events[i]
		return append(args, string(e.StudyID), string(e.ID), t.at(e.At), string(e.ActorKind), e.ActorID,
			string(e.Action), e.ObjectKind, e.ObjectID, e.Detail)
	})
	return wrap(err, "append to the audit trail")
}
