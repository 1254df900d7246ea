package survey

import (
	"time"

	"tidemark/survey/plan"
)

// Plan is one version of a study's analysis plan. While it is a draft its
// content can change; once it is locked nothing of it can, and a change of mind
// is a new version with a reason.
type Plan struct {
	StudyID StudyID
	Version int // from 1
	// Revision counts how often the draft was written, so that of two people
	// who write at once the second is told.
	Revision int
	// Reason says why a locked plan is amended; empty for version 1.
	Reason  string
	Content plan.Plan
	SavedAt time.Time
	SavedBy Author
	Lock    *PlanLock // nil: a draft
}

// Author is who did something that stays with their name.
type Author struct {
	Kind ActorKind
	ID   string
	Name string // of staff at that time, or the program's part
}

// PlanLock is the act of locking.
type PlanLock struct {
	At time.Time
	By Author
	// Hash is the SHA-256 of the canonical JSON of the content.
	Hash    string
	Program string // version of the program
	Seen    DataSeen
}

// DataSeen is what there was to see of a study's outcomes at a moment, and how
// often somebody had looked, as far as the audit trail tells.
type DataSeen struct {
	PostSubmitted int // questionnaires of waves after the course that were submitted
	PostPeople    int // people they came from
	ReportsOpened int
	Exports       int // downloads of data, snapshots included
}

// NoOutcome reports that no questionnaire after the course had been submitted.
func (s DataSeen) NoOutcome() bool { return s.PostSubmitted == 0 }

// Unseen reports that nobody had opened results or exported data.
func (s DataSeen) Unseen() bool { return s.ReportsOpened == 0 && s.Exports == 0 }

// Locked reports whether the version can no longer change.
func (p Plan) Locked() bool { return p.Lock != nil }

// Standing says whether the plan announced a result, and as what. A draft
// announces nothing.
func (p Plan) Standing(r plan.Result) plan.Standing {
	if !p.Locked() {
		return plan.Exploratory
	}
	return p.Content.Standing(r)
}

// PlanDesign is what of a study can be named in its plan.
func PlanDesign(d StudyDesign, meetings int) plan.Design {
	out := plan.Design{PrimaryScale: d.Study.PrimaryScale, Meetings: meetings}
	armKeys := map[ArmID]string{}
	for _, a := range d.Arms {
		armKeys[a.ID] = a.Key
		out.Arms = append(out.Arms, plan.Arm{Key: a.Key, Name: a.Name, Control: a.Control})
	}
	place := map[string]int{}
	for _, w := range d.Waves {
		out.Waves = append(out.Waves, plan.Wave{
			Key: w.Key, Name: w.Name, First: w.Kind == WavePre,
			Later: w.Kind == WavePost || w.Kind == WaveFollowUp, Arm: armKeys[w.ArmID],
		})
		for _, id := range w.Sets {
			def := d.Instruments[id].Definition
			if def == nil {
				continue
			}
			for _, s := range def.Scales {
				i, known := place[s.Key]
				if !known {
					i = len(out.Scales)
					place[s.Key] = i
					low, high, _ := def.Range(s.Key)
					out.Scales = append(out.Scales, plan.Scale{Key: s.Key, Name: s.Name, Part: s.Parent != "", Min: low, Max: high})
				}
				out.Scales[i].Waves = append(out.Scales[i].Waves, w.Key)
			}
		}
	}
	return out
}
