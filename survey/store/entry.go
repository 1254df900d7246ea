package store

import (
	"context"
	"database/sql"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// RunEntry is how people of a run may enrol themselves.
func (r reader) RunEntry(ctx context.Context, study survey.StudyID, run survey.RunID) (survey.RunEntry, error) {
	return r.runEntry(ctx, `WHERE study_id = ? AND run_id = ?`, string(study), string(run))
}

// RunEntryByKey finds it by what is on the poster.
func (r reader) RunEntryByKey(ctx context.Context, key string) (survey.RunEntry, error) {
	return r.runEntry(ctx, `WHERE key = ?`, key)
}

func (r reader) runEntry(ctx context.Context, rest string, args ...any) (survey.RunEntry, error) {
	var study, run, ask string
	var opens, closes optional
	var capacity sql.NullInt64
	var e survey.RunEntry
	err := r.one(ctx, []any{&study, &run, &e.Key, &e.Allowed, &capacity, &opens, &closes, &ask},
		`SELECT study_id, run_id, key, allowed, capacity, opens_on, closes_on, ask_email FROM run_entry `+rest, args...)
	if err != nil {
		return survey.RunEntry{}, wrap(err, "self-enrolment")
	}
	e.StudyID, e.RunID, e.Capacity, e.AskEmail = survey.StudyID(study), survey.RunID(run), int(capacity.Int64), survey.AskEmail(ask)
	if opens != "" {
		e.OpensOn, err = schedule.ParseDate(string(opens))
	}
	if closes != "" && err == nil {
		e.ClosesOn, err = schedule.ParseDate(string(closes))
	}
	return e, wrap(err, "self-enrolment")
}

// PutRunEntry writes how people of a run may enrol themselves.
func (t *transaction) PutRunEntry(ctx context.Context, e survey.RunEntry) error {
	dayOrNone := func(d schedule.Date) optional {
		if d == (schedule.Date{}) {
			return ""
		}
		return optional(d.String())
	}
	capacity := sql.NullInt64{Int64: int64(e.Capacity), Valid: e.Capacity > 0}
	_, err := t.change(ctx, `INSERT INTO run_entry (study_id, run_id, key, allowed, capacity, opens_on, closes_on, ask_email)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (study_id, run_id) DO UPDATE SET
		allowed = excluded.allowed, capacity = excluded.capacity, opens_on = excluded.opens_on,
		closes_on = excluded.closes_on, ask_email = excluded.ask_email`,
		string(e.StudyID), string(e.RunID), e.Key, e.Allowed, capacity, dayOrNone(e.OpensOn), dayOrNone(e.ClosesOn), string(e.AskEmail))
	return wrap(err, "set self-enrolment of run %s", e.RunID)
}
