package paper

import (
	"context"
	"fmt"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// StudyOptions say how the paper of a study is made.
type StudyOptions struct {
	Options
	// PlanInForce is the newest locked plan; nil: the defaults are used, and
	// everything is exploratory.
	PlanInForce *survey.Plan
	// Snapshot is what the reader has opened; nil: the data are live. Waves are
	// then over or not as they were when it was taken.
	Snapshot *survey.Snapshot
}

// OfStudy reads a study from its database or from a snapshot, and analyses it.
// Whoever may analyse the study may; anyone else is survey.ErrForbidden.
func OfStudy(ctx context.Context, r survey.DataReader, actor survey.Actor, study survey.StudyID, opt StudyOptions) (*Paper, *Dataset, error) {
	now := opt.Now
	if opt.Snapshot != nil {
		now = opt.Snapshot.TakenAt
	}
	var d *Dataset
	err := survey.OneState(ctx, r, func(r survey.DataReader) (err error) {
		d, err = Read(ctx, r, actor, study, now)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	if s := opt.Snapshot; s != nil {
		d.Source.Snapshot, d.Source.SnapshotHash, d.Source.FrozenAt = fmt.Sprintf("%d (%s)", s.Number, s.Name), s.Hash, s.TakenAt
	}
	opt.Plan = usedPlan(opt.PlanInForce, d)
	p, err := Build(ctx, d, opt.Options)
	return p, d, err
}

// usedPlan is the plan in force with what had been seen when it was locked.
func usedPlan(p *survey.Plan, d *Dataset) PlanUsed {
	if p == nil || p.Lock == nil {
		return PlanUsed{
			Content:  plan.Default(d.Design()),
			Standing: "No analysis plan was locked; the analysis follows the defaults, and all results are exploratory.",
		}
	}
	return PlanUsed{
		Content: p.Content, Version: p.Version, LockedAt: p.Lock.At, Hash: p.Lock.Hash,
		Amended:  p.Reason,
		Seen:     &Seen{Submitted: p.Lock.Seen.PostSubmitted, Reports: p.Lock.Seen.ReportsOpened, Exports: p.Lock.Seen.Exports},
		Standing: standingSentence(p),
	}
}

// standingSentence is honest about what there was to see.
func standingSentence(p *survey.Plan) string {
	seen := p.Lock.Seen
	s := "The analysis plan (version " + fmt.Sprint(p.Version) + ") was locked on " + p.Lock.At.UTC().Format("2 January 2006")
	if seen.NoOutcome() {
		return s + ", before any questionnaire after the course had arrived."
	}
	s += fmt.Sprintf(", after %d questionnaires from after the course had arrived", seen.PostSubmitted)
	if seen.Unseen() {
		return s + "; nobody had opened results or exported data."
	}
	return s + fmt.Sprintf("; results had been opened %d times and data exported %d times.", seen.ReportsOpened, seen.Exports)
}
