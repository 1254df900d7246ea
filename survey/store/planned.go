package store

import (
	"context"

	"tidemark/survey"
)

// Planned are the people who wait for a study to open.
func (r reader) Planned(ctx context.Context, study survey.StudyID) ([]survey.SealedPlan, error) {
	rows := []survey.SealedPlan{}
	p := survey.SealedPlan{StudyID: study}
	var run string
	var added instant
	err := r.each(ctx, []any{&p.ID, &run, &p.Position, &added, &p.KeyID, &p.Sealed}, func() error {
		row := p
		row.RunID, row.AddedAt, row.Sealed = survey.RunID(run), added.time(), append([]byte(nil), p.Sealed...)
		rows = append(rows, row)
		return nil
	}, `SELECT id, run_id, position, added_at, key_id, sealed FROM planned_person WHERE study_id = ? ORDER BY position`, string(study))
	return rows, wrap(err, "planned people of study %s", study)
}

// PutPlanned writes people who are to wait.
func (t *transaction) PutPlanned(ctx context.Context, people []survey.SealedPlan) error {
	err := insertion{head: `INSERT INTO planned_person (study_id, id, run_id, position, added_at, key_id, sealed)`, columns: 7}.run(
		ctx, t, len(people), func(args []any, i int) []any {
			p := people[i]
			return append(args, string(p.StudyID), p.ID, string(p.RunID), p.Position, t.at(p.AddedAt), p.KeyID, p.Sealed)
		})
	return wrap(err, "plan people")
}

// RemovePlanned removes one of them.
func (t *transaction) RemovePlanned(ctx context.Context, study survey.StudyID, run survey.RunID, id string) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM planned_person WHERE study_id = ? AND run_id = ? AND id = ?`, string(study), string(run), id)
	return n > 0, wrap(err, "remove a planned person")
}

// RemoveAllPlanned removes all of a study.
func (t *transaction) RemoveAllPlanned(ctx context.Context, study survey.StudyID) error {
	_, err := t.change(ctx, `DELETE FROM planned_person WHERE study_id = ?`, string(study))
	return wrap(err, "remove the planned people of study %s", study)
}
