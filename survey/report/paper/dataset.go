package paper

import (
	"math"
	"slices"
	"time"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/report"
)

// Dataset is what is analysed: one entry a person in every column, in the order
// of People, with NaN where a number is missing.
type Dataset struct {
	Source Source
	Arms   []Arm // at least one
	// Runs are the labels of the course runs; one when people were not in
	// several.
	Runs  []string
	Waves []Wave // in the order of time
	// People are in the order of their codes.
	People []Person
	// Erased are people of each arm of whom nothing is left but that they were
	// there; nil: nobody.
	Erased []int
	// States say of every wave how each person came through it: [wave][person].
	States [][]State
	// Measures are what is measured: main scales, each before its parts.
	Measures []Measure
	// Doses are how much of the course people took.
	Doses []Dose
	// Baseline are further facts known before the course.
	Baseline []Covariate
	// Experience are questions about the course itself, among them those about
	// unwanted effects.
	Experience []Question
}

// Source says where a dataset comes from.
type Source struct {
	Key       string `json:"study"` // short name; of a file, its name
	Title     string `json:"title"`
	Simulated bool   `json:"simulated"`
	// Snapshot names the frozen data; empty when they are live or a file.
	Snapshot     string    `json:"snapshot,omitempty"`
	SnapshotHash string    `json:"snapshot_sha256,omitempty"`
	FrozenAt     time.Time `json:"frozen_at,omitzero"`
	// Fingerprint is the SHA-256 of everything that enters.
	Fingerprint string `json:"fingerprint"`
	// Notes say what was done to the data on reading them.
	Notes []string `json:"notes,omitempty"`
	// Instruments are the questionnaires in the versions that were asked.
	Instruments []report.InstrumentUsed `json:"instruments,omitempty"`
	// Course is the name of what people took part in, and Meetings how many
	// there are; 0: unknown.
	Course   string `json:"course,omitempty"`
	Meetings int    `json:"meetings,omitempty"`
}

// Arm is a group of people who were treated alike.
type Arm struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Control bool   `json:"control"`
}

// Wave is a measurement occasion.
type Wave struct {
	Key   string          `json:"key"`
	Name  string          `json:"name"`
	Short string          `json:"short"`
	Kind  survey.WaveKind `json:"kind"`
	// Weeks since the first meeting at which it is answered on average by its
	// schedule; of a file, its place in the order of waves.
	Weeks float64 `json:"weeks"`
}

// Person is one enrolment.
type Person struct {
	Code string
	Arm  int // position in Dataset.Arms
	Run  int // position in Dataset.Runs
	Left bool
	// Declined reports whether the person has said that they do not take part.
	Declined bool
}

// State is how a person came through a wave.
type State uint8

// The states of a person at a wave.
const (
	NotAsked  State = iota // the arm does not answer the wave, or it closed before the person joined
	NotYet                 // it has not opened
	Open                   // it can still be answered
	Answered               // in full
	Withdrawn              // left the study without answering
	Lost                   // let it pass
	Declined               // said that they do not take part
)

// Measure is one scale with its scores.
type Measure struct {
	Scale report.Scale
	// Values are the scores: [wave][person]. The column of a wave at which it
	// is not asked is nil.
	Values [][]float64
	Items  *Items // nil: only scores are known
	// Norms of people without the problem, and the published reliability of the
	// scale with its source; nil and zero when nothing is known.
	Norms       *analysis.Norms
	Reliability report.Reliability
}

// Asked reports whether the scale is asked at a wave.
func (m *Measure) Asked(wave int) bool { return wave < len(m.Values) && m.Values[wave] != nil }

// Items are the answers behind a scale.
type Items struct {
	Codes []string
	Texts []string // empty when the wording is not known
	// Values are turned the way the scale counts them: [wave][item][person]; nil
	// for a wave at which they are not asked.
	Values [][][]float64
	// Min and Max are the least and greatest possible answer.
	Min, Max float64
}

// Dose is an amount of the course, one number a person.
type Dose struct {
	Key    string
	Name   string // "Meetings attended"
	Unit   string // "meetings"
	Values []float64
	// Whose arms it concerns: [arm]; nil: all.
	Arms []bool
}

// Covariate is a fact about people before the course: numbers, or groups with
// their labels.
type Covariate struct {
	Key    string
	Name   string
	Values []float64 // for labels: position in Labels
	Labels []string  // nil: numbers

	cut float64 // where a score was divided in two
}

// Question is an item about the course itself.
type Question struct {
	Code    string
	Text    string
	Wave    int
	Options []Option
	// Unwanted: any answer above the first is an unwanted effect.
	Unwanted bool
	Values   []float64
}

// Option is a possible answer.
type Option struct {
	Value float64
	Label string
}

// Pre is the position of the wave before the course, Post of the first after it;
// -1 when there is none.
func (d *Dataset) Pre() int { return d.first(survey.WavePre) }

// Post is the position of the first wave after the course; -1 when there is
// none.
func (d *Dataset) Post() int {
	if w := d.first(survey.WavePost); w >= 0 {
		return w
	}
	return d.first(survey.WaveFollowUp)
}

func (d *Dataset) first(kind survey.WaveKind) int {
	return slices.IndexFunc(d.Waves, func(w Wave) bool { return w.Kind == kind })
}

// Measure finds a measure by the key of its scale.
func (d *Dataset) Measure(key string) (*Measure, bool) {
	i := slices.IndexFunc(d.Measures, func(m Measure) bool { return m.Scale.Key == key })
	if i < 0 {
		return nil, false
	}
	return &d.Measures[i], true
}

// Contrast is the arms compared, course minus control; false when there is no
// control or nothing to compare it with.
func (d *Dataset) Contrast() (course, control int, ok bool) {
	course = slices.IndexFunc(d.Arms, func(a Arm) bool { return !a.Control })
	control = slices.IndexFunc(d.Arms, func(a Arm) bool { return a.Control })
	return course, control, course >= 0 && control >= 0
}

// ArmNames are the names of the arms in order.
func (d *Dataset) ArmNames() []string {
	names := make([]string, len(d.Arms))
	for i, a := range d.Arms {
		names[i] = a.Name
	}
	return names
}

// column makes an empty column.
func (d *Dataset) column() []float64 {
	c := make([]float64, len(d.People))
	for i := range c {
		c[i] = math.NaN()
	}
	return c
}
