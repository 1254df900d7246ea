package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// PlannedPerson is somebody who was added to a run before its study opened. There is
// no link, no group and no questionnaire of theirs yet, and nobody writes to them:
// all of that comes about when the study opens, in the order in which people were
// added, so that nobody can know an arm before.
type PlannedPerson struct {
	ID      string
	RunID   RunID
	AddedAt time.Time
	Person  Person
	// Arm is where they go by hand, with the reason; empty: by lot.
	Arm    ArmID
	Reason string
	Facts  map[string]string // as in Enrolling

	position int
}

// SealedPlan is a planned person as stored. Who it is stands in no column: it is
// sealed, and opens nowhere but in this row.
type SealedPlan struct {
	StudyID  StudyID
	RunID    RunID
	ID       string
	Position int // from 1, within the study
	AddedAt  time.Time
	KeyID    string
	Sealed   []byte
}

// plannedNote is the kind of what is sealed of a planned person, among private notes:
// they share a cipher, and no place of one is a place of the other.
const plannedNote NoteKind = "planned person"

func planPlace(study StudyID, id string) NotePlace {
	return NotePlace{StudyID: study, ID: NoteID(id), Kind: plannedNote}
}

// Planned are the people of a run who wait for their study to open, in order.
// Facilitators of the run may.
func (u *Runs) Planned(ctx context.Context, a Actor, id StudyID, run RunID) ([]PlannedPerson, error) {
	if !a.MayRun(id, run) {
		return nil, ErrNotFound
	}
	all, err := u.planned(ctx, u.env.Store, id)
	if err != nil {
		return nil, fmt.Errorf("planned people of run %s: %w", run, err)
	}
	return slices.DeleteFunc(all, func(p PlannedPerson) bool { return p.RunID != run }), nil
}

// planned are those of all runs of a study.
func (u *Runs) planned(ctx context.Context, r Reader, id StudyID) ([]PlannedPerson, error) {
	rows, err := r.Planned(ctx, id)
	if err != nil {
		return nil, err
	}
	all := make([]PlannedPerson, len(rows))
	for i, row := range rows {
		plain, err := u.env.Keys.OpenNote(planPlace(id, row.ID), row.KeyID, row.Sealed)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(plain, &all[i]); err != nil {
			return nil, fmt.Errorf("read a planned person: %w", err)
		}
		all[i].ID, all[i].RunID, all[i].AddedAt, all[i].position = row.ID, row.RunID, row.AddedAt, row.Position
	}
	return all, nil
}

// Plan adds people to a run of a study that has not been opened. Faults and repeated
// forms are as with Enrol. Facilitators of the run may; ErrConflict once the study is
// open.
func (u *Runs) Plan(ctx context.Context, a Actor, id StudyID, run RunID, n Enrolling) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	if len(n.People) == 0 {
		return FieldErrors{"people": "people.none"}
	}
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil {
			return err
		}
		design, err := tx.Design(ctx, id)
		if err != nil {
			return err
		}
		if design.Study.State != StudyDraft {
			return ErrConflict
		}
		r, err := tx.Run(ctx, id, run)
		if err != nil {
			return err
		}
		event := u.env.event(a, id, now, ActionPeoplePlanned, "run", string(run))
		event.Detail = fmt.Sprintf("%d people", len(n.People))
		if err := noteOnce(ctx, tx, n.Once, event); err != nil {
			return err
		}
		before, err := u.planned(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := u.checkPlan(ctx, tx, design, r, n, before); err != nil {
			return err
		}
		return tx.PutPlanned(ctx, u.sealPlan(id, run, n, before, now))
	})
	if err != nil {
		return fmt.Errorf("plan people of run %s: %w", run, err)
	}
	return nil
}

