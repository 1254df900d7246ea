package survey

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"tidemark/survey/allocation"
	"tidemark/survey/schedule"
)

// TransferSheet is what there is to know before somebody goes on in another run of
// their study.
type TransferSheet struct {
	Study     Study
	Run       CourseRun
	Enrolment Enrolment
	Name      string
	Targets   []CourseRun // that the actor leads too
	// To is what would become of them in the run that was chosen; nil: none was.
	To *TransferOutlook
}

// TransferOutlook is what a transfer to a run comes to.
type TransferOutlook struct {
	Run CourseRun
	// Fault is why it cannot be, as a key of a message; empty: it can.
	Fault string
	// Capacity, Taken and Waiting are the places of the run; no capacity: as many
	// as come.
	Capacity, Taken, Waiting int
	Waves                    []TransferWave
}

// Full reports whether no place is free, or others wait for it.
func (o TransferOutlook) Full() bool {
	return RunEntry{Capacity: o.Capacity}.full(o.Taken, o.Waiting)
}

// TransferWave is one occasion before and after.
type TransferWave struct {
	Wave     Wave
	State    AssessmentState
	Was, New schedule.Window // the zero window: not asked
}

// Transfer looks at what a transfer of one person would come to; to may be empty.
// Facilitators of the run may, and see the runs that they lead too.
func (u *Runs) Transfer(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, to RunID) (TransferSheet, error) {
	if !a.MayRun(id, run) {
		return TransferSheet{}, ErrNotFound
	}
	s, err := u.transfer(ctx, a, id, run, person, to)
	if err != nil {
		return s, fmt.Errorf("transfer of %s: %w", person, err)
	}
	return s, nil
}

func (u *Runs) transfer(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, to RunID) (TransferSheet, error) {
	b, err := u.board(ctx, id, run)
	if err != nil {
		return TransferSheet{}, err
	}
	s := TransferSheet{Study: b.Study, Run: b.Run}
	var row BoardRow
	for _, r := range b.Rows {
		if r.Enrolment.ID == person {
			row = r
		}
	}
	if s.Enrolment, s.Name = row.Enrolment, row.Name; row.Enrolment.ID == "" {
		return s, ErrNotFound
	}
	runs, err := u.env.Store.Runs(ctx, id)
	if err != nil {
		return s, err
	}
	for _, r := range runs {
		if r.Run.ID == run || !a.MayRun(id, r.Run.ID) {
			continue
		}
		s.Targets = append(s.Targets, r.Run)
		if r.Run.ID != to {
			continue
		}
		if s.To, err = u.outlook(ctx, u.env.Store, b.Study, row.Enrolment, r.Run); err != nil {
			return s, err
		}
		moved := row.Enrolment
		moved.RunID, moved.RunSince = to, u.env.now()
		progress, err := u.env.Store.Progress(ctx, id, run)
		if err != nil {
			return s, err
		}
		was, will, done := b.Run.Timetable(b.Waves), r.Run.Timetable(b.Waves), CompletedIn(progress, b.Waves)
		for i, w := range b.Waves {
			if row.Cells[i].Applies {
				s.To.Waves = append(s.To.Waves, TransferWave{w, row.Cells[i].State, was.Window(w.ID, row.Enrolment, done), will.Window(w.ID, moved, done)})
			}
		}
	}
	return s, nil
}

