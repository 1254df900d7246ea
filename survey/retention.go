package survey

import (
	"slices"
	"time"

	"tidemark/survey/schedule"
)

// RetentionKind is what a study decides about when it decides how long it keeps things.
// Proofs of consent, the audit trail, and that somebody took part are none of these: they
// stay.
type RetentionKind string

// The kinds.
const (
	// RetainContact: names, addresses and telephone numbers, also of people who wait for
	// a place, and lists that nobody has applied.
	RetainContact RetentionKind = "contact"
	// RetainNotes: what people wrote for themselves, and what staff noted of them.
	RetainNotes RetentionKind = "notes"
	// RetainMessages: who was sent what, and when.
	RetainMessages RetentionKind = "messages"
	// RetainSignIns: personal links, devices, codes, addresses of calendars.
	RetainSignIns RetentionKind = "sign_ins"
	// RetainAnswers: all that was answered or noted of a person as data, corrections of
	// it, alerts, and the study's snapshots and prepared files.
	RetainAnswers RetentionKind = "answers"
)

// RetentionKinds are all kinds in the order in which people are told them.
func RetentionKinds() []RetentionKind {
	return []RetentionKind{RetainContact, RetainNotes, RetainMessages, RetainSignIns, RetainAnswers}
}

// Valid reports whether k is one of the kinds.
func (k RetentionKind) Valid() bool { return slices.Contains(RetentionKinds(), k) }

// Retained is the kind by which a study decides how long it keeps what is held of a
// person; empty: it is never removed but at an erasure.
func (k HoldingKind) Retained() RetentionKind {
	switch k {
	case HoldContact:
		return RetainContact
	case HoldOwnWords, HoldStaffNotes:
		return RetainNotes
	case HoldMessages:
		return RetainMessages
	case HoldSignIns:
		return RetainSignIns
	case HoldQuestionnaires, HoldAnswers, HoldScores, HoldAttendance, HoldPractice, HoldSafety:
		return RetainAnswers
	case HoldParticipation, HoldConsents, HoldTrail:
	}
	return ""
}

// RetentionAnchor is from when days are counted.
type RetentionAnchor string

// The anchors: the last instant at which a person could still be asked something, or when
// the study was closed.
const (
	FromLastWave RetentionAnchor = "last_wave"
	FromClosing  RetentionAnchor = "closed"
)

// Valid reports whether a is one of the anchors.
func (a RetentionAnchor) Valid() bool { return a == FromLastWave || a == FromClosing }

// MaxRetentionDays bounds a rule: a hundred years.
const MaxRetentionDays = 36525

// RetentionRule says how long a kind is kept: until so many whole days have passed.
type RetentionRule struct {
	Kind   RetentionKind
	Anchor RetentionAnchor
	Days   int
}

// Ends is when the time is over that begins at an instant: at midnight, where the run is.
func (r RetentionRule) Ends(from time.Time, zone *time.Location) time.Time {
	if from.IsZero() {
		return from
	}
	return schedule.DateOf(from.In(zone)).AddDays(r.Days+1).At(0, 0, zone)
}

// Retention is what a study has decided.
type Retention struct {
	StudyID StudyID
	// Revision counts the changes; 0: nothing was decided, and all is kept.
	Revision int
	Rules    []RetentionRule // in the order of RetentionKinds; a kind that is not there is kept
	// HeldAt is since when nothing is removed, whatever is due, by whom and why; zero: it
	// is not held.
	HeldAt     time.Time
	HeldBy     UserID // empty: by the program
	HeldReason string
	// SweptAt is when a server last removed all that was due; zero: never.
	SweptAt time.Time
}

// Held reports whether nothing is to be removed.
func (r Retention) Held() bool { return !r.HeldAt.IsZero() }

// Rule finds the rule of a kind; false: it is kept.
func (r Retention) Rule(k RetentionKind) (RetentionRule, bool) {
	for _, rule := range r.Rules {
		if rule.Kind == k {
			return rule, true
		}
	}
	return RetentionRule{}, false
}

// DefaultRetention is what a new study begins with. It keeps what our consent text
// promises: names and addresses go six months after the last questions, answers stay.
func DefaultRetention() []RetentionRule {
	return []RetentionRule{
		{RetainContact, FromLastWave, 183},
		{RetainNotes, FromLastWave, 183},
		{RetainMessages, FromLastWave, 365},
		{RetainSignIns, FromClosing, 365},
	}
}

// Kept is what is stored of one person, by kind, with what decides how long.
type Kept struct {
	ID         EnrolmentID
	RunID      RunID
	ArmID      ArmID
	EnrolledAt time.Time
	RunSince   time.Time // zero: since they enrolled
	CrossedTo  RunID     // empty: no other run
	Rows       map[RetentionKind]int
}
