package survey

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/instrument"
)

// Feedback says when people see their own scores. Seeing them can change how
// somebody answers the next time, so a study may put it off.
type Feedback string

// The choices of a study.
const (
	FeedbackNever     Feedback = "never"
	FeedbackAfterEach Feedback = "after_each" // as soon as a questionnaire is sent
	FeedbackAtEnd     Feedback = "at_end"     // once nothing more is to come for the person
)

// Valid reports whether f is one of the choices.
func (f Feedback) Valid() bool {
	return f == FeedbackNever || f == FeedbackAfterEach || f == FeedbackAtEnd
}

// SetFeedback decides when the people of a study see their own scores. Its
// researchers may.
func (u *Studies) SetFeedback(ctx context.Context, a Actor, study StudyID, f Feedback) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	if !f.Valid() {
		return FieldErrors{"feedback": "study.bad_feedback"}
	}
	event := u.env.event(a, study, u.env.now(), ActionFeedbackSet, "study", string(study))
	event.Detail = string(f)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.SetFeedback(ctx, study, f); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("set the feedback of study %s: %w", study, err)
	}
	return nil
}

// OwnAnswers are a person's answers to one questionnaire that they have sent.
type OwnAnswers struct {
	Wave        Wave // without its instruments
	SubmittedAt time.Time
	Definition  *instrument.Definition
	Answers     instrument.Answers
}

// OwnResults are what a person may see of their own answers.
type OwnResults struct {
	// Shown says whether the study shows anything now; Later, whether it will.
	Shown, Later bool
	// Sent are the outcome questionnaires, by the time of sending. Empty unless
	// Shown.
	Sent []OwnAnswers
}

// OwnResults are the answers behind a person's own scores, where their study shows
// them. Whoever has left still sees what they gave.
func (u *Assessments) OwnResults(ctx context.Context, a Actor) (OwnResults, error) {
	items, err := u.Due(ctx, a)
	if err != nil {
		return OwnResults{}, err
	}
	p := a.Participation
	var own OwnResults
	if own.Shown, own.Later = p.Study.Feedback.now(items); !own.Shown {
		return own, nil
	}
	answers := map[AssessmentID]instrument.Answers{}
	definitions := map[AssessmentID]*instrument.Definition{}
	for _, it := range items {
		definitions[it.Assessment.ID] = it.Definition
	}
	err = u.env.Store.EachOwnResponse(ctx, p.Study.ID, p.Enrolment.ID, func(r *ResponseRow) error {
		d := definitions[r.AssessmentID]
		if d == nil || r.SubmittedAt.IsZero() || r.Missing != NotMissing {
			return nil
		}
		if answers[r.AssessmentID] == nil {
			answers[r.AssessmentID] = instrument.Answers{}
		}
		item, _ := d.Item(r.Item)
		answers[r.AssessmentID][r.Item] = instrument.ValueOf(item.Type, r.Value, r.Text)
		return nil
	})
	if err != nil {
		return OwnResults{}, fmt.Errorf("own results: %w", err)
	}
	for _, it := range items {
		if it.State == AssessmentSubmitted && it.Definition.Purpose == instrument.PurposeOutcome && len(it.Definition.Scales) > 0 {
			own.Sent = append(own.Sent, OwnAnswers{it.Wave, it.Assessment.SubmittedAt, it.Definition, answers[it.Assessment.ID]})
		}
	}
	slices.SortStableFunc(own.Sent, func(a, b OwnAnswers) int { return a.SubmittedAt.Compare(b.SubmittedAt) })
	return own, nil
}

// ShowsNow reports whether someone with these questionnaires sees scores now.
func (f Feedback) ShowsNow(items []DueItem) bool {
	shown, _ := f.now(items)
	return shown
}

// now decides by the study's choice and what is still to come.
func (f Feedback) now(items []DueItem) (shown, later bool) {
	sent := slices.ContainsFunc(items, func(it DueItem) bool { return it.State == AssessmentSubmitted })
	_, more := NextDue(items)
	switch {
	case f == FeedbackAfterEach:
		return sent, !sent && more
	case f == FeedbackAtEnd:
		return sent && !more, more
	}
	return false, false
}
