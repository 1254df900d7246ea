package survey

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"slices"
	"strings"
	"time"
)

// HookKind is a kind of event that other systems can be told of.
type HookKind string

// The kinds of events. None carries an answer, a name or an address; that of an alert
// does not say whom it is about.
const (
	HookSubmitted  HookKind = "assessment.submitted"
	HookEnrolled   HookKind = "participant.enrolled"
	HookConsented  HookKind = "consent.given"
	HookWithdrawn  HookKind = "participant.withdrawn"
	HookWaveClosed HookKind = "wave.closed" // for those who were in a run from its beginning
	HookFileReady  HookKind = "file.ready"
	HookAlert      HookKind = "alert.raised"
	HookTest       HookKind = "test" // nobody chooses it: a button sends it
)

// HookKinds are all kinds that can be chosen, in the order in which they are offered.
func HookKinds() []HookKind {
	return []HookKind{HookSubmitted, HookEnrolled, HookConsented, HookWithdrawn, HookWaveClosed, HookFileReady, HookAlert}
}

// Valid reports whether k can be chosen.
func (k HookKind) Valid() bool { return slices.Contains(HookKinds(), k) }

// Webhook is an address of another system that is told of a study's events.
type Webhook struct {
	StudyID StudyID
	ID      WebhookID
	Address string
	Kinds   []HookKind
	KeyID   string // with Sealed, the secret that signs
	Sealed  []byte
	MadeBy  UserID // only as long as they may read who takes part, anything is sent
	MadeAt  time.Time
	// Sequence is the number of the last event.
	Sequence int
	// Takes counts who held it to send, NextAt is before when nobody does.
	Takes    int
	NextAt   time.Time
	LeasedTo time.Time
	// Tries failed one after the other, since FailingAt; zero: the last went well.
	Tries     int
	FailingAt time.Time
	PausedAt  time.Time // zero: it is not
	Pause     HookPause
	EndedAt   time.Time // zero: it was not switched off
}

// Works reports whether events are sent.
func (w Webhook) Works() bool { return w.EndedAt.IsZero() && w.PausedAt.IsZero() }

// HookPause is why nothing is sent any more until somebody says so.
type HookPause string

// No answer of success for a day; the address says that it is gone (410); whoever made
// it has no role for it any more; the secret cannot be opened with the installation's.
const (
	PauseFailing HookPause = "failing"
	PauseGone    HookPause = "gone"
	PauseMaker   HookPause = "maker"
	PauseSecret  HookPause = "secret"
)

// HookDelivery is an event for one webhook.
type HookDelivery struct {
	StudyID   StudyID
	WebhookID WebhookID
	// ID is the same whenever the event is sent, and for every webhook of the study.
	ID        string
	Kind      HookKind
	Enrolment EnrolmentID // whom it is about; empty: nobody
	About     string      // identifier of the object
	Detail    string
	CreatedAt time.Time
	Sequence  int // 0: not yet given
	Attempts  int
	TriedAt   time.Time
	Status    int    // of HTTP, at the last try; 0: there was no answer
	Error     string // of the last try; empty: it went well
	EndedAt   time.Time
}

// HookNotice is an event to be told.
type HookNotice struct {
	StudyID   StudyID
	Kind      HookKind
	Enrolment EnrolmentID
	About     string
	Detail    string
	At        time.Time
	// Key tells events of a kind apart; with what it is about, empty, there is one.
	Key string
	// Only is the one webhook that is told; empty: all that want the kind.
	Only WebhookID
}

// ID is what the event is known by. It follows from what it is about, so that telling
// it twice makes no second event.
func (n HookNotice) ID() string {
	sum := sha256.Sum256([]byte(string(n.StudyID) + "\x00" + string(n.Kind) + "\x00" + n.About + "\x00" + n.Key))
	return "evt_" + hex.EncodeToString(sum[:16])
}

// hookAddress reports what is wrong with an address; empty: nothing. Without https only
// an installation that lets events go to its own network takes it.
func hookAddress(text string, private bool) string {
	u, err := url.Parse(text)
	switch {
	case text == "" || err != nil || u.Hostname() == "" || u.User != nil || u.Fragment != "":
		return "webhook.address"
	case u.Scheme != "https" && (u.Scheme != "http" || !private):
		return "webhook.https"
	case len(text) > 500 || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "webhook.address"
	}
	return ""
}

const (
	// maxHooks is how many webhooks that are not switched off a study has.
	maxHooks = 10
	// hookSecretBytes are as many as the hash has.
	hookSecretBytes = 32
	// HookSecretPrefix begins a secret; what follows is base64.
	HookSecretPrefix = "whsec_"
)

func submittedNotice(as Assessment, w Wave, at time.Time) HookNotice {
	return HookNotice{StudyID: as.StudyID, Kind: HookSubmitted, Enrolment: as.EnrolmentID, About: string(as.ID), Detail: w.Key, At: at}
}

func enrolledNotice(e Enrolment) HookNotice {
	return HookNotice{StudyID: e.StudyID, Kind: HookEnrolled, Enrolment: e.ID, At: e.EnrolledAt, Key: string(e.ID)}
}

func withdrawnNotice(study StudyID, person EnrolmentID, at time.Time) HookNotice {
	return HookNotice{StudyID: study, Kind: HookWithdrawn, Enrolment: person, At: at, Key: string(person)}
}
