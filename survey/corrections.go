package survey

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"tidemark/survey/instrument"
)

// Corrections are the use cases of putting an answer right after it was submitted: what
// was misread on paper, or told to be a slip. Each has a reason; what was there before is
// kept, and so is who changed it.
type Corrections struct{ env Env }

// CorrectionBook is what can be corrected of a person.
type CorrectionBook struct {
	Enrolment Enrolment
	Submitted []DueItem // in order
}

// CorrectionSheet is a submitted questionnaire with its answers.
type CorrectionSheet struct {
	Enrolment  Enrolment
	Assessment Assessment
	Wave       Wave
	Definition *instrument.Definition
	Answers    instrument.Answers
	NotAsked   map[string]bool // items that a condition kept from being asked
}

// NewCorrection is an answer to be put right.
type NewCorrection struct {
	Item   string
	Value  instrument.Value // the zero value: there is no answer
	Was    string           // stamp of the answer that is replaced, see instrument.Value.Stamp
	Reason string
}

const (
	leastReason = 3
	mostReason  = 1000
)

// Find lists what a person has submitted, by their code. Whoever may correct may;
// somebody unknown is ErrNotFound.
func (u *Corrections) Find(ctx context.Context, a Actor, study StudyID, code string) (CorrectionBook, error) {
	if !a.MayCorrect(study) {
		return CorrectionBook{}, ErrForbidden
	}
	e, err := u.env.Store.EnrolmentByCode(ctx, study, code)
	if err != nil {
		return CorrectionBook{}, fmt.Errorf("find what can be corrected: %w", err)
	}
	items, err := u.env.Store.Due(ctx, study, e.ID)
	if err != nil {
		return CorrectionBook{}, fmt.Errorf("find what can be corrected: %w", err)
	}
	b := CorrectionBook{Enrolment: e, Submitted: []DueItem{}}
	for _, it := range items {
		if it.Assessment.SubmittedAt.IsZero() {
			continue
		}
		v, err := u.env.Store.InstrumentVersion(ctx, it.Instrument)
		if err != nil {
			return CorrectionBook{}, fmt.Errorf("find what can be corrected: %w", err)
		}
		it.Definition = v.Definition
		b.Submitted = append(b.Submitted, it)
	}
	return b, nil
}

// Sheet opens a submitted questionnaire. One that is not submitted is ErrNotFound: it is
// its person's alone.
func (u *Corrections) Sheet(ctx context.Context, a Actor, study StudyID, id AssessmentID) (CorrectionSheet, error) {
	if !a.MayCorrect(study) {
		return CorrectionSheet{}, ErrForbidden
	}
	s, _, err := u.sheet(ctx, u.env.Store, study, id)
	if err != nil {
		return CorrectionSheet{}, fmt.Errorf("open a sheet to correct: %w", err)
	}
	return s, nil
}

func (u *Corrections) sheet(ctx context.Context, r Reader, study StudyID, id AssessmentID) (CorrectionSheet, []Response, error) {
	s := CorrectionSheet{NotAsked: map[string]bool{}}
	var err error
	if s.Assessment, s.Wave, err = r.Assessment(ctx, study, id); err != nil {
		return s, nil, err
	}
	if s.Assessment.SubmittedAt.IsZero() {
		return s, nil, ErrNotFound
	}
	p, err := r.Participation(ctx, study, s.Assessment.EnrolmentID)
	if err != nil {
		return s, nil, err
	}
	s.Enrolment = p.Enrolment
	v, err := r.InstrumentVersion(ctx, s.Assessment.InstrumentID)
	if err != nil {
		return s, nil, err
	}
	s.Definition = v.Definition
	stored, err := r.Responses(ctx, study, id)
	if err != nil {
		return s, nil, err
	}
	s.Answers = answersOf(s.Definition, stored)
	for _, x := range stored {
		if x.Missing == MissingNotShown {
			s.NotAsked[x.Item] = true
		}
	}
	return s, stored, nil
}

