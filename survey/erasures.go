package survey

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"
)

// Erasures are the use cases of having everything erased, and of what has to
// follow from it.
type Erasures struct{ env Env }

// ErasureChoice says what a person who leaves may choose, and what would remain
// elsewhere.
type ErasureChoice struct {
	Policy  ErasurePolicy
	Allowed bool
	// Frozen is how many snapshots were taken since the person came; they are
	// made again without them.
	Frozen int
	// Exports is how many copies were handed out to researchers since the
	// person came. They are out of the program's reach.
	Exports int
}

// Choice is what the person may choose now.
func (u *Erasures) Choice(ctx context.Context, a Actor) (ErasureChoice, error) {
	if a.Kind != ActorParticipant {
		return ErasureChoice{}, ErrForbidden
	}
	c, err := choiceOf(ctx, u.env.Store, a.Participation.Enrolment)
	if err != nil {
		return ErasureChoice{}, fmt.Errorf("choice of erasure: %w", err)
	}
	return c, nil
}

func choiceOf(ctx context.Context, r Reader, e Enrolment) (ErasureChoice, error) {
	var c ErasureChoice
	var err error
	if c.Policy, err = r.ErasurePolicy(ctx, e.StudyID); err != nil {
		return c, err
	}
	if c.Exports, err = r.CopiesSince(ctx, e.StudyID, e.EnrolledAt); err != nil {
		return c, err
	}
	snapshots, err := r.Snapshots(ctx, e.StudyID)
	if err != nil {
		return c, err
	}
	planned := false
	for _, s := range snapshots {
		planned = planned || s.PlanVersion > 0
		if s.Removed == nil && !s.TakenAt.Before(e.EnrolledAt) {
			c.Frozen++
		}
	}
	c.Allowed = c.Policy == ErasureAllowed || c.Policy == ErasureUntilAnalysis && !planned
	return c, nil
}

// receiptForm is what a receipt looks like; a page makes one with Keys.NewToken.
var receiptForm = regexp.MustCompile(`^[a-z0-9]{32}$`)

// NewReceipt is the name of an erasure to come, which a form carries so that
// sending it twice leads to the same.
func (u *Erasures) NewReceipt() string { return u.env.Keys.NewToken() }

// Erase removes everything that is stored of the person, who thereby leaves the
// study, and gives the receipt by which they can ask what became of it. ErrKept
// when the study does not allow it; ErrNotSignedIn when they were erased a moment
// ago, on another device. Snapshots are made again without the person, and freed
// space is cleared, right afterwards; what of that fails is done by Settle later.
func (u *Erasures) Erase(ctx context.Context, a Actor, receipt string) (string, error) {
	if a.Kind != ActorParticipant {
		return "", ErrForbidden
	}
	if !receiptForm.MatchString(receipt) {
		receipt = u.NewReceipt()
	}
	p, now := a.Participation, u.env.now()
	event := u.env.event(a, p.Study.ID, now, ActionErased, "enrolment", string(p.Enrolment.ID))
	e := Erasure{
		StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, RunID: p.Run.ID, ArmID: p.Enrolment.ArmID,
		Assigned: p.Enrolment.Assigned, At: now, By: a.Kind, ReceiptHash: u.env.Keys.HashToken(receipt),
	}
	var with []Erasure
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, p.Study.ID); err != nil {
			return err
		}
		choice, err := choiceOf(ctx, tx, p.Enrolment)
		if err != nil {
			return err
		}
		if !choice.Allowed {
			return ErrKept
		}
		e.Exports, e.Code = choice.Exports, ""
		if e.Exports > 0 {
			e.Code = p.Enrolment.Code
		}
		if with, err = u.eraseLinked(ctx, tx, e); err != nil {
			return err
		}
		ok, err := tx.Erase(ctx, e)
		if err != nil {
			return err
		}
		if !ok {
			return ErrNotSignedIn
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return "", fmt.Errorf("erase: %w", err)
	}
	if u.env.Tombstones != nil {
		for _, e := range append(with, e) {
			u.env.Tombstones(e)
		}
	}
	return receipt, nil
}

// eraseLinked erases the participations that turned out to be of the same person, and
// tells which. Nobody holds a receipt for them.
func (u *Erasures) eraseLinked(ctx context.Context, tx Tx, e Erasure) ([]Erasure, error) {
	people, err := tx.LinkedTo(ctx, e.StudyID, e.EnrolmentID)
	if err != nil {
		return nil, err
	}
	var with []Erasure
	for _, p := range people {
		one := e
		one.EnrolmentID, one.RunID, one.ArmID, one.Assigned, one.Linked = p.ID, p.RunID, p.ArmID, p.Assigned, true
		one.ReceiptHash = u.env.Keys.HashToken(u.NewReceipt())
		if one.Code != "" {
			one.Code = p.Code
		}
		if _, err := tx.Erase(ctx, one); err != nil {
			return nil, err
		}
		with = append(with, one)
	}
	return with, nil
}

// ErasureNote is what a receipt tells.
type ErasureNote struct {
	StudyTitle string
	TimeZone   string
	At         time.Time
	// Settled: frozen data and freed space are cleared as well.
	Settled bool
	// Exports is how many copies researchers had been handed by then.
	Exports int
	// Cleared: a researcher has said that those copies are cleared.
	Cleared bool
}

