package survey

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// SelfCodeChoice is a decision about two participations whose codes are near.
type SelfCodeChoice struct {
	First, Second EnrolmentID
	Reason        string
	// Second says, of questionnaires that were answered in both, by the assessment
	// of the first, whether what the second holds counts. One that is not in it
	// has not been chosen about.
	Seconds map[AssessmentID]bool
}

// maxSelfCodeReason bounds a reason, in characters.
const maxSelfCodeReason = 500

func selfCodeReason(reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	faults := FieldErrors{}
	checkText(faults, "reason", reason, maxSelfCodeReason)
	if reason == "" {
		faults["reason"] = "selfcode.no_reason"
	}
	return reason, faults.OrNil()
}

// SelfCodeKeepField is the field that chooses between two answered questionnaires.
func SelfCodeKeepField(first AssessmentID) string { return "keep_" + string(first) }

// Link says that two participations are of one person. The second one's answers go to
// the first where that has none, and where both have, as was chosen; what is not
// counted is kept with the second, which is in no list, count or export from then on,
// and its links and code lead to the first. The first keeps its group, as it was
// allotted first. Researchers may, with a reason. Faults are FieldErrors: "reason",
// and SelfCodeKeepField of what has to be chosen; ErrConflict when one of them is
// linked already, ErrNotFound when their codes are not near.
func (u *SelfCodes) Link(ctx context.Context, a Actor, id StudyID, n SelfCodeChoice) error {
	return u.decide(ctx, a, id, n, SelfCodesLinked, ActionSelfCodesLinked)
}

// KeepApart says that two participations are of two people, so that the pair is not
// shown again. Researchers may, with a reason.
func (u *SelfCodes) KeepApart(ctx context.Context, a Actor, id StudyID, n SelfCodeChoice) error {
	return u.decide(ctx, a, id, n, SelfCodesApart, ActionSelfCodesApart)
}

func (u *SelfCodes) decide(ctx context.Context, a Actor, id StudyID, n SelfCodeChoice, v SelfCodeVerdict, action Action) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	reason, err := selfCodeReason(n.Reason)
	if err != nil {
		return err
	}
	d := SelfCodeDecision{
		StudyID: id, ID: u.env.NewID(), First: n.First, Second: n.Second, Verdict: v, Reason: reason, At: u.env.now(), By: a.author().Name,
	}
	event := u.env.event(a, id, d.At, action, "enrolment", string(n.First))
	event.Detail = "and " + string(n.Second) + ": " + reason
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil {
			return err
		}
		c, err := u.compare(ctx, tx, id, n.First, n.Second)
		if err != nil {
			return err
		}
		if c.Decision.ID != "" || c.First.LinkedTo != "" || c.Second.LinkedTo != "" {
			return ErrConflict
		}
		if err := tx.DecideSelfCodes(ctx, d); err != nil {
			return err
		}
		if v == SelfCodesLinked {
			if err := u.link(ctx, tx, d, c.Rows, n.Seconds); err != nil {
				return err
			}
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("decide about two codes: %w", err)
	}
	return nil
}

// link moves what counts to the first, in the transaction that decides.
func (u *SelfCodes) link(ctx context.Context, tx Tx, d SelfCodeDecision, rows []SelfCodeRow, seconds map[AssessmentID]bool) error {
	theirs, err := tx.LinkedTo(ctx, d.StudyID, d.Second)
	if err != nil {
		return err
	}
	if len(theirs) > 0 { // then their answers would be two steps away
		return ErrConflict
	}
	faults := FieldErrors{}
	var swaps []SelfCodeSwap
	for _, r := range rows {
		second, chosen := seconds[r.First.ID]
		switch {
		case r.First.ID == "" || r.Second.ID == "" || !r.Second.Given():
		case !r.First.Given():
			swaps = append(swaps, SelfCodeSwap{r.First.ID, r.Second.ID})
		case !chosen:
			faults[SelfCodeKeepField(r.First.ID)] = "selfcode.choose"
		case second:
			swaps = append(swaps, SelfCodeSwap{r.First.ID, r.Second.ID})
		}
	}
	if err := faults.OrNil(); err != nil {
		return err
	}
	for _, s := range swaps {
		if err := tx.SwapAssessments(ctx, d.StudyID, s.First, s.Second); err != nil {
			return err
		}
	}
	if err := tx.CreateSelfCodeSwaps(ctx, d.StudyID, d.ID, swaps); err != nil {
		return err
	}
	return tx.LinkEnrolment(ctx, d.StudyID, d.Second, d.First)
}

// Undo takes a decision back, with a reason: what a link has moved goes back to where
// it was given, with whatever was answered in it since. Researchers may; ErrConflict
// when it does not stand.
func (u *SelfCodes) Undo(ctx context.Context, a Actor, id StudyID, decision, reason string) error {
	if !a.MayAnalyse(id) {
		return ErrForbidden
	}
	reason, err := selfCodeReason(reason)
	if err != nil {
		return err
	}
	now := u.env.now()
	event := u.env.event(a, id, now, ActionSelfCodesUndone, "enrolment", "")
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil {
			return err
		}
		all, err := tx.SelfCodeDecisions(ctx, id)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(all, func(d SelfCodeDecision) bool { return d.ID == decision })
		if i < 0 {
			return ErrNotFound
		}
		d := all[i]
		d.UndoneAt, d.UndoneBy, d.UndoneReason = now, a.author().Name, reason
		event.ObjectID, event.Detail = string(d.First), string(d.Verdict)+" with "+string(d.Second)+": "+reason
		if stood, err := tx.UndoSelfCodes(ctx, d); err != nil || !stood {
			return firstOf(err, ErrConflict)
		}
		if d.Verdict == SelfCodesLinked {
			if err := u.unlink(ctx, tx, d); err != nil {
				return err
			}
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("undo a decision about two codes: %w", err)
	}
	return nil
}

func (u *SelfCodes) unlink(ctx context.Context, tx Tx, d SelfCodeDecision) error {
	swaps, err := tx.SelfCodeSwaps(ctx, d.StudyID, d.ID)
	if err != nil {
		return err
	}
	for _, s := range swaps {
		if err := tx.SwapAssessments(ctx, d.StudyID, s.First, s.Second); err != nil {
			return err
		}
	}
	return tx.LinkEnrolment(ctx, d.StudyID, d.Second, "")
}

// firstOf is the first error that is one.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