// checkPlan finds what would stand against enrolling them when the study opens.
func (u *Runs) checkPlan(ctx context.Context, tx Tx, design StudyDesign, run CourseRun, n Enrolling, before []PlannedPerson) error {
	if len(n.People)+len(before) > MaxPeopleAtOnce {
		return FieldErrors{"people": "people.too_many"}
	}
	known := make(map[string]bool, len(before))
	for _, p := range before {
		known[p.Person.Email] = known[p.Person.Email] || p.RunID == run.ID
	}
	faults := FieldErrors{}
	for _, p := range n.People {
		if p.Email != "" && known[p.Email] {
			faults[p.Email] = "people.already"
		}
	}
	scheme, err := schemeOf(ctx, tx, design)
	if err != nil {
		return err
	}
	maps.Copy(faults, n.faults(design, urn{design: design, seal: AllocationSeal{Scheme: scheme}}, run))
	return faults.OrNil()
}

func (u *Runs) sealPlan(id StudyID, run RunID, n Enrolling, before []PlannedPerson, now time.Time) []SealedPlan {
	last := 0
	for _, p := range before {
		last = max(last, p.position)
	}
	rows := make([]SealedPlan, len(n.People))
	for i, p := range n.People {
		rows[i] = SealedPlan{StudyID: id, RunID: run, ID: u.env.NewID(), Position: last + i + 1, AddedAt: now}
		plain, _ := json.Marshal(PlannedPerson{Person: p, Arm: n.Arm, Reason: n.Reason, Facts: n.Facts}) // texts alone
		rows[i].KeyID, rows[i].Sealed = u.env.Keys.SealNote(planPlace(id, rows[i].ID), plain)
	}
	return rows
}

// RemovePlanned takes somebody off again, with all that is stored of them. Doing it
// twice changes nothing. Facilitators of the run may.
func (u *Runs) RemovePlanned(ctx context.Context, a Actor, id StudyID, run RunID, person string) error {
	if !a.MayRun(id, run) {
		return ErrNotFound
	}
	event := u.env.event(a, id, u.env.now(), ActionPlanRemoved, "run", string(run))
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if _, err := tx.Run(ctx, id, run); err != nil {
			return err
		}
		removed, err := tx.RemovePlanned(ctx, id, run, person)
		if err != nil || !removed {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("remove a planned person of run %s: %w", run, err)
	}
	return nil
}

// enrolPlanned enrols everybody who waits for the study to open, in the transaction
// that opens it. People who were added together are enrolled together.
func (u *Runs) enrolPlanned(ctx context.Context, tx Tx, a Actor, id StudyID, now time.Time) error {
	waiting, err := u.planned(ctx, tx, id)
	if err != nil || len(waiting) == 0 {
		return err
	}
	for len(waiting) > 0 {
		first := waiting[0]
		n := Enrolling{Arm: first.Arm, Reason: first.Reason, Facts: first.Facts}
		for len(waiting) > 0 && first.together(waiting[0]) {
			n.People = append(n.People, waiting[0].Person)
			waiting = waiting[1:]
		}
		_, err := u.enrol(ctx, tx, a, id, first.RunID, n, now)
		if _, faulty := errors.AsType[FieldErrors](err); faulty { // the scheme was changed since
			return FieldErrors{"allocation": "planned.facts_missing"}
		}
		if err != nil {
			return err
		}
	}
	return tx.RemoveAllPlanned(ctx, id)
}

func (p PlannedPerson) together(q PlannedPerson) bool {
	return p.RunID == q.RunID && p.AddedAt.Equal(q.AddedAt) && p.Arm == q.Arm && p.Reason == q.Reason && maps.Equal(p.Facts, q.Facts)
}

// faults are what is wrong with the group or with what is told of the people.
func (n Enrolling) faults(design StudyDesign, u urn, run CourseRun) FieldErrors {
	_, faults := u.levelsOfAll(run, n)
	if n.Arm == "" {
		return faults
	}
	if _, ok := design.Arm(n.Arm); !ok {
		faults["arm"] = "run.unknown_arm"
	}
	if fault := reasonFault(strings.TrimSpace(n.Reason)); fault != "" {
		faults["reason"] = fault
	}
	return faults
}
