package store

import (
	"context"
	"fmt"

	"tidemark/migrations"
	"tidemark/survey"
)

// SelfCodePeople are all who made a code.
func (r reader) SelfCodePeople(ctx context.Context, study survey.StudyID) ([]survey.SelfCodePerson, error) {
	people := []survey.SelfCodePerson{}
	var enrolment, run, arm string
	var linked optional
	var p survey.SelfCodePerson
	var made, withdrawn, first, last instant
	err := r.stream(ctx, []any{
		&enrolment, &p.Hash, &p.KeyID, &p.Sealed, &made, &p.Code, &run, &p.RunName, &arm, &p.ArmName, &linked, &withdrawn,
		&p.Questionnaires, &p.Begun, &p.Submitted, &first, &last,
	}, func() error {
		one := p
		one.StudyID, one.EnrolmentID, one.RunID, one.ArmID = study, survey.EnrolmentID(enrolment), survey.RunID(run), survey.ArmID(arm)
		one.LinkedTo, one.MadeAt, one.WithdrawnAt = survey.EnrolmentID(linked), made.time(), withdrawn.time()
		one.FirstSubmitted, one.LastSubmit = first.time(), last.time()
		one.Sealed = append([]byte(nil), p.Sealed...)
		people = append(people, one)
		return nil
	}, `SELECT c.enrolment_id, c.code_hash, c.key_id, c.sealed, c.made_at, p.code, e.run_id, r.name, e.arm_id, m.name, e.linked_to, e.withdrawn_at,
			a.asked, a.begun, a.submitted, a.first_at, a.last_at
		FROM self_code c
		JOIN enrolment e ON e.study_id = c.study_id AND e.id = c.enrolment_id
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		JOIN course_run r ON r.study_id = e.study_id AND r.id = e.run_id
		JOIN arm m ON m.study_id = e.study_id AND m.id = e.arm_id
		JOIN (SELECT enrolment_id, count(*) AS asked, count(CASE WHEN started_at IS NOT NULL OR submitted_at IS NOT NULL THEN 1 END) AS begun,
			count(submitted_at) AS submitted, min(submitted_at) AS first_at, max(submitted_at) AS last_at
			FROM assessment WHERE study_id = ? GROUP BY enrolment_id) a ON a.enrolment_id = c.enrolment_id
		WHERE c.study_id = ? ORDER BY c.made_at, c.enrolment_id`, string(study), string(study))
	return people, wrap(err, "self-made codes of study %s", study)
}

// SelfCodeDecisions are all that was decided about codes that are near.
func (r reader) SelfCodeDecisions(ctx context.Context, study survey.StudyID) ([]survey.SelfCodeDecision, error) {
	all := []survey.SelfCodeDecision{}
	d := survey.SelfCodeDecision{StudyID: study}
	var first, second, verdict string
	var by, why optional
	var at, undone instant
	err := r.stream(ctx, []any{&d.ID, &first, &second, &verdict, &d.Reason, &at, &d.By, &undone, &by, &why}, func() error {
		one := d
		one.First, one.Second, one.Verdict = survey.EnrolmentID(first), survey.EnrolmentID(second), survey.SelfCodeVerdict(verdict)
		one.At, one.UndoneAt, one.UndoneBy, one.UndoneReason = at.time(), undone.time(), string(by), string(why)
		all = append(all, one)
		return nil
	}, `SELECT id, first_id, second_id, verdict, reason, decided_at, decided_by, undone_at, undone_by, undone_why
		FROM self_code_decision WHERE study_id = ? ORDER BY decided_at DESC, id DESC`, string(study))
	return all, wrap(err, "decisions about codes of study %s", study)
}

// SelfCodeSwaps are the questionnaires that a link exchanged.
func (r reader) SelfCodeSwaps(ctx context.Context, study survey.StudyID, decision string) ([]survey.SelfCodeSwap, error) {
	swaps := []survey.SelfCodeSwap{}
	var a, b string
	err := r.each(ctx, []any{&a, &b}, func() error {
		swaps = append(swaps, survey.SelfCodeSwap{First: survey.AssessmentID(a), Second: survey.AssessmentID(b)})
		return nil
	}, `SELECT first_assessment, second_assessment FROM self_code_swap WHERE study_id = ? AND decision_id = ? ORDER BY first_assessment`,
		string(study), decision)
	return swaps, wrap(err, "what decision %s exchanged", decision)
}

