package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// UndoBlockedError is why a batch cannot be taken back: something was changed since.
type UndoBlockedError struct {
	// What are the places, in words, at most mostBlocked; All is their number.
	What []string
	All  int
}

// Error counts them.
func (e *UndoBlockedError) Error() string {
	return fmt.Sprintf("%d things were changed since: %s", e.All, strings.Join(e.What, "; "))
}

// Unwrap makes it an ErrConflict.
func (e *UndoBlockedError) Unwrap() error { return ErrConflict }

const mostBlocked = 50

func (e *UndoBlockedError) add(text string) {
	e.All++
	if len(e.What) < mostBlocked {
		e.What = append(e.What, text)
	}
}

// Undo takes a batch back as a whole: every questionnaire is again what it was, and
// who came in with it goes. What was changed since is an *UndoBlockedError, and
// nothing is written. A form sent a second time is ErrRepeated.
func (u *Imports) Undo(ctx context.Context, a Actor, study StudyID, id ImportID, once Once) (ImportBatch, error) {
	if !a.MayBring(study) {
		return ImportBatch{}, ErrForbidden
	}
	now := u.env.now()
	var b ImportBatch
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := u.holdAll(ctx, tx, study); err != nil {
			return err
		}
		var err error
		if b, err = tx.Import(ctx, study, id); err != nil {
			return err
		}
		event := u.env.event(a, study, now, ActionImportUndone, "import", string(id))
		event.Detail = fmt.Sprintf("import %d, %d questionnaires, %d people", b.Number, b.Counts.Questionnaires, b.Counts.People)
		if err := noteOnce(ctx, tx, once, event); err != nil {
			return err
		}
		if b.State != ImportApplied {
			return ErrConflict
		}
		b.State, b.UndoneAt = ImportUndone, now
		return u.undo(ctx, tx, a, b)
	})
	if err != nil {
		return ImportBatch{}, fmt.Errorf("undo import %s: %w", id, err)
	}
	return b, nil
}

func (u *Imports) undo(ctx context.Context, tx Tx, a Actor, b ImportBatch) error {
	changes, err := tx.ImportChanges(ctx, b.StudyID, b.ID)
	if err != nil {
		return err
	}
	state, err := u.stateOf(ctx, tx, b.StudyID)
	if err != nil {
		return err
	}
	wanted := map[AssessmentID]bool{}
	for _, c := range changes {
		wanted[c.AssessmentID] = true
	}
	if err := state.readAnswers(ctx, tx, b.StudyID, wanted); err != nil {
		return err
	}
	back, err := u.back(ctx, tx, b, state, changes)
	if err != nil {
		return err
	}
	if err := tx.PutSheets(ctx, b.StudyID, back.sheets); err != nil {
		return err
	}
	if err := tx.ReplaceScores(ctx, b.StudyID, back.scores, b.UndoneAt); err != nil {
		return err
	}
	events := make([]AuditEvent, 0, len(changes))
	for _, c := range changes {
		e := u.env.event(a, b.StudyID, b.UndoneAt, ActionAnswersTakenBack, "assessment", string(c.AssessmentID))
		e.Detail = fmt.Sprintf("import %d", b.Number)
		events = append(events, e)
	}
	if err := tx.AppendAudit(ctx, events...); err != nil {
		return err
	}
	if err = tx.RemoveImportPeople(ctx, b.StudyID, b.ID); err == nil {
		err = tx.Settle(ctx)
	}
	if errors.Is(err, ErrReference) {
		return &UndoBlockedError{What: []string{"something is stored of people who came in with it"}, All: 1}
	}
	if err != nil {
		return err
	}
	ok, err := tx.ChangeImport(ctx, b, ImportApplied)
	if err == nil && !ok {
		err = ErrConflict
	}
	return err
}

// back works out what questionnaires were before, or what stands in the way.
func (u *Imports) back(ctx context.Context, tx Tx, b ImportBatch, state *importState, changes []ImportChange) (*importPlan, error) {
	codes, waves := map[EnrolmentID]string{}, map[WaveID]string{}
	for code, e := range state.byCode {
		codes[e.ID] = code
	}
	for _, w := range state.design.Waves {
		waves[w.ID] = w.Name
	}
	byID := map[AssessmentID]Assessment{}
	for _, mine := range state.sheets {
		for _, as := range mine {
			byID[as.ID] = *as
		}
	}
	newcomers, err := tx.ImportPeople(ctx, b.StudyID, b.ID)
	if err != nil {
		return nil, err
	}
	goes := map[EnrolmentID]bool{} // with all that they have, so that nothing of it need be written back
	for _, id := range newcomers {
		goes[id] = true
	}
	blocked, plan := &UndoBlockedError{}, &importPlan{state: state}
	for _, c := range changes {
		as := byID[c.AssessmentID]
		now := AnswerSheet{SubmittedAt: as.SubmittedAt, Responses: state.answers[as.ID]}
		changed, removed := now.beyond(c.After)
		if len(changed)+len(removed) > 0 || !as.SubmittedAt.Equal(c.After.SubmittedAt) {
			blocked.add(fmt.Sprintf("%s, %s, %s", codes[as.EnrolmentID], waves[as.WaveID], state.definition(as).Title))
			continue
		}
		if !goes[as.EnrolmentID] {
			plan.change(as, state.definition(as), c.After, c.Before, c.Line)
		}
	}
	settled, err := tx.Settled(ctx, b.StudyID, b.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range settled {
		blocked.add(codes[id] + ": something else is stored of this person, who came in with the import")
	}
	if blocked.All > 0 {
		slices.Sort(blocked.What)
		return nil, blocked
	}
	return plan, nil
}
