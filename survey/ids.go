package survey

// Identifiers are UUIDv7 in their canonical text form, made by the application
// (see [Env.NewID]); each kind has its own type so that one cannot be passed
// for another.
type (
	StudyID       string
	ArmID         string
	WaveID        string
	InstrumentID  string // one version of one instrument
	RunID         string
	ParticipantID string
	EnrolmentID   string
	ConsentID     string
	AssessmentID  string
	UserID        string
	AuditID       string
	SnapshotID    string
	PracticeID    string // one entry of a person's practice log
	NoteID        string // one private note of a person
	TermsID       string // one acceptance of a questionnaire's terms
	AlertID       string
	TokenID       string // of an APIToken
	WebhookID     string
	DraftID       string // a questionnaire being written
)
