package survey

import (
	"tidemark/survey/instrument"
)

// OwnCopySchema names the form of a person's own copy. Fields may be added under
// the same name; none changes its meaning. docs/own-data.md explains it.
const OwnCopySchema = "tidemark-my-data/1"

// OwnCopy is everything that is stored of one person, for that person. Instants
// are RFC 3339 in UTC, days are 2026-03-02; what does not apply is left out.
type OwnCopy struct {
	Schema         string             `json:"schema"`
	MadeAt         string             `json:"made_at"`
	Program        string             `json:"program"`
	Study          OwnStudy           `json:"study"`
	Person         OwnPerson          `json:"person"`
	Consents       []OwnConsent       `json:"consents"`
	Questionnaires []OwnQuestionnaire `json:"questionnaires"`
	Attendance     []OwnAttendance    `json:"attendance"`
	Practice       []OwnPractice      `json:"practice"`
	Notes          []OwnNote          `json:"own_words"`
	// Records are further rows as the database has them, by table: sign-ins,
	// messages, and the like.
	Records map[string][]map[string]any `json:"records"`
}

// OwnStudy is the study a copy is from.
type OwnStudy struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	// Erasure is what the study allows: allowed, until_analysis or never.
	Erasure ErasurePolicy `json:"erasure"`
}

// OwnPerson is who the person is to the study.
type OwnPerson struct {
	Code       string `json:"code"`
	Name       string `json:"name,omitempty"`
	Email      string `json:"email,omitempty"`
	Phone      string `json:"phone,omitempty"`
	Push       string `json:"push,omitempty"`
	Channel    string `json:"messages_by,omitempty"` // email, sms or push, if they have chosen
	TimeZone   string `json:"time_zone,omitempty"`   // IANA name, if it is not the run's
	Group      string `json:"group"`                 // the arm
	CourseRun  string `json:"course_run"`
	EnrolledAt string `json:"enrolled_at"`
	LeftAt     string `json:"left_at,omitempty"`
	PausedAt   string `json:"messages_paused_at,omitempty"`
}

// OwnConsent is a text the person agreed to.
type OwnConsent struct {
	Version     int    `json:"version"`
	Language    string `json:"language"`
	GivenAt     string `json:"given_at"`
	WithdrawnAt string `json:"withdrawn_at,omitempty"`
	Title       string `json:"title"`
	Text        string `json:"text"`
}

// OwnQuestionnaire is one questionnaire at one occasion, with what was answered.
type OwnQuestionnaire struct {
	Key         string          `json:"key"`
	Version     string          `json:"version"`
	Heading     string          `json:"heading"`
	Language    string          `json:"language"`
	Occasion    string          `json:"occasion"`
	State       AssessmentState `json:"state"`
	OpensAt     string          `json:"opens_at"`
	ClosesAt    string          `json:"closes_at"`
	StartedAt   string          `json:"started_at,omitempty"`
	SubmittedAt string          `json:"submitted_at,omitempty"`
	Answers     []OwnAnswer     `json:"answers,omitempty"`
	Scores      []OwnScore      `json:"scores,omitempty"`
}

// OwnAnswer is the answer to one question.
type OwnAnswer struct {
	Item     string           `json:"item"`
	Question string           `json:"question"`
	Value    instrument.Value `json:"value"` // number, text, list of numbers, or null
	// Labels are the words of the options chosen.
	Labels     []string    `json:"labels,omitempty"`
	Unit       string      `json:"unit,omitempty"`
	Missing    MissingCode `json:"missing,omitempty"`
	AnsweredAt string      `json:"answered_at"`
}

// OwnScore is a score made from answers; null when there were too few.
type OwnScore struct {
	Scale    string   `json:"scale"`
	Name     string   `json:"name"`
	Value    *float64 `json:"value"`
	Answered int      `json:"answered"`
	Items    int      `json:"items"`
}

// OwnAttendance is what was noted of a meeting.
type OwnAttendance struct {
	Meeting int  `json:"meeting"`
	Present bool `json:"present"`
}

// OwnPractice is a practice the person noted.
type OwnPractice struct {
	Day      string `json:"day"`
	Practice string `json:"practice"`
	Minutes  int    `json:"minutes"`
	Formal   bool   `json:"formal"`
	Helpful  *int   `json:"helpful,omitempty"` // 0 to 10
	NotedAt  string `json:"noted_at"`
}

// OwnNote is what a person wrote for themselves.
type OwnNote struct {
	Kind      NoteKind `json:"kind"`
	WrittenAt string   `json:"written_at"`
	ChangedAt string   `json:"changed_at,omitempty"`
	SharedAt  string   `json:"shared_at,omitempty"` // with researchers of the study
	Texts     []string `json:"texts"`
	// Closed: it could not be opened, or the copy was made by somebody else.
	Closed bool `json:"closed,omitempty"`
}