// LinkedTo are the participations that are linked to one.
func (r reader) LinkedTo(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) ([]survey.Enrolment, error) {
	people, err := r.enrolments(ctx, `WHERE e.study_id = ? AND e.linked_to = ? ORDER BY e.id`, string(study), string(id))
	return people, wrap(err, "what is linked to %s", id)
}

// DecideSelfCodes writes a decision.
func (t *transaction) DecideSelfCodes(ctx context.Context, d survey.SelfCodeDecision) error {
	_, err := t.change(ctx, `INSERT INTO self_code_decision (study_id, id, first_id, second_id, verdict, reason, decided_at, decided_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
		string(d.StudyID), d.ID, string(d.First), string(d.Second), string(d.Verdict), d.Reason, t.at(d.At), d.By)
	return wrap(err, "decide about two codes")
}

// UndoSelfCodes notes that a decision does not stand any more.
func (t *transaction) UndoSelfCodes(ctx context.Context, d survey.SelfCodeDecision) (bool, error) {
	n, err := t.change(ctx, `UPDATE self_code_decision SET undone_at = ?, undone_by = ?, undone_why = ?
		WHERE study_id = ? AND id = ? AND undone_at IS NULL`, t.at(d.UndoneAt), d.UndoneBy, d.UndoneReason, string(d.StudyID), d.ID)
	return n > 0, wrap(err, "undo decision %s", d.ID)
}

// LinkEnrolment says to which participation one is linked.
func (t *transaction) LinkEnrolment(ctx context.Context, study survey.StudyID, id, to survey.EnrolmentID) error {
	err := t.changeOne(ctx, `UPDATE enrolment SET linked_to = ? WHERE study_id = ? AND id = ?`, optional(to), string(study), string(id))
	if err == nil {
		_, err = t.change(ctx, `DELETE FROM sign_in WHERE study_id = ? AND enrolment_id = ?`, string(study), string(id))
	}
	return wrap(err, "link %s", id)
}

// SwapAssessments exchanges the participations of two assessments. One of them is with
// nobody for a moment, which the database is asked to pass over until it is done: both
// cannot be with the same.
func (t *transaction) SwapAssessments(ctx context.Context, study survey.StudyID, a, b survey.AssessmentID) error {
	err := t.swapAssessments(ctx, study, a, b)
	return wrap(err, "exchange assessments %s and %s", a, b)
}

func (t *transaction) swapAssessments(ctx context.Context, study survey.StudyID, a, b survey.AssessmentID) error {
	var first, second string
	for _, side := range []struct {
		id    survey.AssessmentID
		owner *string
	}{{a, &first}, {b, &second}} {
		err := t.one(ctx, []any{side.owner}, `SELECT enrolment_id FROM assessment WHERE study_id = ? AND id = ?`, string(study), string(side.id))
		if err != nil {
			return err
		}
	}
	later, now := `SET CONSTRAINTS assessment_study_id_enrolment_id_fkey DEFERRED`, `SET CONSTRAINTS assessment_study_id_enrolment_id_fkey IMMEDIATE`
	if t.db.Dialector.Name() == string(migrations.SQLite) {
		later, now = `PRAGMA defer_foreign_keys = ON`, `PRAGMA defer_foreign_keys = OFF`
	}
	if _, err := t.change(ctx, later); err != nil {
		return fmt.Errorf("defer: %w", err)
	}
	for _, move := range [][2]string{{"", string(a)}, {first, string(b)}, {second, string(a)}} {
		err := t.changeOne(ctx, `UPDATE assessment SET enrolment_id = ? WHERE study_id = ? AND id = ?`, move[0], string(study), move[1])
		if err != nil {
			return err
		}
	}
	_, err := t.change(ctx, now)
	return err
}

// CreateSelfCodeSwaps keeps what a link exchanged.
func (t *transaction) CreateSelfCodeSwaps(ctx context.Context, study survey.StudyID, decision string, swaps []survey.SelfCodeSwap) error {
	err := insertion{head: `INSERT INTO self_code_swap (study_id, decision_id, first_assessment, second_assessment)`, columns: 4}.run(
		ctx, t, len(swaps), func(args []any, i int) []any {
			return append(args, string(study), decision, string(swaps[i].First), string(swaps[i].Second))
		})
	return wrap(err, "keep what decision %s exchanged", decision)
}
