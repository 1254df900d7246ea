package survey

import "time"

// Participant is a person as a pseudonymous code within one study.
type Participant struct {
	ID        ParticipantID
	StudyID   StudyID
	Code      string // "P-7KQ2"
	CreatedAt time.Time
}

// Contact is how a person is reached. It lives apart from every answer and is
// read only by the facilitator of the run and by those who send messages.
type Contact struct {
	ParticipantID ParticipantID
	StudyID       StudyID
	Name          string
	Email         string
	// Phone is a number for short messages, as "+34600123123"; may be empty.
	Phone string
	// Push is the person's address at the installation's push service; may be empty.
	Push string
	// Channel is how they want to be reached, if they have said so.
	Channel Channel
	// BouncedAt is since when the address is known to take no letters; zero: it
	// does.
	BouncedAt time.Time
}

// Enrolment is a participant in a study, in an arm, in a course run.
type Enrolment struct {
	ID            EnrolmentID
	StudyID       StudyID
	ParticipantID ParticipantID
	Code          string // the participant's code
	RunID         RunID
	ArmID         ArmID
	Assigned      bool // to the arm by hand, not by lot
	EnrolledAt    time.Time
	WithdrawnAt   time.Time // zero while taking part
	RunSince      time.Time // when they came from another run; zero: they did not
	Language      string    // the person's choice, BCP 47; empty: none was made
	PausedAt      time.Time // since when no messages are wanted; zero: they are
	DeclinedAt    time.Time // zero: has not said that they do not take part
	TimeZone      string    // where the person is, IANA name; empty: where the run is
	// ZoneChosen: the person has said so, and not just their browser.
	ZoneChosen bool
	// CrossedTo is the later run in which somebody of a control arm takes the
	// course, CrossedAt since when; empty: they do not. RunID and ArmID stay those
	// that they were allocated in, by which the study is analysed.
	CrossedTo RunID
	CrossedAt time.Time
	// LinkedTo is the participation that this one turned out to be of the same
	// person as; empty: it stands for itself. One that is linked is in no list.
	LinkedTo EnrolmentID
}

// MayBeWrittenTo reports whether messages may be sent to a person of their own
// accord: they have neither left nor said that they do not take part, have not
// paused messages, and there is an address that takes them. It is the one place that decides so.
// What a person asks for themselves at that moment, as a code or a lost link, goes
// to the stored address all the same.
func (e Enrolment) MayBeWrittenTo(c Contact) bool {
	return !e.Withdrawn() && !e.Declined() && !e.Paused() && c.Channel.of(c) != "" && c.ParticipantID == e.ParticipantID
}

// InRunSince is since when the person is in their run.
func (e Enrolment) InRunSince() time.Time {
	if e.RunSince.IsZero() {
		return e.EnrolledAt
	}
	return e.RunSince
}

// Crossed reports whether the person has crossed over to a later run.
func (e Enrolment) Crossed() bool { return e.CrossedTo != "" }

// Paused reports whether the person wants no messages for now.
func (e Enrolment) Paused() bool { return !e.PausedAt.IsZero() }

// Withdrawn reports whether the person has left the study.
func (e Enrolment) Withdrawn() bool { return !e.WithdrawnAt.IsZero() }

// Declined reports whether the person has said that they do not take part. It
// can be changed by agreeing later.
func (e Enrolment) Declined() bool { return !e.DeclinedAt.IsZero() }

// Stopped reports whether nothing more is asked of the person: they have left, or
// said that they do not take part.
func (e Enrolment) Stopped() bool { return e.Withdrawn() || e.Declined() }

// Consent is what one person agreed to, and when.
type Consent struct {
	ID          ConsentID
	StudyID     StudyID
	EnrolmentID EnrolmentID
	Version     int
	Language    string
	GivenAt     time.Time
	WithdrawnAt time.Time // zero while it stands
}

// PersonalLink is the one link a participant gets for the whole course. Only a
// keyed hash of its token is stored; the token itself is derived from the
// installation's secret (see package auth), so that a link can be printed again
// but not read out of the database.
type PersonalLink struct {
	StudyID     StudyID
	EnrolmentID EnrolmentID
	Generation  int // rises when a link is replaced; older ones stop working
	TokenHash   string
	CodeHash    string // of the code to type; empty until one is printed, for links older than codes
	ExpiresAt   time.Time
	RevokedAt   time.Time // zero while it works
}

// Participation is everything a participant's request needs to know about who
// asks: the enrolment with its study, arm and run. It is read in one query.
type Participation struct {
	Study     Study
	Run       CourseRun
	Enrolment Enrolment
	ArmKey    string
	ArmName   string
	Control   bool // of the arm: the course is for others
	// ConsentVersion is the newest version this person has agreed to and
	// not taken back; 0 when none.
	ConsentVersion int
	// ConsentNeeded is the oldest version that may still be answered under:
	// the last one that asks people to agree again.
	ConsentNeeded int
}

// TakesCourse reports whether the person takes the course: in their own run, or in
// the later one that they have crossed over to.
func (p Participation) TakesCourse() bool { return !p.Control || p.Enrolment.Crossed() }

// Consented reports whether a text has been agreed to that still holds.
func (p Participation) Consented() bool {
	return p.ConsentVersion > 0 && p.ConsentVersion >= p.ConsentNeeded && !p.Enrolment.Declined()
}

// ConsentOutdated reports whether the person agreed to a text that has been
// followed by one to be agreed to anew.
func (p Participation) ConsentOutdated() bool {
	return p.ConsentVersion > 0 && p.ConsentVersion < p.ConsentNeeded
}
