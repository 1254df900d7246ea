package rehearsal

import (
	"context"
	"time"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// The scale the plan says from where on a change matters, and that change.
const (
	mattering     = "sc_total"
	matteringMCID = 0.5
)

const rationale = `We expect that people who take part in the course become kinder to themselves than people who wait.
Self-compassion is the primary outcome because the course trains it directly; resilience and motivation should follow.
Up to a third may stop answering, so the primary analysis uses every answer of everybody.`

// planAnalysis plans the researcher's part: a plan that is locked before anybody
// is enrolled, and a snapshot once the first course run is over with its
// follow-up.
func (p *player) planAnalysis(first *cohort, zone *time.Location) {
	p.queue.push(first.starts.AddDays(-38).At(14, 10, zone), p.lockPlan)
	p.queue.push(first.starts.AddDays(166).At(9, 40, zone), func(ctx context.Context) error {
		_, err := p.cases.Snapshots.Freeze(ctx, p.analyst, p.study.ID, survey.NewSnapshot{
			Name: "First course run", Note: "After the follow-up of the first course run, for the analysis that the plan announces.",
		})
		return err
	})
}

// lockPlan takes what the study suggests, adds a threshold and a reason, and locks
// it.
func (p *player) lockPlan(ctx context.Context) error {
	b, err := p.cases.Plans.Book(ctx, p.analyst, p.study.ID)
	if err != nil {
		return err
	}
	content := b.Default
	content.Rationale = rationale
	for i := range content.Thresholds {
		if t := &content.Thresholds[i]; t.Scale == mattering {
			points := matteringMCID
			t.MCID, t.MCIDSource = &points, "half a point on a five-point scale, agreed by the study team"
		}
	}
	content.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun}}
	draft, err := p.cases.Plans.Write(ctx, p.analyst, p.study.ID, survey.DraftPlan{Content: content})
	if err != nil {
		return err
	}
	_, err = p.cases.Plans.Lock(ctx, p.analyst, p.study.ID, draft.Revision)
	return err
}
