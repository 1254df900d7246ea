package store

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

func importArguments(t *transaction, b survey.ImportBatch) (args []any, err error) {
	settings, err := json.Marshal(b.Settings)
	if err != nil {
		return nil, err
	}
	counts, err := json.Marshal(b.Counts)
	if err != nil {
		return nil, err
	}
	return []any{
		string(b.State), b.FileName, b.FileHash, string(settings), string(counts), b.Reason,
		t.at(b.MadeAt), string(b.MadeBy.Kind), b.MadeBy.ID, b.MadeBy.Name, t.at(b.AppliedAt), t.at(b.UndoneAt), b.KeyID,
	}, nil
}

// CreateImport writes a batch under the next number of its study.
func (t *transaction) CreateImport(ctx context.Context, b survey.ImportBatch) (int, error) {
	number := 0
	err := t.one(ctx, []any{&number}, `SELECT coalesce(max(number), 0) + 1 FROM import_batch WHERE study_id = ?`, string(b.StudyID))
	if err != nil {
		return 0, wrap(err, "create import %s", b.ID)
	}
	args, err := importArguments(t, b)
	if err != nil {
		return 0, wrap(err, "create import %s", b.ID)
	}
	_, err = t.change(ctx, `INSERT INTO import_batch (study_id, id, number, source, state, file_name, file_hash, settings, counts, reason,
		made_at, made_kind, made_id, made_name, applied_at, undone_at, key_id)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		append([]any{string(b.StudyID), string(b.ID), number, string(b.Source)}, args...)...)
	return number, wrap(err, "create import %s", b.ID)
}

// AddImportPiece writes a piece of the sealed content.
func (t *transaction) AddImportPiece(ctx context.Context, study survey.StudyID, id survey.ImportID, n int, data []byte) error {
	_, err := t.change(ctx, `INSERT INTO import_piece (study_id, batch_id, position, content) VALUES (?, ?, ?, ?)`,
		string(study), string(id), n, data)
	return wrap(err, "piece %d of import %s", n, id)
}

// ChangeImport writes everything of a batch that is in a state.
func (t *transaction) ChangeImport(ctx context.Context, b survey.ImportBatch, from survey.ImportState) (bool, error) {
	args, err := importArguments(t, b)
	if err != nil {
		return false, wrap(err, "change import %s", b.ID)
	}
	n, err := t.change(ctx, `UPDATE import_batch SET state = ?, file_name = ?, file_hash = ?, settings = ?, counts = ?, reason = ?,
		made_at = ?, made_kind = ?, made_id = ?, made_name = ?, applied_at = ?, undone_at = ?, key_id = ?
		WHERE study_id = ? AND id = ? AND state = ?`, append(args, string(b.StudyID), string(b.ID), string(from))...)
	return n > 0, wrap(err, "change import %s", b.ID)
}

// DropImportContent removes the sealed content of a batch.
func (t *transaction) DropImportContent(ctx context.Context, study survey.StudyID, id survey.ImportID) error {
	_, err := t.change(ctx, `DELETE FROM import_piece WHERE study_id = ? AND batch_id = ?`, string(study), string(id))
	return wrap(err, "drop the content of import %s", id)
}

// DeleteImport removes a draft with its content.
func (t *transaction) DeleteImport(ctx context.Context, study survey.StudyID, id survey.ImportID) (bool, error) {
	draft := `SELECT b.id FROM import_batch b WHERE b.study_id = ? AND b.id = ? AND b.state = 'draft'`
	_, err := t.change(ctx, `DELETE FROM import_piece WHERE study_id = ? AND batch_id IN (`+draft+`)`, string(study), string(study), string(id))
	if err != nil {
		return false, wrap(err, "delete import %s", id)
	}
	n, err := t.change(ctx, `DELETE FROM import_batch WHERE study_id = ? AND id = ? AND state = 'draft'`, string(study), string(id))
	return n > 0, wrap(err, "delete import %s", id)
}

// HoldAssessments keeps all questionnaires of a study as they are.
func (t *transaction) HoldAssessments(ctx context.Context, study survey.StudyID) error {
	clause := lockClause(t.db.Dialector.Name())
	if clause == "" {
		return nil
	}
	return wrap(t.soon(ctx, `SELECT 1 FROM assessment WHERE study_id = ? ORDER BY id`+clause, string(study)), "hold the assessments of study %s", study)
}

// PutSheets writes questionnaires as they are to be.
func (t *transaction) PutSheets(ctx context.Context, study survey.StudyID, sheets []survey.ImportedSheet) error {
	type answer struct {
		id survey.AssessmentID
		r  *survey.Response
	}
	type gone struct {
		id   survey.AssessmentID
		item string
	}
	var answers []answer
	var removed []gone
	for i := range sheets {
		for j := range sheets[i].Responses {
			answers = append(answers, answer{sheets[i].AssessmentID, &sheets[i].Responses[j]})
		}
		for _, item := range sheets[i].Removed {
			removed = append(removed, gone{sheets[i].AssessmentID, item})
		}
	}
	err := insertion{head: responseHead, tail: responseTail, columns: responseColumns}.run(ctx, t, len(answers), func(args []any, i int) []any {
		return t.response(args, study, answers[i].id, answers[i].r)
	})
	if err != nil {
		return wrap(err, "put answers of %d questionnaires", len(sheets))
	}
	for part := range slices.Chunk(removed, maxParameters/2) {
		args := []any{string(study)}
		for _, g := range part {
			args = append(args, string(g.id), g.item)
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?), ", len(part)), ", ")
		err := t.soon(ctx, `DELETE FROM response WHERE study_id = ? AND (assessment_id, item) IN (VALUES `+values+`)`, args...)
		if err != nil {
			return wrap(err, "remove answers of %d questionnaires", len(sheets))
		}
	}
	return wrap(t.putStates(ctx, study, sheets), "put %d questionnaires", len(sheets))
}

// putStates writes when questionnaires were begun, saved and submitted.
func (t *transaction) putStates(ctx context.Context, study survey.StudyID, sheets []survey.ImportedSheet) error {
	row := "(?, ?, ?, ?), "
	if t.db.Dialector.Name() == string(migrations.Postgres) { // which takes them for texts
		row = "(?, ?::timestamptz, ?::timestamptz, ?::timestamptz), "
	}
	for part := range slices.Chunk(sheets, maxParameters/4) {
		var args []any
		for _, s := range part {
			args = append(args, string(s.AssessmentID), t.at(s.StartedAt), t.at(s.SavedAt), t.at(s.SubmittedAt))
		}
		err := t.soon(ctx, `UPDATE assessment SET started_at = v.column2, saved_at = v.column3, submitted_at = v.column4
			FROM (VALUES `+strings.TrimSuffix(strings.Repeat(row, len(part)), ", ")+`) AS v
			WHERE assessment.study_id = ? AND assessment.id = v.column1`, append(args, string(study))...)
		if err != nil {
			return err
		}
	}
	return nil
}

// ReplaceScores writes the scores of questionnaires in place of those that there are.
func (t *transaction) ReplaceScores(ctx context.Context, study survey.StudyID, scores []survey.AssessmentScores, at time.Time) error {
	type scored struct {
		id survey.AssessmentID
		s  *instrument.Score
	}
	var all []scored
	for i := range scores {
		for j := range scores[i].Scores {
			all = append(all, scored{scores[i].AssessmentID, &scores[i].Scores[j]})
		}
	}
	for part := range slices.Chunk(scores, maxParameters) {
		args := []any{string(study)}
		for _, s := range part {
			args = append(args, string(s.AssessmentID))
		}
		if err := t.soon(ctx, `DELETE FROM score WHERE study_id = ? AND assessment_id IN `+places(len(part)), args...); err != nil {
			return wrap(err, "replace scores")
		}
	}
	err := insertion{head: scoreHead, columns: scoreColumns}.run(ctx, t, len(all), func(args []any, i int) []any {
		return t.score(args, study, all[i].id, all[i].s, at)
	})
	return wrap(err, "replace scores")
}

// AddImportChanges notes what a batch has changed.
func (t *transaction) AddImportChanges(ctx context.Context, study survey.StudyID, id survey.ImportID, changes []survey.ImportChange) error {
	texts := make([][2]string, len(changes))
	for i, c := range changes {
		for k, sheet := range []survey.AnswerSheet{c.Before, c.After} {
			text, err := writeSheet(sheet)
			if err != nil {
				return wrap(err, "changes of import %s", id)
			}
			texts[i][k] = text
		}
	}
	err := insertion{head: `INSERT INTO import_change (study_id, batch_id, assessment_id, line, before, after)`, columns: 6}.run(
		ctx, t, len(changes), func(args []any, i int) []any {
			return append(args, string(study), string(id), string(changes[i].AssessmentID), changes[i].Line, texts[i][0], texts[i][1])
		})
	return wrap(err, "changes of import %s", id)
}

// AddImportPeople notes who came in with a batch.
func (t *transaction) AddImportPeople(ctx context.Context, study survey.StudyID, id survey.ImportID, people []survey.EnrolmentID) error {
	err := insertion{head: `INSERT INTO import_person (study_id, batch_id, enrolment_id)`, columns: 3}.run(
		ctx, t, len(people), func(args []any, i int) []any {
			return append(args, string(study), string(id), string(people[i]))
		})
	return wrap(err, "people of import %s", id)
}

// RemoveImportPeople removes those who came in with a batch. What else is stored of
// one makes the database refuse.
func (t *transaction) RemoveImportPeople(ctx context.Context, study survey.StudyID, id survey.ImportID) error {
	people := `(SELECT p.enrolment_id FROM import_person p WHERE p.study_id = ? AND p.batch_id = ?)`
	sheets := `(SELECT a.id FROM assessment a WHERE a.study_id = ? AND a.enrolment_id IN ` + people + `)`
	s, b := string(study), string(id)
	var codes []string
	var participant string
	err := t.stream(ctx, []any{&participant}, func() error {
		codes = append(codes, participant)
		return nil
	}, `SELECT e.participant_id FROM enrolment e WHERE e.study_id = ? AND e.id IN `+people, s, s, b)
	if err != nil {
		return wrap(err, "remove people of import %s", id)
	}
	for _, step := range []struct {
		statement string
		args      []any
	}{
		{`DELETE FROM score WHERE study_id = ? AND assessment_id IN ` + sheets, []any{s, s, s, b}},
		{`DELETE FROM response WHERE study_id = ? AND assessment_id IN ` + sheets, []any{s, s, s, b}},
		{`DELETE FROM response_history WHERE study_id = ? AND assessment_id IN ` + sheets, []any{s, s, s, b}},
		{`DELETE FROM import_change WHERE study_id = ? AND assessment_id IN ` + sheets, []any{s, s, s, b}},
		{`DELETE FROM assessment WHERE study_id = ? AND enrolment_id IN ` + people, []any{s, s, b}},
		{`UPDATE allocation_draw SET enrolment_id = NULL, reason = '' WHERE study_id = ? AND enrolment_id IN ` + people, []any{s, s, b}},
		{`DELETE FROM personal_link WHERE study_id = ? AND enrolment_id IN ` + people, []any{s, s, b}},
	} {
		if _, err := t.change(ctx, step.statement, step.args...); err != nil {
			return wrap(err, "remove people of import %s", id)
		}
	}
	return wrap(t.removeEnrolments(ctx, study, id, codes), "remove people of import %s", id)
}

// removeEnrolments removes enrolments and participants, which must go after what
// says who they are.
func (t *transaction) removeEnrolments(ctx context.Context, study survey.StudyID, id survey.ImportID, participants []string) error {
	if _, err := t.change(ctx, `DELETE FROM import_person WHERE study_id = ? AND batch_id = ?`, string(study), string(id)); err != nil {
		return err
	}
	for part := range slices.Chunk(participants, maxParameters) {
		for _, table := range []struct{ name, column string }{{"enrolment", "participant_id"}, {"participant", "id"}} {
			_, err := t.change(ctx, `DELETE FROM `+table.name+` WHERE study_id = ? AND `+table.column+` IN `+places(len(part)),
				appendIDs([]any{string(study)}, part)...)
			if err != nil {
				return err
			}
		}
	}
	return nil
}
