package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// Stirred counts what happened in a study since an instant.
func (r reader) Stirred(ctx context.Context, study survey.StudyID, since time.Time) (int, error) {
	n := 0
	err := r.one(ctx, []any{&n}, `SELECT
		(SELECT count(*) FROM audit_event WHERE study_id = ? AND at >= ?) +
		(SELECT count(*) FROM assessment WHERE study_id = ? AND started_at >= ?)`,
		string(study), r.at(since), string(study), r.at(since))
	return n, wrap(err, "what happened in study %s", study)
}

// RunStanding sums up what the board of a run shows.
func (r reader) RunStanding(ctx context.Context, study survey.StudyID, run survey.RunID) (survey.RunStanding, error) {
	var s survey.RunStanding
	var noted instant
	err := r.one(ctx, []any{
		&s.StartsOn, &s.People, &s.Withdrawn, &s.Paused, &s.Declined, &s.Started, &s.Submitted, &s.Noted, &s.Present, &noted,
	}, `SELECT r.starts_on, e.people, e.withdrawn, e.paused, e.declined, a.started, a.submitted, n.noted, n.present, n.noted_at
		FROM course_run r,
		(SELECT count(*) AS people, count(withdrawn_at) AS withdrawn, count(paused_at) AS paused, count(declined_at) AS declined
			FROM enrolment WHERE study_id = ? AND run_id = ? AND linked_to IS NULL) e,
		(SELECT count(a.started_at) AS started, count(a.submitted_at) AS submitted
			FROM enrolment e JOIN assessment a ON a.study_id = e.study_id AND a.enrolment_id = e.id
			WHERE e.study_id = ? AND e.run_id = ? AND e.linked_to IS NULL) a,
		(SELECT count(*) AS noted, count(CASE WHEN present THEN 1 END) AS present, max(noted_at) AS noted_at
			FROM attendance WHERE study_id = ? AND run_id = ?) n
		WHERE r.study_id = ? AND r.id = ?`,
		string(study), string(run), string(study), string(run), string(study), string(run), string(study), string(run))
	s.NotedAt = noted.time()
	return s, wrap(err, "how run %s stands", run)
}
