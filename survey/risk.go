package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"tidemark/survey/instrument"
)

// asksOfRisk reports whether a questionnaire has a rule about risk.
func asksOfRisk(d *instrument.Definition) bool {
	return slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.Risk != nil })
}

// flaggedItems are the items whose answers meet a rule of the questionnaire, in
// its order.
func flaggedItems(d *instrument.Definition, answers instrument.Answers) []string {
	var items []string
	for _, it := range d.Items {
		if v, ok := answers[it.Code]; ok && it.Risk.Holds(v) {
			items = append(items, it.Code)
		}
	}
	return items
}

// flag notes answers that meet a rule about risk, in the transaction that keeps
// them: what is acknowledged as saved is flagged, and in a linked study the alert
// and its message are there as well. An item is flagged once: sent again, or
// changed, it stays as it was. due tells that help has yet to be shown.
func (e Env) flag(ctx context.Context, tx Tx, as Assessment, items []string, at time.Time) (due bool, err error) {
	if len(items) == 0 {
		return false, nil
	}
	var safety *Safety // read when it is needed
	for _, item := range items {
		f := RiskFlag{
			StudyID: as.StudyID, AssessmentID: as.ID, Item: item, EnrolmentID: as.EnrolmentID, FlaggedAt: at,
		}
		fresh, err := tx.PutRiskFlag(ctx, f)
		if err != nil {
			return false, err
		}
		if !fresh {
			continue
		}
		if safety == nil {
			s, err := tx.Safety(ctx, as.StudyID)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return false, err
			}
			safety = &s
		}
		if err := e.alert(ctx, tx, *safety, f); err != nil {
			return false, err
		}
	}
	flags, err := tx.RiskFlags(ctx, as.StudyID, as.ID)
	return slices.ContainsFunc(flags, func(f RiskFlag) bool { return f.ShownAt.IsZero() }), err
}

// alert lets the named people of a linked study know. The line in the audit trail
// does not tell whose answer it was.
func (e Env) alert(ctx context.Context, tx Tx, s Safety, f RiskFlag) error {
	alert, linked := newAlert(s, f, AlertID(e.NewID()))
	if !linked {
		return nil
	}
	if err := tx.CreateAlert(ctx, alert); err != nil {
		return err
	}
	if err := e.postAlert(ctx, tx, alert, toResponder, f.FlaggedAt); err != nil {
		return err
	}
	told := HookNotice{StudyID: f.StudyID, Kind: HookAlert, About: string(alert.ID), At: f.FlaggedAt}
	if err := tx.Announce(ctx, told); err != nil {
		return err
	}
	event := e.event(SystemActor("risk rule"), f.StudyID, f.FlaggedAt, ActionAlertOpened, "alert", string(alert.ID))
	return tx.AppendAudit(ctx, event)
}

// ShowHelp reports whether an answer of one of the person's own questionnaires
// met a rule about risk, and then notes that help is shown now: at once, or again
// at the end. Only the first time is kept.
func (u *Assessments) ShowHelp(ctx context.Context, a Actor, id AssessmentID, atEnd bool) (bool, error) {
	if a.Kind != ActorParticipant {
		return false, ErrForbidden
	}
	e, now := a.Participation.Enrolment, u.env.now()
	flags, err := u.env.Store.RiskFlags(ctx, e.StudyID, id)
	if err != nil {
		return false, fmt.Errorf("show help at assessment %s: %w", id, err)
	}
	flags = slices.DeleteFunc(flags, func(f RiskFlag) bool { return f.EnrolmentID != e.ID })
	if len(flags) == 0 {
		return false, nil
	}
	unnoted := slices.ContainsFunc(flags, func(f RiskFlag) bool {
		return atEnd && f.ShownAgainAt.IsZero() || !atEnd && f.ShownAt.IsZero()
	})
	if !unnoted || u.env.Mode.ReadOnly() { // help stays when nothing is noted
		return true, nil
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error { return tx.MarkHelpShown(ctx, e.StudyID, id, atEnd, now) })
	if err != nil {
		return false, fmt.Errorf("note that help was shown at assessment %s: %w", id, err)
	}
	return true, nil
}
