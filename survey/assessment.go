package survey

import (
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// AssessmentState is where one questionnaire stands for one person.
type AssessmentState string

// The states of an assessment at a moment. Only "submitted" is stored; the
// others follow from the run's dates, the clock and the answers so far.
const (
	AssessmentScheduled AssessmentState = "scheduled"
	AssessmentOpen      AssessmentState = "open"
	AssessmentPartly    AssessmentState = "partly" // open, and something answered
	AssessmentSubmitted AssessmentState = "submitted"
	AssessmentExpired   AssessmentState = "expired"
	AssessmentWithdrawn AssessmentState = "withdrawn"
	// AssessmentNotAsked: the wave closed before the person joined, or follows one
	// that they have not completed. Nothing of it is missing.
	AssessmentNotAsked AssessmentState = "not_asked"
)

// Valid reports whether s is one of the states.
func (s AssessmentState) Valid() bool {
	switch s {
	case AssessmentScheduled, AssessmentOpen, AssessmentPartly,
		AssessmentSubmitted, AssessmentExpired, AssessmentWithdrawn, AssessmentNotAsked:
		return true
	}
	return false
}

// Assessment is one instrument due for one enrolment at one wave.
type Assessment struct {
	ID           AssessmentID
	StudyID      StudyID
	EnrolmentID  EnrolmentID
	WaveID       WaveID
	InstrumentID InstrumentID // the pinned version
	Position     int          // within the wave
	StartedAt    time.Time    // first answer saved; zero before
	SavedAt      time.Time    // last answer saved; zero before
	SubmittedAt  time.Time    // zero until submitted
	// ItemOrder is the order in which the items are asked, by code and comma,
	// kept with the first answer; empty: the questionnaire's own, or none yet.
	ItemOrder string
}

// StateAt is the state of the assessment at instant now, given when its wave is
// open for the person (the zero window: it is not for them) and when they left
// (zero: did not).
func (a Assessment) StateAt(w schedule.Window, withdrawn, now time.Time) AssessmentState {
	if !a.SubmittedAt.IsZero() {
		return AssessmentSubmitted
	}
	if w.IsZero() {
		return AssessmentNotAsked
	}
	if !withdrawn.IsZero() {
		return AssessmentWithdrawn
	}
	switch w.At(now) {
	case schedule.Before:
		return AssessmentScheduled
	case schedule.After:
		return AssessmentExpired
	case schedule.During:
	}
	if !a.StartedAt.IsZero() {
		return AssessmentPartly
	}
	return AssessmentOpen
}

// OpenAssessment is an assessment with its wave (without the wave's instruments),
// as it was when a request came.
type OpenAssessment struct {
	Assessment Assessment
	Wave       Wave
	// FollowedAt is when the person completed the wave that this one follows; the
	// zero time when they have not, or it follows none.
	FollowedAt time.Time
}

// MissingCode says why an item has no value. Missing is never 0.
type MissingCode string

// The reasons an item is missing.
const (
	NotMissing     MissingCode = ""
	MissingSkipped MissingCode = "skipped" // left out by the person when submitting
	// MissingNotShown: a condition of the questionnaire kept the item from being
	// asked.
	MissingNotShown MissingCode = "not_shown"
)

// Valid reports whether m is one of the codes.
func (m MissingCode) Valid() bool {
	return m == NotMissing || m == MissingSkipped || m == MissingNotShown
}

// Response is the answer to one item: a number, a text, or a reason why there is
// neither.
type Response struct {
	Item       string
	Value      float64 // meaningful only when Missing is NotMissing and Text is empty
	Text       string  // see instrument.Value.Stored
	Missing    MissingCode
	AnsweredAt time.Time
	// How the question stood on the page: the language of its words, and the
	// layout's name; empty when nobody noted it.
	Language, Layout string
	// Source is where the answer comes from, if its person did not give it here.
	Source Source
}

// AskedAs is how a question stood on the page when it was answered.
type AskedAs struct {
	Language string // of its words
	Layout   string // its form and the page, such as "across@2"
}

// Sheet is one assessment as its person sees it: the questionnaire, the answers
// so far and whether they can still be changed.
type Sheet struct {
	Assessment Assessment
	Wave       Wave
	Definition *instrument.Definition
	Answers    instrument.Answers
	Window     schedule.Window
	State      AssessmentState
	// Flagged: what was just saved met a rule about risk; HelpDue: and help has
	// not been shown because of this questionnaire yet.
	Flagged, HelpDue bool
	// Conflicts are the stored answers that a save did not overwrite, because
	// another device had changed them.
	Conflicts instrument.Answers
}

// DueItem is one line of a person's list of questionnaires.
type DueItem struct {
	Assessment Assessment
	Wave       Wave // without its instruments
	Instrument InstrumentID
	Answered   int // items answered so far
	Definition *instrument.Definition
	Window     schedule.Window
	State      AssessmentState
}
