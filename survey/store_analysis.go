package survey

import (
	"context"
	"time"
)

// PlanReader reads analysis plans.
type PlanReader interface {
	// Plans lists the versions of a study's plan, the newest first.
	Plans(ctx context.Context, study StudyID) ([]Plan, error)
	Plan(ctx context.Context, study StudyID, version int) (Plan, error)
	// CountSubmitted counts the submitted questionnaires of some waves and the
	// people they came from.
	CountSubmitted(ctx context.Context, study StudyID, waves []WaveID) (questionnaires, people int, err error)
}

// PlanWriter writes analysis plans. There is no way to change a locked one: the
// database refuses.
type PlanWriter interface {
	// CreatePlan writes a new draft. ErrDuplicate when the version exists, or
	// another draft does.
	CreatePlan(ctx context.Context, p Plan) error
	// RewritePlan changes content, reason and who saved when of a draft that
	// still has p's revision, and raises the revision. False: it has not, or is
	// locked.
	RewritePlan(ctx context.Context, p Plan) (bool, error)
	// LockPlan makes a draft that still has p's revision final. False: it has
	// not, or is locked.
	LockPlan(ctx context.Context, p Plan) (bool, error)
	// DiscardPlan removes a draft that still has p's revision. False: it has
	// not, or is locked.
	DiscardPlan(ctx context.Context, p Plan) (bool, error)
}

// SnapshotReader reads frozen data. A snapshot that is not sealed yet is not
// there.
type SnapshotReader interface {
	// Snapshots lists those of a study, the newest first, removed ones too.
	Snapshots(ctx context.Context, study StudyID) ([]Snapshot, error)
	Snapshot(ctx context.Context, study StudyID, number int) (Snapshot, error)
	// EachSnapshotChunk gives the packed content in order. The slice is the
	// callback's for the time of the call. A snapshot without content gives
	// none.
	EachSnapshotChunk(ctx context.Context, study StudyID, id SnapshotID, f func([]byte) error) error
}

// SnapshotWriter writes frozen data. Once sealed a snapshot never changes; all
// that can happen to it is that its content goes and the rest stays with a note.
type SnapshotWriter interface {
	// BeginSnapshot writes a snapshot that nobody sees yet, under the next
	// number of its study, which it returns. ErrDuplicate when another takes
	// the number at the same moment.
	BeginSnapshot(ctx context.Context, s Snapshot) (number int, err error)
	// AddSnapshotChunk writes the n-th piece, from 0, of its packed content.
	AddSnapshotChunk(ctx context.Context, study StudyID, id SnapshotID, n int, data []byte) error
	// SealSnapshot completes it: hash, sizes, counts and plan. False: it is
	// not there, or sealed.
	SealSnapshot(ctx context.Context, s Snapshot) (bool, error)
	// RemoveSnapshot removes the content and notes it. False: there is none.
	RemoveSnapshot(ctx context.Context, study StudyID, id SnapshotID, note SnapshotRemoval) (bool, error)
	// DropUnsealed removes what was begun before an instant and never sealed,
	// because a process ended on the way.
	DropUnsealed(ctx context.Context, study StudyID, before time.Time) error
}
