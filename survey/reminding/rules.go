package reminding

import (
	"slices"
	"time"

	"tidemark/survey/schedule"
)

// Kind says what a message about a wave is for.
type Kind string

// The kinds of messages.
const (
	Invitation Kind = "invitation" // the wave has opened
	Reminder   Kind = "reminder"   // on a set day, unanswered yet
	Nudge      Kind = "nudge"      // a reminder that somebody asks for by hand
	Thanks     Kind = "thanks"     // everything of the wave was answered
	Meeting    Kind = "meeting"    // the first meeting is near
)

// Kinds are all of them, in the order in which they are met.
func Kinds() []Kind { return []Kind{Meeting, Invitation, Reminder, Nudge, Thanks} }

// Valid reports whether k is one of the kinds.
func (k Kind) Valid() bool { return slices.Contains(Kinds(), k) }

// Asks reports whether a message of this kind asks for an answer.
func (k Kind) Asks() bool { return k == Invitation || k.Reminds() }

// Reminds reports whether a message of this kind counts towards the cap.
func (k Kind) Reminds() bool { return k == Reminder || k == Nudge }

// Slot is the place of one message among those of a person and a wave. Reminders
// and nudges count from 1; the other kinds have number 1 alone.
type Slot struct {
	Kind   Kind
	Number int
}

const (
	// Gap is the least time between two messages that ask for the same wave.
	Gap = 20 * time.Hour
	// thanksWithin is how long after an answer thanks are still sent.
	thanksWithin = 72 * time.Hour
	// MostReminders and LastReminderDay bound what a study may set.
	MostReminders   = 5
	LastReminderDay = 60
	dayMinutes      = 24 * 60
)

// Quiet are the hours in which nobody is written to, in minutes after midnight of
// the person's day: From ≤ t < To, over midnight when From is later. Equal: none.
type Quiet struct{ From, To int }

// Valid reports whether both are times of a day.
func (q Quiet) Valid() bool {
	return q.From >= 0 && q.From < dayMinutes && q.To >= 0 && q.To < dayMinutes
}

// Holds reports whether an instant lies in the quiet hours of a zone.
func (q Quiet) Holds(t time.Time, zone *time.Location) bool {
	local := t.In(zone)
	m := local.Hour()*60 + local.Minute()
	if q.From <= q.To {
		return m >= q.From && m < q.To
	}
	return m >= q.From || m < q.To
}

// End is the first instant from t on that is not in the quiet hours of a zone; t
// itself when it is not.
func (q Quiet) End(t time.Time, zone *time.Location) time.Time {
	if !q.Holds(t, zone) {
		return t
	}
	local := t.In(zone)
	day := schedule.DateOf(local)
	if q.From > q.To && local.Hour()*60+local.Minute() >= q.From {
		day = day.AddDays(1)
	}
	end := day.At(q.To/60, q.To%60, zone)
	if !end.Before(t) && !q.Holds(end, zone) && q.Holds(end.Add(-time.Minute), zone) {
		return end
	}
	// The clocks change: this time of day is missing, or comes twice.
	for end = t.Truncate(time.Minute); end.Before(t) || q.Holds(end, zone); {
		end = end.Add(time.Minute)
	}
	return end
}

// Rules are what a study has set.
type Rules struct {
	On bool
	// ReminderDays are the days after the opening on which reminders are due,
	// ascending; for whoever comes later, after they came.
	ReminderDays []int
	// Cap is how many reminders one person gets for one wave at most, those by
	// hand included.
	Cap   int
	Quiet Quiet
	// Thanks and Meeting say whether these kinds are sent.
	Thanks, Meeting bool
}

// DefaultRules are what a study begins with: off.
func DefaultRules() Rules {
	return Rules{ReminderDays: []int{2, 5, 8}, Cap: 3, Quiet: Quiet{From: 21 * 60, To: 8 * 60}}
}

// Person is what is known of whoever a message is for.
type Person struct {
	// Zone is where the person says, or their browser says, they are.
	Zone *time.Location
	// Since is when they were enrolled.
	Since time.Time
	// Left and Declined: nothing more is asked of them.
	Left, Declined bool
	Paused         bool
	// Reachable: an address is known. Bounced: it takes no letters.
	Reachable, Bounced bool
	// Linked: they have a personal link that works.
	Linked bool
}

// Occasion is a wave, or a meeting, as it is for one person.
type Occasion struct {
	// It can be answered, or is near: Opens ≤ t < Closes.
	Opens, Closes time.Time
	// Theirs: it is for the group that the person is in.
	Theirs bool
	// DoneAt is when everything of it was answered; zero: it was not.
	DoneAt time.Time
}

// State is how far a message of the past is.
type State string

// A message waits in the outbox, was sent, or was given up.
const (
	Waiting State = "waiting"
	Sent    State = "sent"
	Failed  State = "failed"
)

// Past is a message that was put in the outbox.
type Past struct {
	Slot
	State State
	// At is when it was sent or given up, or else is to be tried next.
	At time.Time
}
