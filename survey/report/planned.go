package report

import (
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// SnapshotUsed names frozen data.
type SnapshotUsed struct {
	Number  int       `json:"number"`
	Name    string    `json:"name"`
	Hash    string    `json:"sha256"`
	TakenAt time.Time `json:"taken_at"`
}

func newSnapshotUsed(s *survey.Snapshot) *SnapshotUsed {
	if s == nil {
		return nil
	}
	return &SnapshotUsed{Number: s.Number, Name: s.Name, Hash: s.Hash, TakenAt: s.TakenAt}
}

// String names the snapshot in a line: "snapshot 2 (Primary), 7c1f09ab".
func (s SnapshotUsed) String() string {
	return fmt.Sprintf("snapshot %d (%s), SHA-256 %.8s…", s.Number, s.Name, s.Hash)
}

// PlanUsed names a locked plan, with what there was to see when it was locked.
type PlanUsed struct {
	Version       int       `json:"version"`
	Hash          string    `json:"sha256"`
	LockedAt      time.Time `json:"locked_at"`
	PostSubmitted int       `json:"post_course_questionnaires_at_locking"`
	ReportsOpened int       `json:"results_opened_before_locking"`
	Exports       int       `json:"exports_before_locking"`
}

func newPlanUsed(p *survey.Plan) *PlanUsed {
	if p == nil || p.Lock == nil {
		return nil
	}
	seen := p.Lock.Seen
	return &PlanUsed{
		Version: p.Version, Hash: p.Lock.Hash, LockedAt: p.Lock.At,
		PostSubmitted: seen.PostSubmitted, ReportsOpened: seen.ReportsOpened, Exports: seen.Exports,
	}
}

// standing says how the results on a scale stand to the plan: the best of the
// comparison between arms and the change in the group the report is about, since
// both are in the outcome.
func (d *data) standing(scale string) plan.Standing {
	if d.plan == nil {
		return plan.Exploratory
	}
	arm := ""
	if !d.choice.all {
		arm = d.choice.focus.Key
	}
	outcomes := []plan.Outcome{{Scale: scale, Pre: d.choice.pre.Key, Post: d.choice.post.Key, Arm: arm}}
	if d.choice.hasControl {
		between := outcomes[0]
		between.Arm, between.Against = d.choice.course.Key, d.choice.control.Key
		outcomes = append(outcomes, between)
	}
	best := plan.Exploratory
	for _, o := range outcomes {
		switch s := d.plan.Standing(plan.Result{Outcome: o}); {
		case s == plan.Primary:
			return s
		case s == plan.Secondary:
			best = s
		}
	}
	return best
}
