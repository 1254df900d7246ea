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
	DraftReader
	CourseReader
	HelpReader
	MessageReader
	MessagingReader
	FeedbackReader
	ReleaseReader
	CalendarReader
	HistoryReader
	LimitReader
	EntryReader
	LiveReader
	PersonReader
	AllocationReader
	FileReader
	BackupReader
	TokenReader
	WebhookReader
	SelfCodeReader
	ProgramReader
	ImportReader
	OperationReader
	RetentionReader
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
	DraftWriter
	CourseWriter
	HelpWriter
	MessageWriter
	MessagingWriter
	FeedbackWriter
	ReleaseWriter
	CalendarWriter
	HistoryWriter
	PersonWriter
	LimitWriter
	AllocationWriter
	FileWriter
	BackupWriter
	EntryWriter
	TokenWriter
	WebhookWriter
	AuditWriter
	SelfCodeWriter
	ImportWriter
	OperationWriter
	RetentionWriter
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
	// ChangeWave writes the names, kind, rule and arm of a wave; its key, position
	// and questionnaires stay.
	ChangeWave(ctx context.Context, w Wave) error
	// MakeRoomForWave moves the waves behind a position one further.
	MakeRoomForWave(ctx context.Context, study StudyID, position int) error
	// DeleteWave removes a wave that nobody was asked, what it asks, and its names
	// in other languages.
	DeleteWave(ctx context.Context, w Wave) error
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
	// Meetings of its course; 0: not counted, as stores leave it.
	Meetings int
}

// WaveProgress is how far one person has come in one wave.
type WaveProgress struct {
	EnrolmentID EnrolmentID
	WaveID      WaveID
	Sets        int // questionnaires due
	Started     int // with at least one answer, submitted ones included
	Submitted   int
	LastAt      time.Time // when the last of the submitted ones was; zero: none was
}

// Complete reports whether every questionnaire of the wave was submitted.
func (p WaveProgress) Complete() bool { return p.Sets > 0 && p.Submitted == p.Sets }

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
	// Progress is the roster × waves state in one query, in no particular
	// order.
	Progress(ctx context.Context, study StudyID, run RunID) ([]WaveProgress, error)
	// Attendance is what was noted of the meetings of a run, also of people
	// who have gone to another run since.
	Attendance(ctx context.Context, study StudyID, run RunID) ([]Attendance, error)
	// Attended is what was noted of one person at one meeting; ErrNotFound
	// when nothing was.
	Attended(ctx context.Context, study StudyID, run RunID, id EnrolmentID, meeting int) (Attendance, error)
	// Moves are the instants at which windows of a run may have moved, as the
	// audit trail tells, the earliest first: its start, a break, a meeting, or
	// the rule of a wave of the study.
	Moves(ctx context.Context, study StudyID, run RunID) ([]time.Time, error)
}

// RunWriter writes course runs.
type RunWriter interface {
	CreateRun(ctx context.Context, r CourseRun) error
	// LockRun makes concurrent transactions that lock the same run wait
	// for each other. ErrNotFound when there is no such run.
	LockRun(ctx context.Context, study StudyID, run RunID) error
	// MoveRun changes the day of the first meeting.
	MoveRun(ctx context.Context, study StudyID, run RunID, startsOn schedule.Date) error
	// SetRunDetails replaces what a run is called, and at what hour and where it
	// meets.
	SetRunDetails(ctx context.Context, study StudyID, run RunID, d RunDetails) error
	// SetCalendar replaces a run's breaks and its meetings on other days.
	SetCalendar(ctx context.Context, study StudyID, run RunID, breaks []schedule.Break, moved map[int]int) error
	// PutAttendance notes who came, replacing earlier notes.
	PutAttendance(ctx context.Context, study StudyID, run RunID, notes []Attendance) error
	// TapAttendance notes one person unless a later note stands, by NotedAt;
	// it gives what stands, and whether that is this one.
	TapAttendance(ctx context.Context, study StudyID, run RunID, note Attendance) (Attendance, bool, error)
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
	// ParticipationByCode is ParticipationByLink by the code that can be typed.
	ParticipationByCode(ctx context.Context, codeHash string) (Participation, PersonalLink, error)
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
	// SetCode gives a link that has none the hash of a code.
	SetCode(ctx context.Context, study StudyID, id EnrolmentID, generation int, codeHash string) error
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
	Source       Source // of EachResponse and EachReplaced alone
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
