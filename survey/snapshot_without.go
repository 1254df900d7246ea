package survey

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
)

// leaveOut makes each snapshot of a study that holds somebody who was erased again
// without them, under a new number, and removes the content of the old one with
// the reason. One that cannot be read is removed as well: nothing can be computed
// from it, and it may hold them. When another does the same at the same moment,
// what is left to do is looked at again.
func (u *Snapshots) leaveOut(ctx context.Context, a Actor, study StudyID, erased []Erasure) error {
	const tries = 5
	for try := 1; ; try++ {
		err := u.leaveOutOnce(ctx, a, study, erased)
		if !errors.Is(err, ErrConflict) || try == tries {
			return err
		}
	}
}

func (u *Snapshots) leaveOutOnce(ctx context.Context, a Actor, study StudyID, erased []Erasure) error {
	all, err := u.env.Store.Snapshots(ctx, study)
	if err != nil {
		return err
	}
	for _, s := range slices.Backward(all) { // the oldest first, so that the new numbers are in order
		if s.Removed != nil {
			continue
		}
		f, err := u.open(ctx, s)
		if err == nil {
			if without, n := f.without(erased); n > 0 {
				err = u.again(ctx, a, s, without, n)
			}
		} else if errors.Is(err, ErrBroken) {
			err = u.env.Store.InTx(ctx, func(tx Tx) error {
				return u.replace(ctx, tx, a, s, "It could not be read, and a person who may be in it had their data erased.")
			})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func someone(n int) string {
	if n == 1 {
		return "a person"
	}
	return fmt.Sprintf("%d people", n)
}

// again freezes what is left of a snapshot, as of the moment when it was taken, and
// removes the old content in the same transaction. ErrConflict when that is gone
// already.
func (u *Snapshots) again(ctx context.Context, a Actor, old Snapshot, f *Frozen, n int) error {
	s := Snapshot{
		ID: SnapshotID(u.env.NewID()), StudyID: old.StudyID, Name: old.Name, TakenAt: old.TakenAt, TakenBy: a.author(),
		Note:    joinNotes(old.Note, fmt.Sprintf("This is snapshot %d without %s whose data were erased.", old.Number, someone(n))),
		Program: u.env.Version, Schema: SnapshotSchema, PlanVersion: old.PlanVersion, PlanHash: old.PlanHash,
	}
	var packed bytes.Buffer
	if err := packSnapshot(ctx, f, &s, &packed); err != nil {
		return err
	}
	return u.keep(ctx, a, &s, packed.Bytes(), "", func(tx Tx) error {
		if err := tx.HoldStudy(ctx, old.StudyID); err != nil {
			return err
		}
		reason := fmt.Sprintf("Data of %s in it were erased at their request. Snapshot %d is the same without them.", someone(n), s.Number)
		return u.replace(ctx, tx, a, old, reason)
	})
}

func joinNotes(first, second string) string {
	if first == "" {
		return second
	}
	return first + "\n\n" + second
}

// replace removes the content of a snapshot for a reason.
func (u *Snapshots) replace(ctx context.Context, tx Tx, a Actor, s Snapshot, reason string) error {
	now := u.env.now()
	ok, err := tx.RemoveSnapshot(ctx, s.StudyID, s.ID, SnapshotRemoval{At: now, By: a.author(), Reason: reason})
	if err != nil {
		return err
	}
	if !ok {
		return ErrConflict
	}
	return tx.AppendAudit(ctx, u.event(a, s, now, ActionSnapshotRemoved))
}

// without is a copy of the frozen data without some people, and how many of them
// were in it. They stay in the head counts, as erased.
func (f *Frozen) without(erased []Erasure) (*Frozen, int) {
	gone := map[EnrolmentID]bool{}
	for _, e := range erased {
		gone[e.EnrolmentID] = true
	}
	rest := &Frozen{snapshot: f.snapshot, design: f.design, store: f.store, runs: slices.Clone(f.runs)}
	n := 0
	for _, p := range f.people {
		if !gone[p.ID] {
			rest.people = append(rest.people, p)
			continue
		}
		n++
		for i := range rest.runs {
			if rest.runs[i].Run.ID == p.RunID {
				rest.runs[i].lose(p)
			}
		}
	}
	for _, note := range f.attendance {
		if !gone[note.EnrolmentID] {
			rest.attendance = append(rest.attendance, note)
		}
	}
	for _, s := range f.sheets {
		if !gone[s.enrolment] {
			rest.sheets = append(rest.sheets, s)
		}
	}
	return rest, n
}

// lose counts a person of the run as erased.
func (r *RunSummary) lose(p Enrolment) {
	if p.Withdrawn() {
		r.Withdrawn--
	}
	r.Erased = slices.Clone(r.Erased)
	for i := range r.Erased {
		if r.Erased[i].ArmID == p.ArmID {
			r.Erased[i].N++
			return
		}
	}
	r.Erased = append(r.Erased, ErasedCount{ArmID: p.ArmID, N: 1})
	slices.SortFunc(r.Erased, func(a, b ErasedCount) int {
		if a.ArmID < b.ArmID {
			return -1
		}
		return 1
	})
}
