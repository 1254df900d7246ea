package survey

import (
	"context"
	"time"

	"tidemark/survey/reminding"
)

// MessagingReader reads what studies send, and to whom.
type MessagingReader interface {
	// Messaging is what a study has set; off when it has set nothing.
	Messaging(ctx context.Context, study StudyID) (Messaging, error)
	// MessagingStudies lists the open studies that send messages.
	MessagingStudies(ctx context.Context) ([]MessagingStudy, error)
	// MessageTexts are the newest words of a study, by kind and language.
	MessageTexts(ctx context.Context, study StudyID) (MessageTexts, error)
	// MessageTextHistory lists all revisions of a kind in a language, the
	// newest first.
	MessageTextHistory(ctx context.Context, study StudyID, kind reminding.Kind, language string) ([]MessageText, error)
	// RunsOfStudies and WavesOfStudies are those of several studies in one query
	// each; waves come without their questionnaires.
	RunsOfStudies(ctx context.Context, studies []StudyID) ([]CourseRun, error)
	WavesOfStudies(ctx context.Context, studies []StudyID) ([]Wave, error)
	// Recipients are the people of a scope, in order of enrolment.
	Recipients(ctx context.Context, s MessageScope) ([]Recipient, error)
	// Completions are the waves of a scope's people, one each, whether done or
	// not.
	Completions(ctx context.Context, s MessageScope) ([]Completion, error)
	// WaveMessages are the messages about waves and meetings that the outbox has
	// had for a scope's people, in order of time.
	WaveMessages(ctx context.Context, s MessageScope) ([]Message, error)
	// EnrolmentByCode finds a person by their code.
	EnrolmentByCode(ctx context.Context, study StudyID, code string) (Enrolment, error)
	// MessageByLetter finds the message of a letter that was sent.
	MessageByLetter(ctx context.Context, letter string) (Message, error)
	// EachLoggedMessage gives the messages to a study's people, with their code
	// and the key of the wave, in order of time. The pointer is reused.
	EachLoggedMessage(ctx context.Context, study StudyID, f func(*LoggedMessage) error) error
}

// MessagingWriter writes what studies send.
type MessagingWriter interface {
	// PutMessaging writes what a study has set, in place of the revision before.
	// False: it is not the next revision.
	PutMessaging(ctx context.Context, m Messaging) (bool, error)
	// PutMessageText adds a revision of words. False: there is one of that number.
	PutMessageText(ctx context.Context, t MessageText) (bool, error)
	// PlanMessages keeps messages to be sent, and gives how many are new. One of
	// the same key that was dropped is kept anew; any other stays as it is.
	PlanMessages(ctx context.Context, messages []Message) (int, error)
	// ReturnMessage notes that the letter of a sent message came back. False: it was
	// noted before.
	ReturnMessage(ctx context.Context, m Message) (bool, error)
	// SetTimeZone notes where a person is. What they have chosen themselves only
	// another choice replaces; false: it stays.
	SetTimeZone(ctx context.Context, study StudyID, id EnrolmentID, zone string, chosen bool) (bool, error)
	// PutContact writes how a person is reached. Another address than before has
	// not bounced.
	PutContact(ctx context.Context, c Contact) error
	// MarkBounced notes that an address takes no letters, if it is still the
	// person's.
	MarkBounced(ctx context.Context, study StudyID, id ParticipantID, email string, at time.Time) (bool, error)
}

// MessagingStudy is a study that sends messages.
type MessagingStudy struct {
	Study     Study
	Messaging Messaging
}

// MessageScope says whose messages: all people of some studies, of some runs of
// them, or one person alone. Without a study there is nobody.
type MessageScope struct {
	Studies   []StudyID
	Runs      []RunID     // empty: all
	Enrolment EnrolmentID // empty: all
}

// Recipient is somebody who may get messages.
type Recipient struct {
	Enrolment Enrolment
	Name      string
	Control   bool // of the arm: the meetings are for others
	// Reachable: an address of any kind is known. Bounced: the address takes no
	// letters, and nothing else is known.
	Reachable, Bounced bool
	// Phone: a number is known.
	Phone bool
	// LinkUntil is how long the personal link works; zero: it does not.
	LinkUntil time.Time
}

// Completion is how far one person has come with one wave.
type Completion struct {
	EnrolmentID EnrolmentID
	WaveID      WaveID
	Started     bool
	DoneAt      time.Time // when the last questionnaire was submitted; zero: not all were
}

// LoggedMessage is a line of the message log.
type LoggedMessage struct {
	Message Message
	Code    string
	Wave    string // key; empty: about none
}