// outlook is what stands against a transfer to a run, and its places.
func (u *Runs) outlook(ctx context.Context, r Reader, study Study, e Enrolment, to CourseRun) (*TransferOutlook, error) {
	o := &TransferOutlook{Run: to}
	entry, err := r.RunEntry(ctx, study.ID, to.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	entry.StudyID, entry.RunID, o.Capacity = study.ID, to.ID, entry.Capacity
	taken, waiting, err := (&Entries{u.env}).taken(ctx, r, entry)
	if err != nil {
		return nil, err
	}
	o.Taken, o.Waiting = taken, len(waiting)
	switch {
	case study.State != StudyOpen:
		o.Fault = "transfer.closed"
	case e.Stopped():
		o.Fault = "transfer.left"
	case e.Crossed():
		o.Fault = "transfer.crossed"
	default:
		o.Fault, err = armOfRun(ctx, r, study.ID, e, to.ID)
	}
	return o, err
}

// armOfRun refuses a run that was allotted as a whole to another arm, or not yet: who
// came to it would be in a group that they were not allotted to.
func armOfRun(ctx context.Context, r Reader, study StudyID, e Enrolment, to RunID) (string, error) {
	seal, err := r.AllocationSeal(ctx, study)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	if err != nil || seal.Scheme.Unit != allocation.ByRun {
		return "", err
	}
	draws, err := r.Draws(ctx, study)
	if err != nil {
		return "", err
	}
	for _, d := range draws {
		if d.Unit != allocation.ByRun || d.RunID != to {
			continue
		}
		if d.ArmID != e.ArmID {
			return "transfer.other_arm", nil
		}
		return "", nil
	}
	return "transfer.no_arm", nil
}

// NewTransfer is who is to go on where, and why.
type NewTransfer struct {
	To     RunID
	Reason string
	Sure   bool // although the run is full
	Once   Once // the form it comes from
}

// maxTransferReason bounds a reason, in characters.
const maxTransferReason = 500

// TransferPerson lets somebody go on in another run of their study. What they have
// answered stays as it is; what they have not follows the calendar of the new run, and
// what was over there before they came is not asked. Their arm stays, as do their
// links, consent and practice; attendance and notes stay with the run in which they
// were noted, and figures of groups that were told stay as they are. Messages that
// wait are dropped, and decided on anew. Facilitators of both runs may, with a reason.
// Faults are FieldErrors: "to", "reason", "sure". ErrRepeated for a form sent twice.
func (u *Runs) TransferPerson(ctx context.Context, a Actor, id StudyID, run RunID, person EnrolmentID, n NewTransfer) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	faults := FieldErrors{}
	n.Reason = strings.TrimSpace(n.Reason)
	checkText(faults, "reason", n.Reason, maxTransferReason)
	if n.Reason == "" {
		faults["reason"] = "transfer.no_reason"
	}
	if n.To == run || !a.MayRun(id, n.To) {
		faults["to"] = "transfer.bad_run"
	}
	if err := faults.OrNil(); err != nil {
		return err
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := u.holdBoth(ctx, tx, id, run, n.To); err != nil {
			return err
		}
		return u.transferIn(ctx, tx, a, id, run, person, n, now)
	})
	if err != nil {
		return fmt.Errorf("transfer of %s: %w", person, err)
	}
	return nil
}

// holdBoth holds two runs in an order that is the same for everybody.
func (u *Runs) holdBoth(ctx context.Context, tx Tx, id StudyID, a, b RunID) error {
	if err := tx.HoldStudy(ctx, id); err != nil {
		return err
	}
	for _, run := range []RunID{min(a, b), max(a, b)} {
		if err := tx.LockRun(ctx, id, run); errors.Is(err, ErrNotFound) {
			return FieldErrors{"to": "transfer.bad_run"}
		} else if err != nil {
			return err
		}
	}
	return nil
}

func (u *Runs) transferIn(ctx context.Context, tx Tx, a Actor, id StudyID, run RunID, person EnrolmentID, n NewTransfer, now time.Time) error {
	p, err := tx.Participation(ctx, id, person)
	if err != nil {
		return err
	}
	events := u.transferEvents(a, id, run, person, n, now)
	if err := noteOnce(ctx, tx, n.Once, events[0]); err != nil {
		return err
	}
	if p.Run.ID != run || p.Enrolment.LinkedTo != "" {
		return ErrNotFound
	}
	to, err := tx.Run(ctx, id, n.To)
	if err != nil {
		return err
	}
	o, err := u.outlook(ctx, tx, p.Study, p.Enrolment, to)
	switch {
	case err != nil:
		return err
	case o.Fault != "":
		return FieldErrors{"to": o.Fault}
	case o.Full() && !n.Sure:
		return FieldErrors{"sure": "transfer.full"}
	}
	d, err := tx.Design(ctx, id)
	if err != nil {
		return err
	}
	moved := p.Enrolment
	moved.RunID, moved.RunSince = n.To, now
	if err := tx.MoveEnrolment(ctx, moved, run, linkUntil(d, to, moved, now)); err != nil {
		return err
	}
	if err := tx.DropWaveMessages(ctx, id, person, now, ReasonMoved); err != nil {
		return err
	}
	return tx.AppendAudit(ctx, events[1:]...)
}

// transferEvents are the lines of the trail: of the person, and of both runs.
func (u *Runs) transferEvents(a Actor, id StudyID, run RunID, person EnrolmentID, n NewTransfer, now time.Time) []AuditEvent {
	of := u.env.event(a, id, now, ActionPersonMoved, "enrolment", string(person))
	of.Detail = "from run " + string(run) + " to run " + string(n.To) + ": " + n.Reason
	from, to := u.env.event(a, id, now, ActionTransferred, "run", string(run)), u.env.event(a, id, now, ActionTransferred, "run", string(n.To))
	from.Detail, to.Detail = "to run "+string(n.To), "from run "+string(run)
	return []AuditEvent{of, from, to}
}

// linkUntil is how long a link has to work for somebody in a run.
func linkUntil(d StudyDesign, run CourseRun, e Enrolment, now time.Time) time.Time {
	last := run.Calendar().Latest(ScheduleWaves(d.wavesOf(e.ArmID)), schedule.Person{EnrolledAt: e.EnrolledAt, JoinedAt: e.RunSince})
	if last.Before(now) {
		last = now
	}
	return last.Add(linkSlack)
}
