package survey

import "slices"

import "time"

// ErasurePolicy says whether people of a study may have what they gave erased.
// The law lets research keep what it needs, and asks some trials to; the study's
// text must say so.
type ErasurePolicy string

// The policies. A study allows erasure unless it says otherwise.
const (
	ErasureAllowed ErasurePolicy = "allowed"
	// ErasureUntilAnalysis: until data are frozen under a locked analysis plan.
	ErasureUntilAnalysis ErasurePolicy = "until_analysis"
	ErasureNever         ErasurePolicy = "never"
)

// Valid reports whether p is one of the policies.
func (p ErasurePolicy) Valid() bool {
	return p == ErasureAllowed || p == ErasureUntilAnalysis || p == ErasureNever
}

// Erasure is what is left of somebody whose data were erased: that there was a
// person in an arm of a run. The identifier is that of an enrolment which is gone;
// by it the erasure is done again when an older copy of the database is put back.
type Erasure struct {
	StudyID     StudyID
	EnrolmentID EnrolmentID
	RunID       RunID
	ArmID       ArmID
	Assigned    bool // to the arm by hand, not by lot
	At          time.Time
	By          ActorKind // the person, or the program for them
	ReceiptHash string    // keyed hash of what the person holds as proof
	// Exports is how many copies of the study's data were handed out while the
	// person took part. While there are any, Code is the participant code under
	// which the person stands in them; it goes once a researcher says that they
	// are cleared.
	Exports int
	Code    string
	// Linked: it was linked to another participation of the same person, and went
	// with that.
	Linked bool
	// SettledAt is when frozen data and freed space were cleared as well; zero:
	// still to do.
	SettledAt time.Time
}

// HoldingKind names a kind of what is stored of a person.
type HoldingKind string

// The kinds, as a person is told them.
const (
	HoldContact        HoldingKind = "contact"
	HoldParticipation  HoldingKind = "participation"
	HoldConsents       HoldingKind = "consents"
	HoldQuestionnaires HoldingKind = "questionnaires"
	HoldAnswers        HoldingKind = "answers"
	HoldScores         HoldingKind = "scores"
	HoldAttendance     HoldingKind = "attendance"
	HoldStaffNotes     HoldingKind = "staff_notes"
	HoldPractice       HoldingKind = "practice"
	HoldOwnWords       HoldingKind = "own_words"
	HoldMessages       HoldingKind = "messages"
	HoldSafety         HoldingKind = "safety"
	HoldSignIns        HoldingKind = "sign_ins"
	HoldTrail          HoldingKind = "trail"
)

// HoldingKinds are all kinds in the order in which people are told them.
func HoldingKinds() []HoldingKind {
	return []HoldingKind{
		HoldContact, HoldParticipation, HoldConsents, HoldQuestionnaires, HoldAnswers, HoldScores, HoldPractice,
		HoldOwnWords, HoldAttendance, HoldStaffNotes, HoldMessages, HoldSafety, HoldSignIns, HoldTrail,
	}
}

// Valid reports whether k is one of the kinds.
func (k HoldingKind) Valid() bool {
	return slices.Contains(HoldingKinds(), k)
}

// Record is one stored row of a person, as the database has it: column by column,
// without what only a program can use (hashes of tokens).
type Record struct {
	Kind    HoldingKind
	Table   string
	Columns []string
	Values  []any // text, whole numbers, decimal numbers, truth, or nil
}

// ErasedCount is how many people of an arm were erased.
type ErasedCount struct {
	ArmID ArmID `json:"arm"`
	N     int   `json:"people"`
}
