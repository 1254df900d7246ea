package survey

import (
	"context"
	"time"
)

// HoldingReader reads what is stored of one person, and what is left of people
// whose data were erased.
type HoldingReader interface {
	// ErasurePolicy is what a study allows.
	ErasurePolicy(ctx context.Context, study StudyID) (ErasurePolicy, error)
	// Holdings counts the rows stored of a person by kind; a kind of which
	// there are none may be missing.
	Holdings(ctx context.Context, study StudyID, id EnrolmentID) (map[HoldingKind]int, error)
	// EachRecord gives the rows stored of a person that nothing else reads
	// for them, table by table. The pointer is reused.
	EachRecord(ctx context.Context, study StudyID, id EnrolmentID, f func(*Record) error) error
	// Contact is how a person is reached; ErrNotFound when nothing was given.
	Contact(ctx context.Context, study StudyID, id ParticipantID) (Contact, error)
	// Consents are a person's, in the order in which they were given.
	Consents(ctx context.Context, study StudyID, id EnrolmentID) ([]Consent, error)
	// Scores are those of one assessment, by scale.
	Scores(ctx context.Context, study StudyID, id AssessmentID) ([]ScoreRow, error)
	// PersonAttendance is what was noted of one person, by meeting.
	PersonAttendance(ctx context.Context, study StudyID, id EnrolmentID) ([]Attendance, error)
	// KnownDevice reports whether a browser is one of the person's own.
	KnownDevice(ctx context.Context, study StudyID, id EnrolmentID, tokenHash string) (bool, error)
	// AccessCode is the code last sent to a person; ErrNotFound: none.
	AccessCode(ctx context.Context, study StudyID, id EnrolmentID) (AccessCode, error)

	// Erasures lists those of a study, the latest first.
	Erasures(ctx context.Context, study StudyID) ([]Erasure, error)
	// ErasureByReceipt finds one by what the person holds.
	ErasureByReceipt(ctx context.Context, receiptHash string) (Erasure, error)
	// CopiesSince counts the exports of a study's data from an instant on.
	CopiesSince(ctx context.Context, study StudyID, from time.Time) (int, error)
	// AllErasures are those of the whole installation, by study and enrolment.
	AllErasures(ctx context.Context) ([]Erasure, error)
}

// HoldingWriter changes what is stored of one person.
type HoldingWriter interface {
	// SetErasurePolicy says what a study allows.
	SetErasurePolicy(ctx context.Context, study StudyID, p ErasurePolicy) error
	// Pause notes since when a person wants no messages; the zero time: they
	// want them.
	Pause(ctx context.Context, study StudyID, id EnrolmentID, at time.Time) error
	// AddDevice notes a browser as a person's own. Noting it again changes
	// nothing.
	AddDevice(ctx context.Context, study StudyID, id EnrolmentID, tokenHash string, at time.Time) error
	// RemoveDevice forgets a browser.
	RemoveDevice(ctx context.Context, study StudyID, id EnrolmentID, tokenHash string) error
	// PutAccessCode replaces the code of a person.
	PutAccessCode(ctx context.Context, study StudyID, id EnrolmentID, c AccessCode) error
	// TryAccessCode counts a try at a code that has not expired by then and
	// was tried fewer times than allowed, and reports whether it could.
	TryAccessCode(ctx context.Context, study StudyID, id EnrolmentID, now time.Time, allowed int) (bool, error)
	// HoldPart keeps a person's enrolment as it is until the transaction ends:
	// a withdrawal or erasure at the same moment comes before or after. False:
	// they have left, or are not there. Whatever is stored of a person in a
	// transaction of its own is stored after this.
	HoldPart(ctx context.Context, study StudyID, id EnrolmentID) (bool, error)
	// HoldStudy makes concurrent transactions that hold the same study wait for
	// each other. ErrNotFound when there is none.
	HoldStudy(ctx context.Context, study StudyID) error
	// Erase removes every row of a person and writes what is left. False: the
	// person is not there.
	Erase(ctx context.Context, e Erasure) (bool, error)
	// SettleErasure notes that everything is done.
	SettleErasure(ctx context.Context, study StudyID, id EnrolmentID, at time.Time) error
	// ClearErasureCode forgets a participant code. False: it was forgotten.
	ClearErasureCode(ctx context.Context, study StudyID, id EnrolmentID) (bool, error)
}

// AccessCode is a code sent to a person's stored address, by which they show who
// they are.
type AccessCode struct {
	Hash                 string
	CreatedAt, ExpiresAt time.Time
	Tries                int // wrong ones
}