// Make puts an answer right: with it the questionnaire is scored anew, items that are now
// asked or no longer asked become missing for that reason, and risky answers are flagged.
// The answer before stays in the history of the answer and, with the reason, in the audit
// trail, until the person is erased. An answer that somebody changed meanwhile is
// ErrConflict. Data that were frozen and figures that were told stay as they were.
func (u *Corrections) Make(ctx context.Context, a Actor, study StudyID, id AssessmentID, n NewCorrection) error {
	if !a.MayCorrect(study) {
		return ErrForbidden
	}
	n.Reason = strings.TrimSpace(n.Reason)
	switch length := utf8.RuneCountInString(n.Reason); {
	case length < leastReason:
		return FieldErrors{"reason": "correction.no_reason"}
	case length > mostReason:
		return FieldErrors{"reason": "correction.long_reason"}
	}
	salt, err := newSalt(u.env.Random)
	if err != nil {
		return fmt.Errorf("correct an answer: %w", err)
	}
	event := u.env.event(a, study, u.env.now(), ActionCorrected, "assessment", string(id))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, study); err != nil { // one correction after the other
			return err
		}
		s, stored, err := u.sheet(ctx, tx, study, id)
		if err != nil {
			return err
		}
		old := s.Answers[n.Item]
		if err := n.check(s, old); err != nil {
			return err
		}
		e := event
		e.Subject, e.Detail = s.Assessment.EnrolmentID, "item "+n.Item
		e.Tell(AuditText{Salt: salt, Old: old.String(), New: n.Value.String(), Reason: n.Reason})
		if err := u.replace(ctx, tx, s, stored, n, event.At); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, e)
	})
	if err != nil {
		return fmt.Errorf("correct an answer: %w", err)
	}
	return nil
}

// check refuses what cannot be the right answer.
func (n NewCorrection) check(s CorrectionSheet, old instrument.Value) error {
	item, ok := s.Definition.Item(n.Item)
	switch {
	case !ok || !item.Type.Asked():
		return ErrNotFound
	case s.NotAsked[n.Item]:
		return FieldErrors{"value": "correction.not_asked"}
	case old.Stamp() != n.Was:
		return ErrConflict
	case old.Equal(n.Value):
		return FieldErrors{"value": "correction.same"}
	case n.Value.IsZero():
		return nil
	}
	faults, _ := errors.AsType[instrument.FieldErrors](s.Definition.Check(instrument.Answers{n.Item: n.Value}))
	if fault := faults[n.Item]; fault != "" {
		return FieldErrors{"value": fault}
	}
	return nil
}

// replace writes the answer and all that follows from it.
func (u *Corrections) replace(ctx context.Context, tx Tx, s CorrectionSheet, stored []Response, n NewCorrection, now time.Time) error {
	d, as := s.Definition, s.Assessment
	s.Answers[n.Item] = n.Value
	if n.Value.IsZero() {
		delete(s.Answers, n.Item)
	}
	missing := missingOf(d, s.Answers, now)
	var changed []Response
	for _, m := range missing {
		delete(s.Answers, m.Item) // what is not asked does not count
		same := func(r Response) bool { return r.Item == m.Item && r.Missing == m.Missing }
		if !slices.ContainsFunc(stored, same) {
			changed = append(changed, m)
		}
	}
	if v, counts := s.Answers[n.Item]; counts {
		changed = append(changed, responsesOf(d, instrument.Answers{n.Item: v}, now)...)
	}
	for i := range changed { // the sheet still came from where it came from
		if j := slices.IndexFunc(stored, func(r Response) bool { return r.Item == changed[i].Item }); j >= 0 {
			changed[i].Source = stored[j].Source
		}
	}
	if err := tx.PutResponses(ctx, as.StudyID, as.ID, changed); err != nil {
		return err
	}
	if _, err := u.env.flag(ctx, tx, as, flaggedItems(d, instrument.Answers{n.Item: n.Value}), now); err != nil {
		return err
	}
	return tx.ReplaceScores(ctx, as.StudyID, []AssessmentScores{{as.ID, d.Score(s.Answers.Numbers())}}, now)
}

// List gives the corrections of a study, the newest first, at most limit, with what was
// there before, what after, and why.
func (u *Corrections) List(ctx context.Context, a Actor, study StudyID, limit int) ([]ChainedEvent, error) {
	if !a.MayCorrect(study) {
		return nil, ErrForbidden
	}
	lines := []ChainedEvent{}
	err := u.env.Store.EachAuditLine(ctx, AuditFilter{Study: &study, Action: ActionCorrected, Limit: limit}, func(e *ChainedEvent) error {
		lines = append(lines, *e)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("corrections of study %s: %w", study, err)
	}
	return lines, nil
}

// newSalt makes the salt of a text.
func newSalt(random io.Reader) (string, error) {
	b := make([]byte, 32)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", err
	}
	return hex.EncodeToString(b), nil
}
