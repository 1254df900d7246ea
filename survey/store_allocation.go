package survey

import "context"

// AllocationReader reads how a study allocates, and every arm it has given.
type AllocationReader interface {
	// AllocationSetting is what was chosen for a study; ErrNotFound when
	// nothing was.
	AllocationSetting(ctx context.Context, study StudyID) (AllocationSetting, error)
	// AllocationSeal is the sealed seed of a study; ErrNotFound before there
	// is one.
	AllocationSeal(ctx context.Context, study StudyID) (AllocationSeal, error)
	// Draws lists every arm that a study has given, in order.
	Draws(ctx context.Context, study StudyID) ([]Draw, error)
	// Crossed lists the people of other runs who take the course in this one,
	// in order of their codes.
	Crossed(ctx context.Context, study StudyID, run RunID) ([]CrossedPerson, error)
	// CrossoverAttendance lists which of them was noted at which meeting.
	CrossoverAttendance(ctx context.Context, study StudyID, run RunID) ([]Attendance, error)
}

// AllocationWriter writes how a study allocates, and every arm it gives.
type AllocationWriter interface {
	// PutAllocationSetting writes a choice in place of the one before.
	PutAllocationSetting(ctx context.Context, s AllocationSetting) error
	// SetShare changes an arm's part of the ratio.
	SetShare(ctx context.Context, study StudyID, arm ArmID, share int) error
	// CreateAllocationSeal writes the sealed seed; a study has one, for ever.
	CreateAllocationSeal(ctx context.Context, s AllocationSeal) error
	// CreateDraws writes arms given; nothing changes them.
	CreateDraws(ctx context.Context, draws []Draw) error
	// CrossOver lets people take the course in a later run, with a link that
	// works so long. Someone who does already is ErrDuplicate.
	CrossOver(ctx context.Context, study StudyID, run RunID, crossings []Crossing) error
	// PutCrossoverAttendance notes who of them came, replacing earlier notes.
	PutCrossoverAttendance(ctx context.Context, study StudyID, run RunID, notes []Attendance) error
}
