package survey

import (
	"context"
	"fmt"
	"time"
)

// Programs are the use cases of reading a study page by page, as programs do over the
// network. Each page begins after the key at which the last one ended, so that rows
// that come in meanwhile neither repeat nor hide others, and the thousandth page costs
// what the first does.
type Programs struct{ env Env }

// MaxPage bounds the rows of a page. One more may be asked for, to know whether there is
// another page.
const MaxPage = 1000

// PageFilter narrows a page; the zero filter does not.
type PageFilter struct {
	Code string // of one person
	Wave WaveID
}

// RowKey is where a page of answers or scores ended: at an item or a scale of an
// assessment.
type RowKey struct {
	Assessment AssessmentID
	Name       string
}

// AssessmentEntry is an assessment with the code of whose it is.
type AssessmentEntry struct {
	Assessment
	Code string
}

// ResponseEntry is an answer with the code of whose it is.
type ResponseEntry struct {
	ResponseRow
	Code string
}

// ScoreEntry is a score with the code of whose it is.
type ScoreEntry struct {
	ScoreRow
	AssessmentID AssessmentID
	Code         string
}

// ProgramReader reads pages. Each gives at most limit rows after a key, in its order.
type ProgramReader interface {
	// EnrolmentsAfter is in the order of codes.
	EnrolmentsAfter(ctx context.Context, study StudyID, code string, limit int) ([]Enrolment, error)
	// AssessmentsAfter is in the order of identifiers.
	AssessmentsAfter(ctx context.Context, study StudyID, f PageFilter, after AssessmentID, limit int) ([]AssessmentEntry, error)
	// ResponsesAfter and ScoresAfter are in the order of assessments, and by name.
	ResponsesAfter(ctx context.Context, study StudyID, f PageFilter, after RowKey, limit int) ([]ResponseEntry, error)
	ScoresAfter(ctx context.Context, study StudyID, f PageFilter, after RowKey, limit int) ([]ScoreEntry, error)
}

// Runs lists the course runs of a study, the latest start first, with how many meetings
// they have. Whoever knows the study may; the head counts are left out.
func (u *Programs) Runs(ctx context.Context, a Actor, study StudyID) ([]RunSummary, error) {
	if !a.MayKnowStudy(study) {
		return nil, ErrNotFound
	}
	all, err := u.env.Store.Runs(ctx, study)
	if err == nil {
		err = u.env.courses.count(ctx, u.env.Store, all)
	}
	if err != nil {
		return nil, fmt.Errorf("runs of study %s: %w", study, err)
	}
	for i := range all {
		all[i].Enrolled, all[i].Withdrawn, all[i].Erased = 0, 0, nil
	}
	return all, nil
}

// Enrolments is a page of a study's people, after a code. Whoever may know them by
// pseudonym may.
func (u *Programs) Enrolments(ctx context.Context, a Actor, study StudyID, after string, limit int) ([]Enrolment, error) {
	if !a.MayKnowPeople(study) {
		return nil, ErrForbidden
	}
	page, err := u.env.Store.EnrolmentsAfter(ctx, study, after, min(limit, MaxPage+1))
	if err != nil {
		return nil, fmt.Errorf("page of enrolments: %w", err)
	}
	return page, nil
}

// Enrolment is one person by their code.
func (u *Programs) Enrolment(ctx context.Context, a Actor, study StudyID, code string) (Enrolment, error) {
	if !a.MayKnowPeople(study) {
		return Enrolment{}, ErrForbidden
	}
	e, err := u.env.Store.EnrolmentByCode(ctx, study, code)
	if err != nil {
		return Enrolment{}, fmt.Errorf("enrolment by code: %w", err)
	}
	return e, nil
}

// Assessments is a page of what people were asked and how far they have come.
func (u *Programs) Assessments(ctx context.Context, a Actor, study StudyID, f PageFilter, after AssessmentID, limit int) ([]AssessmentEntry, error) {
	if !a.MayKnowPeople(study) {
		return nil, ErrForbidden
	}
	page, err := u.env.Store.AssessmentsAfter(ctx, study, f, after, min(limit, MaxPage+1))
	if err != nil {
		return nil, fmt.Errorf("page of assessments: %w", err)
	}
	return page, nil
}

// Responses is a page of answers. Whoever may analyse the study may; that somebody read
// them is noted in the audit trail, once a day for each token or person.
func (u *Programs) Responses(ctx context.Context, a Actor, study StudyID, f PageFilter, after RowKey, limit int) ([]ResponseEntry, error) {
	if err := u.NoteRead(ctx, a, study, "answers"); err != nil {
		return nil, err
	}
	page, err := u.env.Store.ResponsesAfter(ctx, study, f, after, min(limit, MaxPage+1))
	if err != nil {
		return nil, fmt.Errorf("page of answers: %w", err)
	}
	return page, nil
}

// Scores is a page of scores, as Responses.
func (u *Programs) Scores(ctx context.Context, a Actor, study StudyID, f PageFilter, after RowKey, limit int) ([]ScoreEntry, error) {
	if err := u.NoteRead(ctx, a, study, "scores"); err != nil {
		return nil, err
	}
	page, err := u.env.Store.ScoresAfter(ctx, study, f, after, min(limit, MaxPage+1))
	if err != nil {
		return nil, fmt.Errorf("page of scores: %w", err)
	}
	return page, nil
}

// exportNoted counts a day's readings of the same by the same: the first is noted.
var exportNoted = limit{"reading noted", 1, 24 * time.Hour, nil}

// NoteRead refuses whoever may not analyse the study, and notes for others that they read
// a kind of data, before they do. Of the many pages of one day the first is noted.
func (u *Programs) NoteRead(ctx context.Context, a Actor, study StudyID, what string) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	who := string(a.Kind) + " " + a.ID()
	if a.Token != nil {
		who = "token " + string(a.Token.ID)
	}
	now := u.env.now()
	counter := u.env.counter(try{exportNoted, who + " " + string(study) + " " + what}, now)
	so, err := u.env.Store.Attempts(ctx, []string{counter.KeyHash})
	if err != nil || so[counter.KeyHash] > 0 {
		return err
	}
	e := u.env.event(a, study, now, ActionExported, "study", string(study))
	e.Detail = what + ", page by page" + byToken(a)
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		n, err := tx.CountAttempt(ctx, counter)
		if err != nil || n > 1 {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("note that %s are read: %w", what, err)
	}
	return nil
}

// byToken names the token of a program, for the audit trail.
func byToken(a Actor) string {
	if a.Token == nil {
		return ""
	}
	return " by token " + a.Token.Prefix
}
