package survey

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
)

// PaperSheet is a questionnaire of one person, to be typed in from paper.
type PaperSheet struct {
	Enrolment  Enrolment
	Assessment Assessment
	Wave       Wave
	Definition *instrument.Definition
	// Answers are those that there are already.
	Answers instrument.Answers
}

// PaperDesk is what paper can be typed in for.
type PaperDesk struct {
	Design pastwaves.Design
	Codes  []string
}

// PaperEntry is a questionnaire on paper.
type PaperEntry struct {
	Code       string
	Wave, Form string // their keys
	Answers    instrument.Answers
	Date       string // when it was answered: 2026-03-02
	Existing   Existing
	Reason     string // why answers are replaced
	Agreed     bool
	Once       Once
}

// Desk lists whose paper can be typed in, and for what.
func (u *Imports) Desk(ctx context.Context, a Actor, study StudyID) (PaperDesk, error) {
	if !a.MayAnalyse(study) {
		return PaperDesk{}, ErrForbidden
	}
	var d PaperDesk
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		if d.Design, err = importDesign(ctx, r, study); err != nil {
			return err
		}
		d.Codes, err = r.Codes(ctx, study)
		return err
	})
	if err != nil {
		return PaperDesk{}, fmt.Errorf("list whose paper can be entered: %w", err)
	}
	return d, nil
}

// Paper opens a questionnaire of one person. What is not known of the three is a
// FieldError of "code", "wave" or "form".
func (u *Imports) Paper(ctx context.Context, a Actor, study StudyID, code, wave, form string) (PaperSheet, error) {
	if !a.MayAnalyse(study) {
		return PaperSheet{}, ErrForbidden
	}
	var s PaperSheet
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		state, err := u.stateOf(ctx, r, study)
		if err != nil {
			return err
		}
		if s, err = state.paper(code, wave, form); err != nil {
			return err
		}
		rows, err := r.Responses(ctx, study, s.Assessment.ID)
		s.Answers = answersOf(s.Definition, rows)
		return err
	})
	if err != nil {
		return PaperSheet{}, fmt.Errorf("open a paper questionnaire: %w", err)
	}
	return s, nil
}

// paper finds a questionnaire.
func (s *importState) paper(code, wave, form string) (PaperSheet, error) {
	e, known := s.byCode[code]
	switch {
	case !known:
		return PaperSheet{}, FieldErrors{"code": "import.unknown_person"}
	case e.Declined():
		return PaperSheet{}, FieldErrors{"code": "import.declined"}
	}
	as := s.sheets[e.ID][pastwaves.Place{Wave: wave, Form: form}]
	if as == nil {
		return PaperSheet{}, FieldErrors{"form": "import.not_asked"}
	}
	i := slices.IndexFunc(s.design.Waves, func(w Wave) bool { return w.ID == as.WaveID })
	return PaperSheet{Enrolment: e, Assessment: *as, Wave: s.design.Waves[i], Definition: s.definition(*as)}, nil
}

// EnterPaper writes a questionnaire on paper as a batch of its own, which can be taken
// back like any other. Faults are FieldErrors by item and field. An answer that meets
// a rule about risk is flagged, as if its person had given it here.
func (u *Imports) EnterPaper(ctx context.Context, a Actor, study StudyID, n PaperEntry) (ImportBatch, error) {
	if !a.MayBring(study) {
		return ImportBatch{}, ErrForbidden
	}
	now := u.env.now()
	b := ImportBatch{
		StudyID: study, ID: ImportID(u.env.NewID()), Source: SourcePaper, State: ImportApplied, MadeAt: now, AppliedAt: now, MadeBy: a.author(),
		Settings: ImportSettings{Existing: n.Existing, Date: n.Date}, Reason: n.Reason,
	}
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := u.holdAll(ctx, tx, study); err != nil {
			return err
		}
		plan, err := u.planPaper(ctx, tx, b, n, now)
		if err != nil {
			return err
		}
		event := u.env.event(a, study, now, ActionPaperEntered, "import", string(b.ID))
		event.Detail = fmt.Sprintf("%d answers added, %d replaced", plan.preview.Counts.Added, plan.preview.Counts.Replaced)
		if err := noteOnce(ctx, tx, n.Once, event); err != nil {
			return err
		}
		b.Counts = plan.preview.Counts
		if err := u.write(ctx, tx, a, &b, plan, ApplyImport{}, false); err != nil {
			return err
		}
		return u.tell(ctx, tx, plan, now)
	})
	if err != nil {
		return ImportBatch{}, fmt.Errorf("enter a paper questionnaire: %w", err)
	}
	return b, nil
}

