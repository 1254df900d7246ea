package survey

import (
	"time"

	"tidemark/survey/disclosure"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// StudyState is where a study is in its life.
type StudyState string

// A study is prepared, takes answers, and is closed.
const (
	StudyDraft  StudyState = "draft"
	StudyOpen   StudyState = "open"
	StudyClosed StudyState = "closed"
)

// Valid reports whether s is one of the states.
func (s StudyState) Valid() bool {
	return s == StudyDraft || s == StudyOpen || s == StudyClosed
}

// TrendFloor is the smallest group whose trend a study may ever show to a
// facilitator; [DefaultTrendMinimum] is what a study starts with.
const (
	TrendFloor          = disclosure.Floor
	DefaultTrendMinimum = disclosure.Default
)

// Study is one protocol: its arms, waves, instruments and consent text.
type Study struct {
	ID        StudyID
	Key       string // short name in addresses and file names: a-z, 0-9 and "-"
	Title     string
	State     StudyState
	Simulated bool   // a rehearsal: its people do not exist
	Language  string // BCP 47
	TimeZone  string // IANA name; new runs start with it
	// ConsentVersion is the number of the consent text now in force, from 1;
	// 0: none has been published yet.
	ConsentVersion int
	// TrendMinimum is the smallest number of answers behind a group figure
	// shown to a facilitator; at least TrendFloor.
	TrendMinimum int
	// PrimaryScale is the key of the scale the study is about, as "sc_total".
	PrimaryScale string
	// Feedback says when people see their own scores.
	Feedback  Feedback
	CreatedAt time.Time
}

// Arm is a group people are allocated to.
type Arm struct {
	ID       ArmID
	StudyID  StudyID
	Key      string // "course", "waitlist"
	Name     string
	Position int
	Control  bool // the group the course is compared with
	Share    int  // parts of the allocation ratio, at least 1
}

// WaveKind says what a measurement occasion is for.
type WaveKind string

// The kinds of waves. Outcomes compare WavePre with WavePost.
const (
	WavePre      WaveKind = "pre"
	WaveDuring   WaveKind = "during"
	WavePost     WaveKind = "post"
	WaveFollowUp WaveKind = "followup"
)

// Valid reports whether k is one of the kinds.
func (k WaveKind) Valid() bool {
	return k == WavePre || k == WaveDuring || k == WavePost || k == WaveFollowUp
}

// Wave is a measurement occasion relative to the start of a course run.
type Wave struct {
	ID        WaveID
	StudyID   StudyID
	Key       string // "pre", "week_03", "post", "followup_3m": also in variable names
	Name      string // "Before the course"
	ShortName string // "Pre", "W3": column heads
	Kind      WaveKind
	Position  int
	Rule      schedule.Rule
	ArmID     ArmID // only this arm answers; empty: every arm
	Sets      []InstrumentID
}

// InstrumentVersion is a registered, immutable version of a questionnaire.
type InstrumentVersion struct {
	ID         InstrumentID
	Hash       string // of the canonical definition
	Definition *instrument.Definition
	CreatedAt  time.Time
}

// StudyDesign is a study with everything that belongs to its protocol.
type StudyDesign struct {
	Study Study
	Arms  []Arm
	Waves []Wave // in order of position, with their instruments
	// Instruments are all versions that its waves ask or have asked.
	Instruments map[InstrumentID]InstrumentVersion
	// Former are the versions that were replaced while the study had people.
	Former []FormerSet
}

// Arm finds an arm of the design.
func (d StudyDesign) Arm(id ArmID) (Arm, bool) {
	for _, a := range d.Arms {
		if a.ID == id {
			return a, true
		}
	}
	return Arm{}, false
}

// WaveOfKind is the first wave of a kind.
func (d StudyDesign) WaveOfKind(k WaveKind) (Wave, bool) {
	for _, w := range d.Waves {
		if w.Kind == k {
			return w, true
		}
	}
	return Wave{}, false
}
