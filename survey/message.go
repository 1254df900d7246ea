package survey

import "time"

// MessageKind says what a message is about, and so how it is written.
type MessageKind string

// The kinds of messages.
const (
	// MessageAlert tells a named person that answers wait to be read. About is
	// the alert.
	MessageAlert MessageKind = "alert"
	// MessageAccessCode brings a person the code that they have asked for.
	MessageAccessCode MessageKind = "access_code"
	// MessageLostLink brings a person the personal link that they have lost.
	MessageLostLink MessageKind = "lost_link"
	// MessageReset brings a member of staff the link by which they set a new password.
	// About says which; it belongs to no study.
	MessageReset MessageKind = "password_reset"
	// MessageNotice tells a member of staff what was done with their account. About
	// begins with one of the Notice words; it belongs to no study.
	MessageNotice MessageKind = "account_notice"
	// MessageHeads brings signed heads of the audit trail to whoever keeps them. About
	// stands for the address.
	MessageHeads MessageKind = "audit_heads"
)

// Message is one on its way: what about and to whom. Neither its text nor the
// address is in it: both are found when it is sent, so that what was changed
// meanwhile counts, and a copy of the database holds no letters.
type Message struct {
	StudyID StudyID
	// Key says what must not be sent twice: a second message of the same key
	// is not kept.
	Key    string
	Kind   MessageKind
	ToKind ActorKind // ActorParticipant or ActorUser
	ToID   string    // enrolment or account; empty: found when it is sent
	About  string    // identifier of what it is about; may be empty

	CreatedAt time.Time
	NotBefore time.Time
	Attempts  int       // tries so far, one under way included
	EndedAt   time.Time // zero: still to be sent
	Outcome   Outcome
	LastError string // of the last try that failed, without addresses

	// Number, of a message about a wave, is which of its kind it is, from 1; 0 of
	// any other message.
	Number int
	// Reason is why a message about a wave waits, was dropped or failed.
	Reason MessageReason
	// Letter names the letter that was sent, and SentTo stands for the address that it
	// went to; see [Outbox.Return]. Written while sending, and read by MessageByLetter
	// alone.
	Letter, SentTo string
}

// MessageReason is why, as a reminding.Reason or one of those here.
type MessageReason string

// The reasons that only sending can tell.
const (
	ReasonSimulated MessageReason = "simulated" // nobody real is behind the address
	ReasonBounced   MessageReason = "bounced"   // the server refused the address for good
	// ReasonReturned: a server took the letter, and it came back; ReasonReturnedGone:
	// because the address takes no letters.
	ReasonReturned     MessageReason = "returned"
	ReasonReturnedGone MessageReason = "returned_gone"
	ReasonMoved        MessageReason = "moved_run" // the person went on in another run
	ReasonErased       MessageReason = "erased"    // there is nobody any more
)

// Outcome is what became of a message.
type Outcome string

// What can become of a message. One that was dropped had become needless: its
// person has left, or somebody has acted meanwhile.
const (
	OutcomeNone    Outcome = ""
	OutcomeSent    Outcome = "sent"
	OutcomeDropped Outcome = "dropped"
	OutcomeFailed  Outcome = "failed"
)

// Valid reports whether o is one of the outcomes.
func (o Outcome) Valid() bool {
	return o == OutcomeNone || o == OutcomeSent || o == OutcomeDropped || o == OutcomeFailed
}

// Letter is a message as it is sent.
type Letter struct {
	// ID is the same whenever the same message is sent, so that mail programs
	// can tell a repetition.
	ID      string
	To      string // address
	ToName  string
	Subject string
	Body    string // plain text
	HTML    string // the same as a page; empty: there is plain text alone
	// Unsubscribe is an address that takes a POST of one click (RFC 8058);
	// empty: the letter is not one of many.
	Unsubscribe string
	// Phone or Push is set instead of To for a short message.
	Phone    string
	Push     string
	Language string // BCP 47
}

// Short reports whether it is a short message.
func (l Letter) Short() bool { return l.Phone != "" || l.Push != "" }

// Outgoing is how the messages stand.
type Outgoing struct {
	Waiting int // not sent yet
	Trying  int // of these, that have failed at least once
	Failed  int // given up
	// Oldest is when the first of those that wait was due; zero when none does.
	Oldest time.Time
	// LastError is why the newest failure failed, and when.
	LastError   string
	LastErrorAt time.Time
}
