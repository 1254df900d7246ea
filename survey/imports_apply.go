package survey

import (
	"context"
	"fmt"
	"strings"
	"time"

	"tidemark/survey/allocation"
	"tidemark/survey/datafile"
)

// sheetsAtOnce is how many questionnaires are written before progress is told.
const sheetsAtOnce = 500

// apply writes all of a file in one transaction. The file is worked out before it, so
// that others wait for the writing alone; within it what was read then is read again, and
// if anything has changed meanwhile, everything is worked out anew on what is held.
func (u *Imports) apply(ctx context.Context, a Actor, b ImportBatch, table *datafile.Table, n ApplyImport, stored bool) (ImportBatch, error) {
	now := u.env.now()
	b.AppliedAt, b.MadeAt, b.MadeBy, b.Reason = now, now, a.author(), strings.TrimSpace(n.Reason)
	b.State = ImportApplied
	var plan *importPlan
	err := u.env.Store.InReadTx(ctx, func(r Reader) (err error) {
		plan, err = u.plan(ctx, r, b, table)
		return err
	})
	if err == nil {
		err = n.refuse(plan)
	}
	if err != nil {
		return ImportBatch{}, fmt.Errorf("apply import %s: %w", b.ID, err)
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		event := u.env.event(a, b.StudyID, now, ActionImported, "import", string(b.ID))
		if err := u.holdAll(ctx, tx, b.StudyID); err != nil {
			return err
		}
		stands, err := u.stands(ctx, tx, plan)
		if err != nil {
			return err
		}
		if !stands {
			if plan, err = u.plan(ctx, tx, b, table); err != nil {
				return err
			}
			if err := n.refuse(plan); err != nil {
				return err
			}
		}
		b.Counts = plan.preview.Counts
		event.Detail = fmt.Sprintf("%d people, %d questionnaires, %d answers added, %d replaced", b.Counts.People, b.Counts.Questionnaires, b.Counts.Added, b.Counts.Replaced)
		if err := noteOnce(ctx, tx, n.Once, event); err != nil {
			return err
		}
		if err := u.write(ctx, tx, a, &b, plan, n, stored); err != nil || b.Source != SourcePaper {
			return err
		}
		return u.tell(ctx, tx, plan, now)
	})
	if err != nil {
		return ImportBatch{}, fmt.Errorf("apply import %s: %w", b.ID, err)
	}
	return b, nil
}

// refuse says why a file cannot be applied.
func (n ApplyImport) refuse(p *importPlan) error {
	if !p.preview.Ready() {
		return ErrConflict
	}
	return n.faults(p.preview.Counts).OrNil()
}

// holdAll keeps everything that a batch can change as it is. People are allocated
// under the study's lock.
func (u *Imports) holdAll(ctx context.Context, tx Tx, study StudyID) error {
	if err := tx.HoldStudy(ctx, study); err != nil {
		return err
	}
	return tx.HoldAssessments(ctx, study)
}

// keep writes the batch itself.
func (u *Imports) keep(ctx context.Context, tx Tx, b *ImportBatch, stored bool) error {
	if !stored {
		var err error
		b.Number, err = tx.CreateImport(ctx, *b)
		return err
	}
	ok, err := tx.ChangeImport(ctx, *b, ImportDraft)
	if err == nil && !ok {
		err = ErrConflict
	}
	if err != nil {
		return err
	}
	return tx.DropImportContent(ctx, b.StudyID, b.ID)
}

