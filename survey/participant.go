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
	Language      string    // the person's choice, BCP 47; empty: none was made
	PausedAt      time.Time // since when no messages are wanted; zero: they are
	DeclinedAt    time.Time // zero: has not said that they do not take part
}

// MayBeWrittenTo reports whether messages may be sent to a person of their own
// accord: they have neither left nor said that they do not take part, have not
// paused messages, and there is an address. It is the one place that decides so.
// What a person asks for themselves at that moment, as a code or a lost link, goes
// to the stored address all the same.
func (e Enrolment) MayBeWrittenTo(c Contact) bool {
	return !e.Withdrawn() && !e.Declined() && !e.Paused() && c.Email != "" && c.ParticipantID == e.ParticipantID
}

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

// Consented reports whether a text has been agreed to that still holds.
func (p Participation) Consented() bool {
	return p.ConsentVersion > 0 && p.ConsentVersion >= p.ConsentNeeded && !p.Enrolment.Declined()
}

// ConsentOutdated reports whether the person agreed to a text that has been
// followed by one to be agreed to anew.
func (p Participation) ConsentOutdated() bool {
	return p.ConsentVersion > 0 && p.ConsentVersion < p.ConsentNeeded
}
