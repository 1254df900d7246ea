package paper

import (
	"slices"
	"time"

	"tidemark/survey/plan"
	"tidemark/survey/report"
)

// Schema names the form of a paper's JSON.
const Schema = "tidemark.paper/1"

// Paper is the report on a study: everything that a page or a document shows,
// and nothing of single people. The figures that show people take them from the
// Dataset.
type Paper struct {
	Schema string   `json:"schema"`
	Source Source   `json:"source"`
	Plan   PlanUsed `json:"plan"`
	Arms   []Arm    `json:"arms"`
	Waves  []Wave   `json:"waves"`
	Runs   []string `json:"runs"`
	// Level is the coverage of all intervals, Minimum the smallest group whose
	// results are shown.
	Level   float64   `json:"level"`
	Minimum int       `json:"minimum_group"`
	Version string    `json:"version"` // of the program
	At      time.Time `json:"at"`

	// Allocation is how people came into the arms; nil: that is not known.
	Allocation *Allocation `json:"allocation,omitempty"`

	Flow     Flow          `json:"flow"`
	Baseline []BaselineRow `json:"baseline"`
	Missing  Missingness   `json:"missingness"`
	// Outcomes are what the plan announced, in its order, then what else there
	// is to see, marked exploratory.
	Outcomes []Outcome `json:"outcomes"`
	// Trajectories are the models of every main scale over all its waves.
	Trajectories []Trajectory   `json:"trajectories"`
	Reliability  []Reliability  `json:"reliability"`
	Invariance   []Invariance   `json:"invariance"`
	Doses        []DoseResponse `json:"dose_response"`
	Pooled       []Pooled       `json:"pooled_over_runs"`
	Unwanted     *Unwanted      `json:"unwanted,omitempty"`
	// Power is nil without an outcome.
	Power *Power `json:"power,omitempty"`
}

// PlanUsed is the analysis plan a paper follows.
type PlanUsed struct {
	Content plan.Plan `json:"content"`
	// Version of the locked plan; 0: there is none, and the defaults were used.
	Version  int       `json:"version"`
	LockedAt time.Time `json:"locked_at,omitzero"`
	Hash     string    `json:"hash,omitempty"`
	// Amended says why an earlier locked version was changed; empty: it was not.
	Amended string `json:"amended,omitempty"`
	// Seen is what of the outcomes was there to be seen when it was locked; nil:
	// unknown, as for the plan of a file.
	Seen *Seen `json:"seen,omitempty"`
	// Standing says so in a sentence.
	Standing string `json:"standing"`
}

// Seen counts what there was to see: questionnaires from after the course, and
// looks at results and data.
type Seen struct {
	Submitted int `json:"post_course_questionnaires"`
	Reports   int `json:"results_opened"`
	Exports   int `json:"exports"`
}

// Unseen reports that there was nothing to see, or that nobody had looked.
func (s Seen) Unseen() bool { return s.Submitted == 0 || s.Reports == 0 && s.Exports == 0 }

// Locked reports whether the analysis was fixed beforehand.
func (p PlanUsed) Locked() bool { return p.Version > 0 }

// standing is how a result stands to the plan; without a locked plan everything
// is exploratory.
func (p PlanUsed) standing(r plan.Result) plan.Standing {
	if !p.Locked() {
		return plan.Exploratory
	}
	return p.Content.Standing(r)
}

// Main is the outcome the paper is about: the first primary one of the plan.
func (p *Paper) Main() (*Outcome, bool) {
	if len(p.Outcomes) == 0 {
		return nil, false
	}
	return &p.Outcomes[0], true
}

// Outcome finds an outcome by its key.
func (p *Paper) Outcome(key string) (*Outcome, bool) {
	i := slices.IndexFunc(p.Outcomes, func(o Outcome) bool { return o.Key == key })
	if i < 0 {
		return nil, false
	}
	return &p.Outcomes[i], true
}

// Trajectory finds the model of a scale.
func (p *Paper) Trajectory(scale string) (*Trajectory, bool) {
	i := slices.IndexFunc(p.Trajectories, func(t Trajectory) bool { return t.Scale.Key == scale })
	if i < 0 {
		return nil, false
	}
	return &p.Trajectories[i], true
}

// Options say how a paper is made.
type Options struct {
	Plan PlanUsed
	// Minimum is the smallest group whose results are shown; 0:
	// report.DefaultMinimum, -1: any, as for a researcher's own file.
	Minimum int
	Version string
	Now     time.Time
	// Progress is told after each piece how many of all are done; nil: nobody.
	// It is called from one goroutine at a time.
	Progress func(done, all int)
}

func (o *Options) minimum() int {
	switch {
	case o.Minimum == 0:
		return report.DefaultMinimum
	case o.Minimum < 0:
		return 0
	}
	return o.Minimum
}