func (u *Imports) write(ctx context.Context, tx Tx, a Actor, b *ImportBatch, plan *importPlan, n ApplyImport, stored bool) error {
	if err := u.keep(ctx, tx, b, stored); err != nil {
		return err
	}
	if err := u.enrol(ctx, tx, a, *b, plan); err != nil {
		return err
	}
	for from := 0; from < len(plan.sheets); from += sheetsAtOnce {
		to := min(from+sheetsAtOnce, len(plan.sheets))
		if err := tx.PutSheets(ctx, b.StudyID, plan.sheets[from:to]); err != nil {
			return err
		}
		if err := tx.ReplaceScores(ctx, b.StudyID, plan.scores[from:to], b.AppliedAt); err != nil {
			return err
		}
		if err := tx.AddImportChanges(ctx, b.StudyID, b.ID, plan.changes[from:to]); err != nil {
			return err
		}
		events := make([]AuditEvent, 0, to-from)
		for i := from; i < to; i++ {
			e := u.env.event(a, b.StudyID, b.AppliedAt, ActionAnswersImported, "assessment", string(plan.changes[i].AssessmentID))
			e.Detail = fmt.Sprintf("import %d, %s", b.Number, plan.details[i])
			events = append(events, e)
		}
		if err := tx.AppendAudit(ctx, events...); err != nil {
			return err
		}
		if err := tx.Settle(ctx); err != nil {
			return err
		}
		if n.Progress != nil {
			n.Progress(to, len(plan.sheets))
		}
	}
	return nil
}

// bringPeople makes those who are not known.
func (u *Imports) bringPeople(p *importPlan, now time.Time) {
	first := map[string]time.Time{}
	for _, rec := range p.preview.Result.Records {
		for _, g := range rec.Answers {
			if at := first[rec.Person]; at.IsZero() || g.At.Before(at) {
				first[rec.Person] = g.At
			}
		}
	}
	arms, runs := map[string]ArmID{}, map[string]CourseRun{}
	for _, arm := range p.state.design.Arms {
		arms[arm.Key] = arm.ID
	}
	for _, r := range p.state.runs {
		runs[string(r.Run.ID)] = r.Run
	}
	for _, n := range p.preview.Result.Newcomers {
		run := runs[n.Run]
		person := (&Runs{u.env}).newPerson(p.state.design, run, run.Calendar(), Person{}, n.Code, arms[n.Arm], now)
		person.Enrolment.Assigned, person.Enrolment.WithdrawnAt = true, n.Left
		for _, at := range []time.Time{n.Enrolled, first[n.Code]} {
			if !at.IsZero() {
				person.Enrolment.EnrolledAt = at
				break
			}
		}
		p.people = append(p.people, person)
		p.state.byCode[n.Code] = person.Enrolment
		for _, as := range person.Assessments {
			p.state.note(as)
		}
	}
}

// enrol writes those who came in with a batch. They were allocated elsewhere, which
// the list of allocations says.
func (u *Imports) enrol(ctx context.Context, tx Tx, a Actor, b ImportBatch, plan *importPlan) error {
	if len(plan.people) == 0 {
		return nil
	}
	urn, err := u.env.urn(ctx, tx, a, plan.state.design, b.AppliedAt)
	if err != nil {
		return err
	}
	if err := tx.Enrol(ctx, plan.people); err != nil {
		return err
	}
	var draws []Draw
	var ids []EnrolmentID
	var events []AuditEvent
	for _, p := range plan.people {
		ids = append(ids, p.Enrolment.ID)
		draws = append(draws, Draw{
			Unit: allocation.ByPerson, Kind: allocation.Before, ArmID: p.Enrolment.ArmID, RunID: p.Enrolment.RunID,
			EnrolmentID: p.Enrolment.ID, At: b.AppliedAt,
		})
		e := u.env.event(a, b.StudyID, b.AppliedAt, ActionEnrolled, "enrolment", string(p.Enrolment.ID))
		e.Detail = fmt.Sprintf("import %d", b.Number)
		events = append(events, e)
	}
	if err := tx.CreateDraws(ctx, urn.chain(draws)); err != nil {
		return err
	}
	if err := tx.AddImportPeople(ctx, b.StudyID, b.ID, ids); err != nil {
		return err
	}
	return tx.AppendAudit(ctx, events...)
}