// Receipt finds an erasure by what its person holds; nobody else can. ErrNotFound
// for any other.
func (u *Erasures) Receipt(ctx context.Context, receipt string) (ErasureNote, error) {
	if !receiptForm.MatchString(receipt) {
		return ErasureNote{}, ErrNotFound
	}
	e, err := u.env.Store.ErasureByReceipt(ctx, u.env.Keys.HashToken(receipt))
	if err != nil {
		return ErasureNote{}, fmt.Errorf("receipt: %w", err)
	}
	study, err := u.env.Store.Study(ctx, e.StudyID)
	if err != nil {
		return ErasureNote{}, fmt.Errorf("receipt: %w", err)
	}
	return ErasureNote{
		StudyTitle: study.Title, TimeZone: study.TimeZone, At: e.At, Settled: !e.SettledAt.IsZero(),
		Exports: e.Exports, Cleared: e.Exports > 0 && e.Code == "",
	}, nil
}

// Settle does what an erasure leaves to do: snapshots that hold the person are made
// again without them, and the bytes of removed rows are cleared. Only the program
// may. It returns how many erasures it settled; doing it twice is no fault.
func (u *Erasures) Settle(ctx context.Context, a Actor) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	all, err := u.env.Store.AllErasures(ctx)
	if err != nil {
		return 0, fmt.Errorf("settle erasures: %w", err)
	}
	all = slices.DeleteFunc(all, func(e Erasure) bool { return !e.SettledAt.IsZero() })
	if len(all) == 0 {
		return 0, nil
	}
	byStudy := map[StudyID][]Erasure{}
	for _, e := range all {
		byStudy[e.StudyID] = append(byStudy[e.StudyID], e)
	}
	snapshots := &Snapshots{u.env}
	for study, erased := range byStudy {
		if err := snapshots.leaveOut(ctx, a, study, erased); err != nil {
			return 0, fmt.Errorf("settle erasures in study %s: %w", study, err)
		}
	}
	if err := u.env.Store.Scrub(ctx); err != nil {
		return 0, fmt.Errorf("settle erasures: %w", err)
	}
	now := u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		for _, e := range all {
			if err := tx.SettleErasure(ctx, e.StudyID, e.EnrolmentID, now); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("settle erasures: %w", err)
	}
	return len(all), nil
}

// All are the erasures of the installation, to be kept apart from the database.
// Only the program may ask.
func (u *Erasures) All(ctx context.Context, a Actor) ([]Erasure, error) {
	if a.Kind != ActorSystem {
		return nil, ErrForbidden
	}
	all, err := u.env.Store.AllErasures(ctx)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	return all, nil
}

// Replay does erasures again that the database does not know, because an older
// copy of it was put back, and returns how many people were erased. Studies, runs
// and people that the copy does not have are passed over. Only the program may.
func (u *Erasures) Replay(ctx context.Context, a Actor, erasures []Erasure) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	done := 0
	for _, e := range erasures {
		now := u.env.now()
		again := false
		err := u.env.Store.InTx(ctx, func(tx Tx) error {
			again = false
			err := tx.HoldStudy(ctx, e.StudyID)
			if errors.Is(err, ErrNotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			e.SettledAt = time.Time{} // this copy's frozen data have the person again
			if again, err = tx.Erase(ctx, e); err != nil || !again {
				return err
			}
			return tx.AppendAudit(ctx, u.env.event(a, e.StudyID, now, ActionErasureReplayed, "enrolment", string(e.EnrolmentID)))
		})
		if err != nil {
			return done, fmt.Errorf("replay the erasure of %s: %w", e.EnrolmentID, err)
		}
		if again {
			done++
		}
	}
	if done == 0 {
		return 0, nil
	}
	_, err := u.Settle(ctx, a)
	return done, err
}

// List gives the erasures of a study, for whoever may analyse it: where copies
// were handed out, it says under which code the person stands in them.
func (u *Erasures) List(ctx context.Context, a Actor, study StudyID) ([]Erasure, error) {
	if !a.MayAnalyse(study) {
		return nil, ErrForbidden
	}
	list, err := u.env.Store.Erasures(ctx, study)
	if err != nil {
		return nil, fmt.Errorf("erasures of study %s: %w", study, err)
	}
	return list, nil
}

// Clear notes that copies handed out before an erasure no longer hold the person,
// and forgets their code. Whoever may analyse the study may say so. Saying it twice
// changes nothing.
func (u *Erasures) Clear(ctx context.Context, a Actor, study StudyID, id EnrolmentID) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	event := u.env.event(a, study, u.env.now(), ActionErasureCleared, "enrolment", string(id))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		ok, err := tx.ClearErasureCode(ctx, study, id)
		if err != nil || !ok {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("clear an erasure: %w", err)
	}
	return nil
}

// SetPolicy says what a study allows. Administrators may, while the study is a
// draft: nobody has been told otherwise yet. Later it is ErrConflict.
func (u *Erasures) SetPolicy(ctx context.Context, a Actor, study StudyID, p ErasurePolicy) error {
	switch {
	case !a.IsAdministrator():
		return ErrForbidden
	case !p.Valid():
		return FieldErrors{"erasure": "study.bad_erasure"}
	}
	if err := u.env.proven(a); err != nil {
		return err
	}
	event := u.env.event(a, study, u.env.now(), ActionErasurePolicy, "study", string(study))
	event.Detail = string(p)
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		s, err := tx.Study(ctx, study)
		if err != nil {
			return err
		}
		if s.State != StudyDraft {
			return ErrConflict
		}
		if err := tx.SetErasurePolicy(ctx, study, p); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("erasure policy of study %s: %w", study, err)
	}
	return nil
}

// Policy is what a study allows, for whoever has to do with it.
func (u *Erasures) Policy(ctx context.Context, a Actor, study StudyID) (ErasurePolicy, error) {
	if !a.MayKnowStudy(study) && (a.Kind != ActorParticipant || a.Participation.Study.ID != study) {
		return "", ErrNotFound
	}
	p, err := u.env.Store.ErasurePolicy(ctx, study)
	if err != nil {
		return "", fmt.Errorf("erasure policy of study %s: %w", study, err)
	}
	return p, nil
}
