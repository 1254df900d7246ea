package survey

import (
	"context"
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Store is where everything is kept. There is one implementation (package
// store) over SQLite and PostgreSQL, held to this contract by package
// storetest.
//
// Readers outside a transaction may be served from another connection than
// writers and see only what is committed.
type Store interface {
	Reader
	// InTx runs fn in one transaction and returns once its writes are on
	// stable storage. When fn fails nothing is written; a write that failed
	// (not one that found nothing) fails the transaction even if fn passes
	// over its error. A failure of the database to serialise is retried, so
	// fn may run more than once: it reads no clock, sends nothing, and
	// starts its results afresh. fn must use the Tx alone, not the Store,
	// and must not be nested. Once begun, a transaction is carried to its
	// end even if ctx ends.
	InTx(ctx context.Context, fn func(Tx) error) error
	// InReadTx runs fn on one state of the database: whatever is committed
	// meanwhile, all that fn reads belongs together. The Reader is for the
	// time of fn. Several goroutines may use it, and may wait for each other;
	// what is called back with a row must not read anything itself. It ends
	// with ctx, and blocks no writer.
	InReadTx(ctx context.Context, fn func(Reader) error) error
	// Scrub overwrites what removed rows leave behind in the database's files,
	// as far as the engine can: see package store. It must not be called
	// within a transaction.
	Scrub(ctx context.Context) error
}

// Tx reads and writes within one transaction.
type Tx interface {
	Reader
	Writer
}

// Reader is everything that can be asked. A single thing that is not there is
// ErrNotFound; a list that has nothing is empty.
type Reader interface {
	StudyReader
	ConsentReader
	RunReader
	ParticipationReader
	AssessmentReader
	AnalysisReader
	UserReader
	AuditReader
	PlanReader
	SnapshotReader
	HoldingReader
	PracticeReader
	LanguageReader
	NoteReader
	LibraryReader
	HelpReader
	MessageReader
	FeedbackReader
	HistoryReader
}

// DataReader is all that is read of a study to analyse it. Every Reader is one,
// and so is a snapshot that was opened.
type DataReader interface {
	Design(ctx context.Context, id StudyID) (StudyDesign, error)
	Runs(ctx context.Context, study StudyID) ([]RunSummary, error)
	AnalysisReader
}

// OneState runs fn on one state of the data: in a transaction for reading if r is
// the store, and on r itself if it is a snapshot or within a transaction already.
func OneState(ctx context.Context, r DataReader, fn func(DataReader) error) error {
	s, ok := r.(Store)
	if !ok {
		return fn(r)
	}
	return s.InReadTx(ctx, func(r Reader) error { return fn(r) })
}

// Writer is everything that can be changed. Broken unique keys are
// ErrDuplicate, broken foreign keys ErrReference. A method that returns an error
// alone may leave it to a later call, to Settle, or to InTx to tell that its write
// failed.
type Writer interface {
	StudyWriter
	ConsentWriter
	RunWriter
	ParticipationWriter
	AssessmentWriter
	UserWriter
	PlanWriter
	SnapshotWriter
	HoldingWriter
	PracticeWriter
	LanguageWriter
	NoteWriter
	LibraryWriter
	HelpWriter
	MessageWriter
	FeedbackWriter
	HistoryWriter
	// AppendAudit adds lines to the audit trail; nothing removes them.
	AppendAudit(ctx context.Context, events ...AuditEvent) error
	// Settle waits for the writes so far and tells whether one has failed.
	Settle(ctx context.Context) error
}

// StudyReader reads protocols.
type StudyReader interface {
	// Studies lists all studies, newest first.
	Studies(ctx context.Context) ([]Study, error)
	Study(ctx context.Context, id StudyID) (Study, error)
	StudyByKey(ctx context.Context, key string) (Study, error)
	// Design is the study with its arms, waves and instruments, in a
	// constant number of queries.
	Design(ctx context.Context, id StudyID) (StudyDesign, error)
	InstrumentVersion(ctx context.Context, id InstrumentID) (InstrumentVersion, error)
	InstrumentVersionByKey(ctx context.Context, key, version string) (InstrumentVersion, error)
	// InstrumentVersions lists all, by key and version.
	InstrumentVersions(ctx context.Context) ([]InstrumentVersion, error)
}

// StudyWriter writes protocols.
type StudyWriter interface {
	CreateStudy(ctx context.Context, s Study) error
	CreateArm(ctx context.Context, a Arm) error
	// CreateWave writes the wave and its instrument sets.
	CreateWave(ctx context.Context, w Wave) error
	// CreateInstrumentVersion registers a version. There is no way to
	// change one: key and version are unique, and the database refuses
	// updates.
	CreateInstrumentVersion(ctx context.Context, v InstrumentVersion) error
	// SetStudyState moves a study from one state to another and reports
	// whether it was in the first.
	SetStudyState(ctx context.Context, id StudyID, from, to StudyState) (bool, error)
}

// RunSummary is a course run with its head count.
type RunSummary struct {
	Run       CourseRun
	Enrolled  int           // everyone ever enrolled, people whose data were erased included
	Withdrawn int           // of these
	Erased    []ErasedCount // of these, by arm in order of their identifiers
}

// WaveProgress is how far one person has come in one wave.
type WaveProgress struct {
	EnrolmentID EnrolmentID
	WaveID      WaveID
	Sets        int // questionnaires due
	Started     int // with at least one answer, submitted ones included
	Submitted   int
}

// WaveMoments are the count, mean and sum of squared deviations of one scale at
// one wave, over people of one run.
type WaveMoments struct {
	WaveID WaveID
	N      int
	Mean   float64
	// SumSquares is Σ(x − mean)², so the sample variance is
	// SumSquares/(N − 1).
	SumSquares float64
	// First and Last are when the first and the last of them were submitted.
	First, Last time.Time
}

// RunReader reads course runs.
type RunReader interface {
	// Runs lists the runs of a study, the latest start first.
	Runs(ctx context.Context, study StudyID) ([]RunSummary, error)
	Run(ctx context.Context, study StudyID, id RunID) (CourseRun, error)
	// Roster lists everyone enrolled in a run in order of enrolment.
	Roster(ctx context.Context, study StudyID, run RunID) ([]Enrolment, error)
	// Contacts are the contact data of a run's people.
	Contacts(ctx context.Context, study StudyID, run RunID) (map[ParticipantID]Contact, error)
	// Links are the newest links of a run's people.
	Links(ctx context.Context, study StudyID, run RunID) (map[EnrolmentID]PersonalLink, error)
	// Progress is the roster × waves state in one query.
	Progress(ctx context.Context, study StudyID, run RunID) ([]WaveProgress, error)
	Attendance(ctx context.Context, study StudyID, run RunID) ([]Attendance, error)
	// Moves are the instants at which a run was moved, as the audit trail
	// tells, the earliest first.
	Moves(ctx context.Context, study StudyID, run RunID) ([]time.Time, error)
	// Moments summarises a scale over the submitted assessments of an arm
	// of a run (of every arm when arm is empty), by wave in order.
	Moments(ctx context.Context, study StudyID, run RunID, arm ArmID, scale string) ([]WaveMoments, error)
}

// RunWriter writes course runs.
type RunWriter interface {
	CreateRun(ctx context.Context, r CourseRun) error
	// LockRun makes concurrent transactions that lock the same run wait
	// for each other. ErrNotFound when there is no such run.
	LockRun(ctx context.Context, study StudyID, run RunID) error
	// MoveRun changes the day of the first meeting.
	MoveRun(ctx context.Context, study StudyID, run RunID, startsOn schedule.Date) error
	// PutAttendance notes who came, replacing earlier notes.
	PutAttendance(ctx context.Context, study StudyID, run RunID, notes []Attendance) error
}

// ParticipationReader reads who takes part.
type ParticipationReader interface {
	// ParticipationBySignIn finds whom an unexpired participant cookie
	// belongs to; ErrNotSignedIn when there is none.
	ParticipationBySignIn(ctx context.Context, tokenHash string, now time.Time) (Participation, error)
	// ParticipationAtAssessment is ParticipationBySignIn with an assessment
	// of that person, in one query. ErrNotFound when the cookie belongs to
	// nobody or the assessment is not theirs.
	ParticipationAtAssessment(ctx context.Context, tokenHash string, now time.Time, id AssessmentID) (Participation, OpenAssessment, error)
	// ParticipationByLink finds whom a personal link belongs to, and the
	// link; ErrNotFound when there is none.
	ParticipationByLink(ctx context.Context, tokenHash string) (Participation, PersonalLink, error)
	Participation(ctx context.Context, study StudyID, id EnrolmentID) (Participation, error)
	// EnrolmentsByEmail finds who is reached at an address, written as it is
	// stored, in all open studies that they have not left.
	EnrolmentsByEmail(ctx context.Context, email string) ([]EnrolmentPlace, error)
	// Codes are all participant codes of a study.
	Codes(ctx context.Context, study StudyID) ([]string, error)
}

// EnrolmentPlace names an enrolment.
type EnrolmentPlace struct {
	StudyID StudyID
	ID      EnrolmentID
}

// NewPerson is everything written when someone is enrolled.
type NewPerson struct {
	Participant Participant
	Contact     *Contact // nil: none given
	Enrolment   Enrolment
	Link        PersonalLink
	Assessments []Assessment
}

// ParticipationWriter writes who takes part.
type ParticipationWriter interface {
	// Enrol writes people in bulk.
	Enrol(ctx context.Context, people []NewPerson) error
	// Withdraw ends a participation and its consents; false when it had
	// ended before.
	Withdraw(ctx context.Context, study StudyID, id EnrolmentID, at time.Time) (bool, error)
	// ReplaceLink revokes the person's links and writes a new one.
	ReplaceLink(ctx context.Context, l PersonalLink, at time.Time) error
}

// AssessmentReader reads questionnaires in progress.
type AssessmentReader interface {
	// Assessment reads one with its wave (without the wave's instruments).
	Assessment(ctx context.Context, study StudyID, id AssessmentID) (Assessment, Wave, error)
	// Due lists one person's assessments in order of wave and position,
	// with the number of items answered. Definition, Window and State are
	// left to the use case.
	Due(ctx context.Context, study StudyID, enrolment EnrolmentID) ([]DueItem, error)
	// Responses are the stored answers of one assessment by item.
	Responses(ctx context.Context, study StudyID, id AssessmentID) ([]Response, error)
}

// AssessmentWriter writes answers.
type AssessmentWriter interface {
	// MarkSaved notes that answers arrive for a person's unsubmitted
	// assessment, and holds it against a concurrent submission until the
	// transaction ends. False: submitted, not this person's, or the person
	// has left.
	MarkSaved(ctx context.Context, study StudyID, enrolment EnrolmentID, id AssessmentID, at time.Time) (bool, error)
	// MarkSubmitted closes a person's unsubmitted assessment. False:
	// submitted before, not this person's, or the person has left.
	MarkSubmitted(ctx context.Context, study StudyID, enrolment EnrolmentID, id AssessmentID, at time.Time) (bool, error)
	// KeepItemOrder notes in which order the items are asked, by code and
	// comma. The order noted first stays.
	KeepItemOrder(ctx context.Context, study StudyID, id AssessmentID, order string) error
	// PutResponses writes answers, one row per item, replacing earlier
	// ones of the same items.
	PutResponses(ctx context.Context, study StudyID, id AssessmentID, responses []Response) error
	// DeleteResponses takes answers back; items without one are passed over.
	DeleteResponses(ctx context.Context, study StudyID, id AssessmentID, items []string) error
	// CreateScores writes the scores of a submitted assessment, once.
	CreateScores(ctx context.Context, study StudyID, id AssessmentID, scores []instrument.Score, at time.Time) error
}

// ScoreRow is one score with its place in the design.
type ScoreRow struct {
	EnrolmentID  EnrolmentID
	WaveID       WaveID
	InstrumentID InstrumentID
	Scale        string
	Value        float64 // meaningful only when Valid
	Valid        bool
	Answered     int
	Items        int
	Rule         string
}

// ResponseRow is one stored answer with its place in the design. The pointer
// given to a callback is reused: copy what must be kept.
type ResponseRow struct {
	EnrolmentID  EnrolmentID
	AssessmentID AssessmentID
	WaveID       WaveID
	InstrumentID InstrumentID
	SubmittedAt  time.Time // zero: not submitted
	Item         string
	Value        float64
	Text         string // see Response
	Missing      MissingCode
	AnsweredAt   time.Time
}

// AnalysisReader streams a study's data. Callbacks run while rows are read, in
// constant memory; an error from a callback ends the stream and is returned.
type AnalysisReader interface {
	// Enrolments lists everyone in the study by participant code.
	Enrolments(ctx context.Context, study StudyID) ([]Enrolment, error)
	// EachScore gives the scores at the given waves, or at all of them when
	// there are none, in no particular order.
	EachScore(ctx context.Context, study StudyID, waves []WaveID, f func(*ScoreRow) error) error
	// EachResponse gives all stored answers, grouped by enrolment in the
	// order of Enrolments, then by wave, position and item.
	EachResponse(ctx context.Context, study StudyID, f func(*ResponseRow) error) error
	// EachSubmitted gives the answers of submitted assessments at the given
	// waves, in no particular order.
	EachSubmitted(ctx context.Context, study StudyID, waves []WaveID, f func(*ResponseRow) error) error
	// StudyProgress is how far everyone has come in every wave.
	StudyProgress(ctx context.Context, study StudyID) ([]WaveProgress, error)
	// EachAssessment gives all assessments, by enrolment in the order of
	// Enrolments, then by wave and position. The pointer is reused.
	EachAssessment(ctx context.Context, study StudyID, f func(*Assessment) error) error
	// StudyChoices are what everyone says now to the optional consents; people
	// who were never asked are not in it.
	StudyChoices(ctx context.Context, study StudyID) (map[EnrolmentID]ConsentChoices, error)
	// StudyAttendance lists who was noted at which meeting, by enrolment in the
	// order of Enrolments, then by meeting.
	StudyAttendance(ctx context.Context, study StudyID) ([]Attendance, error)
}

// UserReader reads staff.
type UserReader interface {
	UserByEmail(ctx context.Context, email string) (User, error)
	User(ctx context.Context, id UserID) (User, error)
	// Users lists all staff with their grants, by e-mail.
	Users(ctx context.Context) ([]User, error)
	// UserBySignIn finds whom an unexpired staff cookie belongs to;
	// ErrNotSignedIn when there is none or the account is disabled.
	UserBySignIn(ctx context.Context, tokenHash string, now time.Time) (User, error)
	StaffLink(ctx context.Context, tokenHash string) (StaffLink, error)
}

// UserWriter writes staff and sign-ins.
type UserWriter interface {
	CreateUser(ctx context.Context, u User) error
	GrantRole(ctx context.Context, id UserID, g Grant) error
	// SetPassword changes the hash of an account's password and ends its
	// sign-ins and the links that nobody has used.
	SetPassword(ctx context.Context, id UserID, hash string) error
	// DisableUser ends an account and its sign-ins.
	DisableUser(ctx context.Context, id UserID, at time.Time) error
	CreateSignIn(ctx context.Context, s SignIn) error
	DeleteSignIn(ctx context.Context, tokenHash string) error
	// DeleteSignInsBefore removes expired sign-ins.
	DeleteSignInsBefore(ctx context.Context, t time.Time) error
	CreateStaffLink(ctx context.Context, l StaffLink) error
	// UseStaffLink marks a link used and reports whether it could be: it
	// exists, has not expired, and is reusable or unused.
	UseStaffLink(ctx context.Context, tokenHash string, at time.Time) (bool, error)
}

// AuditReader reads the audit trail.
type AuditReader interface {
	// AuditEvents lists the newest events first, at most limit; of one
	// study, or of the whole installation when study is empty.
	AuditEvents(ctx context.Context, study StudyID, limit int) ([]AuditEvent, error)
	// CountAudit counts a study's events of one kind.
	CountAudit(ctx context.Context, study StudyID, action Action) (int, error)
}
