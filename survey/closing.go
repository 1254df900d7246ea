package survey

import (
	"context"
	"errors"
	"fmt"
)

// stateOf is the state of a questionnaire in this study: once it is closed, nothing
// more can be answered.
func (s Study) stateOf(state AssessmentState) AssessmentState {
	switch state {
	case AssessmentScheduled, AssessmentOpen, AssessmentPartly:
		if s.State == StudyClosed {
			return AssessmentExpired
		}
	case AssessmentSubmitted, AssessmentExpired, AssessmentWithdrawn, AssessmentNotAsked:
	}
	return state
}

// Close ends a study: nobody is added or asked any more, and the seed of its
// allocation is revealed. It stays closed, so whoever closes it says that they are
// sure. Its researchers and administrators may; a study that is not open is
// ErrConflict.
func (u *Studies) Close(ctx context.Context, a Actor, id StudyID, sure bool) error {
	if !a.IsAdministrator() && !a.MayAnalyse(id) {
		return ErrForbidden
	}
	if !sure {
		return FieldErrors{"sure": "study.not_sure"}
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil { // no draw is under way
			return err
		}
		ok, err := tx.SetStudyState(ctx, id, StudyOpen, StudyClosed)
		if err != nil {
			return err
		}
		if !ok {
			return ErrConflict
		}
		events := []AuditEvent{u.env.event(a, id, now, ActionStudyClosed, "study", string(id))}
		seal, err := tx.AllocationSeal(ctx, id)
		switch {
		case err == nil:
			revealed := u.env.event(a, id, now, ActionSeedRevealed, "study", string(id))
			revealed.Detail = "SHA-256 " + seal.Commitment
			events = append(events, revealed)
		case !errors.Is(err, ErrNotFound):
			return err
		}
		return tx.AppendAudit(ctx, events...)
	})
	if err != nil {
		return fmt.Errorf("close study %s: %w", id, err)
	}
	return nil
}
