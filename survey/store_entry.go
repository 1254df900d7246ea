package survey

import "context"

// EntryReader reads what is asked when people come in.
type EntryReader interface {
	// Addresses are the stored addresses of everyone in a study, people who left
	// included, each with a run that it is in.
	Addresses(ctx context.Context, study StudyID) (map[string]RunID, error)
	// RunEntry is how people of a run may enrol themselves; ErrNotFound when
	// nobody has said.
	RunEntry(ctx context.Context, study StudyID, run RunID) (RunEntry, error)
	RunEntryByKey(ctx context.Context, key string) (RunEntry, error)
	// Waiting lists who waits for a place in a run, in the order in which they came.
	Waiting(ctx context.Context, study StudyID, run RunID) ([]Ticket, error)
	TicketByToken(ctx context.Context, tokenHash string) (Ticket, error)
	// Planned are the people who wait for a study to open, in the order in which they
	// were added.
	Planned(ctx context.Context, study StudyID) ([]SealedPlan, error)
}

// EntryWriter writes how people come in by themselves.
type EntryWriter interface {
	// PutRunEntry writes how people of a run may enrol themselves. The key that was
	// written first stays.
	PutRunEntry(ctx context.Context, e RunEntry) error
	CreateTicket(ctx context.Context, t Ticket) error
	// AdmitTicket gives somebody who waits their place, and removes name and
	// address. False: they do not wait any more.
	AdmitTicket(ctx context.Context, study StudyID, id string, enrolment EnrolmentID) (bool, error)
	// RemoveTicket removes somebody who waits. False: they do not wait any more.
	RemoveTicket(ctx context.Context, study StudyID, id string) (bool, error)
	PutPlanned(ctx context.Context, people []SealedPlan) error
	// RemovePlanned removes somebody who waits for a study to open. False: they do
	// not, or for another run.
	RemovePlanned(ctx context.Context, study StudyID, run RunID, id string) (bool, error)
	RemoveAllPlanned(ctx context.Context, study StudyID) error
}
