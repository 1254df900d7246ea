package survey

import (
	"context"
	"time"
)

// LibraryReader reads the questionnaires of the installation.
type LibraryReader interface {
	// LibraryItems lists every version that is registered, by key and then from
	// the newest.
	LibraryItems(ctx context.Context) ([]LibraryItem, error)
	// LibraryItem reads one version.
	LibraryItem(ctx context.Context, id InstrumentID) (LibraryItem, error)
	// AcceptedTerms lists what was accepted for a questionnaire, the newest first.
	AcceptedTerms(ctx context.Context, key string) ([]AcceptedTerms, error)
	// InstrumentUses lists where the versions of a questionnaire are asked, by
	// study and wave, those replaced included.
	InstrumentUses(ctx context.Context, key string) ([]InstrumentUse, error)
}

// LibraryWriter writes them. Where a version came from and what was accepted never
// change: the database refuses.
type LibraryWriter interface {
	// CreateLibraryEntry says of a registered version where it came from, once.
	CreateLibraryEntry(ctx context.Context, i LibraryItem) error
	// RetireInstrument ends the use of a version in new studies, or takes that
	// back with the zero time. ErrNotFound when nothing is known of its origin.
	RetireInstrument(ctx context.Context, id InstrumentID, at time.Time) error
	CreateAcceptedTerms(ctx context.Context, t AcceptedTerms) error
	// PutWaveSets replaces what a wave asks. The study must not have people yet.
	PutWaveSets(ctx context.Context, study StudyID, wave WaveID, sets []InstrumentID) error
	// SetPrimaryScale changes the scale that a study is about.
	SetPrimaryScale(ctx context.Context, study StudyID, scale string) error
	// ReplaceWaveSet puts another version in the place of one that a wave asks,
	// keeps the former one on record, and moves every assessment that nobody has
	// begun. It tells how many were moved; false when the wave does not ask it.
	ReplaceWaveSet(ctx context.Context, study StudyID, f FormerSet) (moved int, ok bool, err error)
}
