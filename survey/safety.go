package survey

import (
	"slices"
	"strings"
	"time"
)

// SafetyShape says whether somebody can look after a person because of an answer.
type SafetyShape string

// The two lawful shapes of a study that asks people how they are.
const (
	// SafetyLinked: answers belong to people who can be reached, and named
	// people read those that may tell of danger.
	SafetyLinked SafetyShape = "linked"
	// SafetyAnonymous: nobody will see an answer in time and nobody can be
	// sent, and people are told so.
	SafetyAnonymous SafetyShape = "anonymous"
)

// Valid reports whether s is one of the shapes.
func (s SafetyShape) Valid() bool { return s == SafetyLinked || s == SafetyAnonymous }

// Bounds on a declaration.
const (
	MaxWindow        = 168 // hours; a week
	MaxHelpResources = 60
	maxHelpText      = 200
	maxWording       = 4000
	maxAlertNote     = 2000
)

// Safety is what a study declares about the safety of its people before it opens.
type Safety struct {
	StudyID   StudyID
	Shape     SafetyShape
	Responder UserID // empty: nobody is named
	Deputy    UserID // told when the responder does not act; empty: nobody
	// OfficeHours are when somebody reads, in words: "Monday to Friday, 9 to 17".
	OfficeHours string
	TimeZone    string // IANA; of the office hours
	// Window is within how many hours an answer that was flagged is read; 0:
	// not declared.
	Window int
	// Wording is what people are told about who reads their answers and when,
	// by language.
	Wording   map[string]string
	Resources []HelpResource
	Revision  int // rises with each change
	// DeclaredAt and DeclaredBy are of the last change.
	DeclaredAt time.Time
	DeclaredBy Author
}

// HelpResource is somebody people of a country can turn to.
type HelpResource struct {
	Country  string // ISO 3166-1 alpha-2, upper case
	Language string // BCP 47, that is spoken there; may be empty
	Name     string
	Phone    string
	Message  string // how to write there: a number, a word to send
	Web      string
	Hours    string
}

// Named reports whether the actor is the responder or the deputy.
func (s Safety) Named(a Actor) bool {
	if !a.inPerson() || a.User.ID == "" {
		return false
	}
	return s.Shape == SafetyLinked && (a.User.ID == s.Responder || a.User.ID == s.Deputy)
}

// WordingIn is what people are told, in a language or else in the study's.
func (s Safety) WordingIn(languages ...string) string {
	for _, l := range languages {
		if text := s.Wording[l]; text != "" {
			return text
		}
	}
	return ""
}

// Countries are those with resources, in the order of the list.
func (s Safety) Countries() []string {
	var all []string
	for _, r := range s.Resources {
		if !slices.Contains(all, r.Country) {
			all = append(all, r.Country)
		}
	}
	return all
}

// In are the resources of a country.
func (s Safety) In(country string) []HelpResource {
	var all []HelpResource
	for _, r := range s.Resources {
		if r.Country == country {
			all = append(all, r)
		}
	}
	return all
}

// RiskFlag is an answer that met a rule of its questionnaire. It holds no answer,
// and stays when the answer is changed.
type RiskFlag struct {
	StudyID      StudyID
	AssessmentID AssessmentID
	Item         string
	EnrolmentID  EnrolmentID
	FlaggedAt    time.Time
	ShownAt      time.Time // the page about help was shown at once; zero: not yet
	ShownAgainAt time.Time // and at the end
}

// AlertLevel is how far an alert has gone up.
type AlertLevel int

// An alert begins with the responder, goes to the deputy at half of the window,
// and to both at its end.
const (
	AlertNew AlertLevel = iota
	AlertHalfway
	AlertOverdue
)

// Alert is what the named people of a linked study have to look at.
type Alert struct {
	StudyID      StudyID
	ID           AlertID
	AssessmentID AssessmentID
	Item         string
	OpenedAt     time.Time
	Level        AlertLevel
	NextAt       time.Time // when it goes up; zero: it goes no further
	DueAt        time.Time // the end of the window
	Round        int       // how often it was handed over or opened again
	// AcknowledgedAt is zero while nobody has taken it on.
	AcknowledgedAt time.Time
	AcknowledgedBy UserID
	Acknowledger   string // by name
	Note           string
}

// Open reports whether nobody has taken the alert on.
func (a Alert) Open() bool { return a.AcknowledgedAt.IsZero() }

// newAlert is a flag as an alert of a linked study with named people; false when
// the study has none.
func newAlert(s Safety, f RiskFlag, id AlertID) (Alert, bool) {
	if s.Shape != SafetyLinked || s.Responder == "" || s.Window <= 0 {
		return Alert{}, false
	}
	window := time.Duration(s.Window) * time.Hour
	return Alert{
		StudyID: f.StudyID, ID: id, AssessmentID: f.AssessmentID, Item: f.Item, OpenedAt: f.FlaggedAt,
		NextAt: f.FlaggedAt.Add(window / 2), DueAt: f.FlaggedAt.Add(window),
	}, true
}

// clean trims what was typed.
func (r HelpResource) clean() HelpResource {
	web := strings.TrimSpace(r.Web)
	if web != "" && !strings.Contains(web, "://") {
		web = "https://" + web
	}
	return HelpResource{
		Country: strings.ToUpper(strings.TrimSpace(r.Country)), Language: strings.TrimSpace(r.Language),
		Name: strings.TrimSpace(r.Name), Phone: strings.TrimSpace(r.Phone), Message: strings.TrimSpace(r.Message),
		Web: web, Hours: strings.TrimSpace(r.Hours),
	}
}
