package survey

import (
	"context"
	"time"
)

// RetentionReader reads how long studies keep things, and what they have.
type RetentionReader interface {
	// Retention is what a study has decided; one of revision 0 when nothing was.
	Retention(ctx context.Context, study StudyID) (Retention, error)
	// Retentions are those of all studies that have decided something, by study.
	Retentions(ctx context.Context) ([]Retention, error)
	// ClosedAt is when a study was closed; zero: it is not.
	ClosedAt(ctx context.Context, study StudyID) (time.Time, error)
	// EachKept gives everyone of a study, linked participations included, with how many
	// rows of each kind there are of them. The pointer is reused.
	EachKept(ctx context.Context, study StudyID, f func(*Kept) error) error
	// KeptWaiting counts those who wait for a place in a run, by run.
	KeptWaiting(ctx context.Context, study StudyID) (map[RunID]int, error)
}

// RetentionWriter changes it.
type RetentionWriter interface {
	// SetRetention writes rules upon a revision. False: it is another by now.
	SetRetention(ctx context.Context, study StudyID, rules []RetentionRule, revision int) (bool, error)
	// HoldRetention stops removal from an instant on, or lets it go on (the zero time).
	HoldRetention(ctx context.Context, study StudyID, at time.Time, by UserID, reason string) error
	// LeaseRetention lets one server remove what is due. False: another does.
	LeaseRetention(ctx context.Context, study StudyID, now, until time.Time) (bool, error)
	// EndRetention notes that all that was due by then is removed, and gives the lease
	// back.
	EndRetention(ctx context.Context, study StudyID, at time.Time) error
	// RemoveKept removes what is stored of a person of one kind and gives the number of
	// rows.
	RemoveKept(ctx context.Context, study StudyID, id EnrolmentID, kind RetentionKind) (int, error)
	// RemoveWaiting removes those who wait for a place in a run.
	RemoveWaiting(ctx context.Context, study StudyID, run RunID) (int, error)
	// RemoveAround removes what belongs to nobody in particular and may hold the removed:
	// lists that were not applied yet; with answers, also prepared files.
	RemoveAround(ctx context.Context, study StudyID, kind RetentionKind, at time.Time) error
}
