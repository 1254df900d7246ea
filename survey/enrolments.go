package survey

import (
	"context"
	"fmt"
	"time"
)

// Enrolments are the use cases of taking part: consent, leaving, and the
// personal links that facilitators print.
type Enrolments struct{ env Env }

// Withdraw ends the person's part in the study. What was submitted is kept;
// nothing more is asked. Leaving twice changes nothing.
func (u *Enrolments) Withdraw(ctx context.Context, a Actor) error {
	if a.Kind != ActorParticipant {
		return ErrForbidden
	}
	p, now := a.Participation, u.env.now()
	event := u.env.event(a, p.Study.ID, now, ActionWithdrawn, "enrolment", string(p.Enrolment.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ended, err := tx.Withdraw(ctx, p.Study.ID, p.Enrolment.ID, now)
		if err != nil || !ended {
			return err
		}
		if err := tx.Announce(ctx, withdrawnNotice(p.Study.ID, p.Enrolment.ID, now)); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("withdraw: %w", err)
	}
	return nil
}

// Pause says whether the person wants messages for now. The study goes on
// without them. Saying the same again changes nothing.
func (u *Enrolments) Pause(ctx context.Context, a Actor, paused bool) error {
	p, now := a.Participation, u.env.now()
	switch {
	case a.Kind != ActorParticipant:
		return ErrForbidden
	case p.Enrolment.Withdrawn():
		return ErrWithdrawn
	}
	action, at := ActionPaused, now
	if !paused {
		action, at = ActionResumed, time.Time{}
	}
	event := u.env.event(a, p.Study.ID, now, action, "enrolment", string(p.Enrolment.ID))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		current, err := tx.Participation(ctx, p.Study.ID, p.Enrolment.ID)
		if err != nil {
			return err
		}
		if current.Enrolment.Paused() == paused {
			return nil
		}
		if err := tx.Pause(ctx, p.Study.ID, p.Enrolment.ID, at); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("pause messages: %w", err)
	}
	return nil
}

// PrintedLink is one person's slip.
type PrintedLink struct {
	Enrolment Enrolment
	Name      string
	Token     string // goes into the address of the link
	Code      string // to be typed in its place
}

// Links makes the personal links of a run's people again, for printing; people
// who left get none. It is audited. Facilitators of the run may.
func (u *Enrolments) Links(ctx context.Context, a Actor, id StudyID, run RunID) (CourseRun, []PrintedLink, error) {
	if !a.MayRun(id, run) {
		return CourseRun{}, nil, ErrNotFound
	}
	now := u.env.now()
	var links []PrintedLink
	var r CourseRun
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		var err error
		if r, err = tx.Run(ctx, id, run); err != nil {
			return err
		}
		roster, err := tx.Roster(ctx, id, run)
		if err != nil {
			return err
		}
		contacts, err := tx.Contacts(ctx, id, run)
		if err != nil {
			return err
		}
		stored, err := tx.Links(ctx, id, run)
		if err != nil {
			return err
		}
		links = links[:0]
		for _, e := range roster {
			l, ok := stored[e.ID]
			if !ok || e.Withdrawn() || !l.RevokedAt.IsZero() {
				continue
			}
			code := u.env.shortCode(id, e.ID, l.Generation)
			if l.CodeHash == "" { // a link from before there were codes
				if err := tx.SetCode(ctx, id, e.ID, l.Generation, u.env.hashCode(code)); err != nil {
					return err
				}
			}
			links = append(links, PrintedLink{
				Enrolment: e, Name: contacts[e.ParticipantID].Name,
				Token: u.env.Keys.PersonalToken(id, e.ID, l.Generation), Code: code,
			})
		}
		return tx.AppendAudit(ctx, u.env.event(a, id, now, ActionLinksPrinted, "run", string(run)))
	})
	if err != nil {
		return CourseRun{}, nil, fmt.Errorf("links of run %s: %w", run, err)
	}
	return r, links, nil
}
