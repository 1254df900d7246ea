package report

import (
	"slices"
	"time"
)

// Report is what changed in a study, and what that rests on.
type Report struct {
	Schema   string    `json:"schema"`
	Basis    Basis     `json:"basis"`
	Flow     []FlowRow `json:"flow"`
	Outcomes []Outcome `json:"outcomes"`
}

// schema names the form of a report's JSON.
const schema = "tidemark.report/1"

// Basis is what went into a report.
type Basis struct {
	StudyKey  string `json:"study"`
	Title     string `json:"title"`
	Simulated bool   `json:"simulated"`
	// Arm is the label of the group the report is about; empty: everyone.
	Arm string `json:"arm"`
	// ArmKey is what Spec.Arm asked for, or would ask for.
	ArmKey   string `json:"arm_key"`
	Arms     []Arm  `json:"arms"`
	Enrolled int    `json:"enrolled"` // in the group the report is about
	// Pre and Post are the waves compared. Waves with an empty key: the study
	// has no questionnaires before and after the course.
	Pre   Wave   `json:"pre"`
	Post  Wave   `json:"post"`
	Later []Wave `json:"later"` // waves that could be compared with Pre

	Level       float64          `json:"level"`
	Minimum     int              `json:"minimum_group"`
	Instruments []InstrumentUsed `json:"instruments"`
	// Version is of the program, At when the report was made.
	Version string    `json:"version"`
	At      time.Time `json:"at"`
	// Fingerprint is the SHA-256 of the data used: arms, scores and answers
	// of both waves by participant code. Equal data give an equal one.
	Fingerprint string `json:"fingerprint"`
	// Snapshot is the frozen data used; nil: the data were live.
	Snapshot *SnapshotUsed `json:"snapshot"`
	// Plan is the locked plan in force; nil: none.
	Plan *PlanUsed `json:"plan"`
}

// Arm is a group of the study.
type Arm struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Control  bool   `json:"control"`
	Enrolled int    `json:"enrolled"`
}

// Wave is a measurement occasion.
type Wave struct {
	Key   string `json:"key"`
	Name  string `json:"name"`
	Short string `json:"short"`
}

// InstrumentUsed is a questionnaire in the version that was asked.
type InstrumentUsed struct {
	Key      string `json:"key"`
	Title    string `json:"title"`
	Version  string `json:"version"`
	Hash     string `json:"hash"`
	Status   string `json:"status"`
	Citation string `json:"citation"`
	// Scales are its scales with the rules their scores were made by, as
	// stored with the scores.
	Scales []ScaleRule `json:"scales"`
	// Former are versions that some people answered before this one replaced them.
	Former []FormerVersion `json:"former,omitempty"`
}

// Rules are the distinct rules by which scores of the questionnaire were made.
func (u InstrumentUsed) Rules() []string {
	var all []string
	for _, s := range u.Scales {
		all = append(all, s.Rules...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ScaleRule says how the scores of a scale were made.
type ScaleRule struct {
	Scale string   `json:"scale"`
	Rules []string `json:"rules"` // more than one when rules changed between answers
}

// Outcome finds an outcome by the key of its scale.
func (r *Report) Outcome(key string) (*Outcome, bool) {
	for i := range r.Outcomes {
		if r.Outcomes[i].Scale.Key == key {
			return &r.Outcomes[i], true
		}
	}
	return nil, false
}

// FlowOf is the flow of one arm at one wave; label empty: of all arms.
func (r *Report) FlowOf(wave, label string) FlowRow {
	sum := FlowRow{Arm: label}
	for _, f := range r.Flow {
		if f.Wave.Key == wave && (label == "" || f.Arm == label) {
			sum.Wave = f.Wave
			sum.add(f)
		}
	}
	return sum
}
