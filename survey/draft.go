package survey

import (
	"time"

	"tidemark/survey/instrument"
)

// Draft is a questionnaire that is being written. It belongs to the installation, as
// the library does.
type Draft struct {
	ID    DraftID
	Title string
	// Revision is the one that stands, Latest the number of the last one kept.
	Revision int
	Latest   int
	// EditedFrom is the version of another questionnaire that it began as; empty:
	// none.
	EditedFrom InstrumentID
	Source     string // name of a file; may be empty
	CreatedAt  time.Time
	CreatedBy  Author
	UpdatedAt  time.Time
	// PublishedAs is the version of the library that it became; empty: it is still
	// being written.
	PublishedAs InstrumentID
}

// DraftRevision is a draft as somebody saved it.
type DraftRevision struct {
	DraftID DraftID
	Number  int
	Base    int // the revision that was changed; 0: the first
	// Aside: somebody else had saved meanwhile, so this stands beside.
	Aside   bool
	What    string // was changed, in a few words
	SavedAt time.Time
	SavedBy Author
	// Definition may have faults. It is nil in lists.
	Definition *instrument.Definition
}

// DraftView is a draft as it stands.
type DraftView struct {
	Draft
	DraftRevision
	// Faults are what keeps it from being published.
	Faults instrument.Faults
}

// What is audited of drafts. What was changed when and by whom stands in their
// revisions.
const (
	ActionDraftBegun     Action = "draft.begun"
	ActionDraftPublished Action = "draft.published"
	ActionDraftDiscarded Action = "draft.discarded"
)