// tell tells other systems what was submitted on paper, and the people who answer for a
// rule about risk which answers meet it.
func (u *Imports) tell(ctx context.Context, tx Tx, plan *importPlan, now time.Time) error {
	var events []HookNotice
	for i, c := range plan.changes {
		if !c.Before.SubmittedAt.IsZero() || c.After.SubmittedAt.IsZero() {
			continue
		}
		k := slices.IndexFunc(plan.state.design.Waves, func(w Wave) bool { return w.ID == plan.of[i].WaveID })
		events = append(events, submittedNotice(plan.of[i], plan.state.design.Waves[k], now))
	}
	if len(events) > 0 {
		if err := tx.Announce(ctx, events...); err != nil {
			return err
		}
	}
	for _, r := range plan.risky {
		if _, err := u.env.flag(ctx, tx, r.assessment, r.items, now); err != nil {
			return err
		}
	}
	return nil
}

// planPaper works out what a questionnaire on paper changes.
func (u *Imports) planPaper(ctx context.Context, r Reader, b ImportBatch, n PaperEntry, now time.Time) (*importPlan, error) {
	state, err := u.stateOf(ctx, r, b.StudyID)
	if err != nil {
		return nil, err
	}
	if state.design.Study.State == StudyDraft {
		return nil, ErrNotOpen
	}
	sheet, err := state.paper(n.Code, n.Wave, n.Form)
	if err != nil {
		return nil, err
	}
	at, faults := n.check(sheet, state.design.Study, now)
	if err := faults.OrNil(); err != nil {
		return nil, err
	}
	if state.answers[sheet.Assessment.ID], err = r.Responses(ctx, b.StudyID, sheet.Assessment.ID); err != nil {
		return nil, err
	}
	rec := pastwaves.Record{Person: n.Code, Place: pastwaves.Place{Wave: n.Wave, Form: n.Form}, At: at}
	for _, item := range sheet.Definition.Items {
		if v := n.Answers[item.Code]; !v.IsZero() {
			rec.Answers = append(rec.Answers, pastwaves.Given{Item: item.Code, Value: v, At: at})
		}
	}
	p := &importPlan{state: state, preview: ImportPreview{Batch: b, Counts: ImportCounts{Rows: 1}}}
	p.record(rec, n.Existing, SourcePaper)
	p.preview.Counts.Questionnaires = len(p.changes)
	if len(p.changes) == 0 {
		return nil, FieldErrors{"existing": "import.changes_nothing"}
	}
	return p, ApplyImport{Reason: n.Reason, Agreed: n.Agreed}.faults(p.preview.Counts).OrNil()
}

// check reads when it was answered, and reports what is wrong with the rest.
func (n PaperEntry) check(s PaperSheet, study Study, now time.Time) (time.Time, FieldErrors) {
	faults := ImportSettings{Existing: n.Existing, Date: n.Date}.check()
	err := checkAnswers(s.Definition, n.Answers)
	if wrong, ok := err.(FieldErrors); ok { //nolint:errorlint // checkAnswers says that it is this type
		maps.Copy(faults, wrong)
	}
	if !slices.ContainsFunc(s.Definition.Items, func(i instrument.Item) bool { return !n.Answers[i.Code].IsZero() }) {
		faults["answers"] = "import.no_answers"
	}
	o, err := ImportSettings{Date: n.Date}.options(study, now)
	switch {
	case err != nil || n.Date == "":
		faults["date"] = "import.bad_date"
	case o.Date.After(now.Add(24 * time.Hour)):
		faults["date"] = "import.future_date"
	case !s.Enrolment.WithdrawnAt.IsZero() && o.Date.After(s.Enrolment.WithdrawnAt):
		faults["date"] = "import.after_leaving"
	}
	return o.Date, faults
}
