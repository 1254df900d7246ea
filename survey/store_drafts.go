package survey

import "context"

// DraftReader reads questionnaires that are being written.
type DraftReader interface {
	// Drafts lists those not published yet, the one changed last first; at most
	// 200.
	Drafts(ctx context.Context) ([]Draft, error)
	// Draft reads one. ErrNotFound when there is none.
	Draft(ctx context.Context, id DraftID) (Draft, error)
	// DraftRevision reads one as it was saved. ErrNotFound when there is none.
	DraftRevision(ctx context.Context, id DraftID, number int) (DraftRevision, error)
	// DraftRevisions lists what was saved, the newest first, without definitions.
	DraftRevisions(ctx context.Context, id DraftID) ([]DraftRevision, error)
}

// DraftWriter writes them.
type DraftWriter interface {
	CreateDraft(ctx context.Context, d Draft) error
	// CountDraftRevision counts Latest up and reads the draft; nobody else changes
	// it until the transaction ends. ErrNotFound when there is none.
	CountDraftRevision(ctx context.Context, id DraftID) (Draft, error)
	CreateDraftRevision(ctx context.Context, r DraftRevision) error
	// SetDraft puts another revision and title in force, and notes what the draft
	// was published as. ErrNotFound when there is none.
	SetDraft(ctx context.Context, d Draft) error
	// PruneDraftRevisions removes those up to a number, but for the one that stands.
	PruneDraftRevisions(ctx context.Context, id DraftID, upTo int) error
	// DeleteDraft removes a draft with all that was saved of it. ErrNotFound when
	// there is none.
	DeleteDraft(ctx context.Context, id DraftID) error
}
