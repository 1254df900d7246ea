package survey

import (
	"context"
	"time"
)

// AuditReader reads the audit trail.
type AuditReader interface {
	// AuditEvents lists the newest events first, at most limit; of one
	// study, or of the whole installation when study is empty.
	AuditEvents(ctx context.Context, study StudyID, limit int) ([]AuditEvent, error)
	// CountAudit counts a study's events of one kind.
	CountAudit(ctx context.Context, study StudyID, action Action) (int, error)

	// EachAuditLine gives lines, the newest first, with their places as far as they have
	// any. The pointer is reused.
	EachAuditLine(ctx context.Context, f AuditFilter, line func(*ChainedEvent) error) error
	// WaitingChains lists the chains of which lines wait for their place.
	WaitingChains(ctx context.Context) ([]StudyID, error)
	// WaitingAudit lists lines of a chain that wait, the earliest first, at most limit.
	WaitingAudit(ctx context.Context, chain StudyID, limit int) ([]AuditEvent, error)
	// CountWaitingAudit counts the lines of a chain that wait and gives the earliest instant of
	// any; the zero time: there is none.
	CountWaitingAudit(ctx context.Context, chain StudyID) (int, time.Time, error)
	// AuditChains lists where the chains end, by study.
	AuditChains(ctx context.Context) ([]AuditChain, error)
	// EachChained gives the lines of a chain in their places, in order. The pointer is
	// reused.
	EachChained(ctx context.Context, chain StudyID, f func(*ChainedEvent) error) error
	// AuditHeads lists the signed heads, by day and study.
	AuditHeads(ctx context.Context) ([]AuditHead, error)
}

// AuditWriter adds to the audit trail; nothing removes from it.
type AuditWriter interface {
	// AppendAudit adds lines. They wait for their place in the chain.
	AppendAudit(ctx context.Context, events ...AuditEvent) error
	// HoldChain gives the end of a chain, which nobody else adds to until the
	// transaction ends. A chain begins when it is first held.
	HoldChain(ctx context.Context, chain StudyID) (AuditChain, error)
	// SealAudit puts waiting lines in their places at the end of a chain that is held;
	// ErrConflict if one of them does not wait.
	SealAudit(ctx context.Context, chain AuditChain, lines []ChainedEvent) error
	// NoteAuditCheck keeps what a check of a chain found.
	NoteAuditCheck(ctx context.Context, chain AuditChain) error
	// PutAuditHead keeps a signed head; false: there is one of that day.
	PutAuditHead(ctx context.Context, h AuditHead) (bool, error)
	// MarkHeadMailed notes that a head was sent, or that it was not after all, and
	// reports whether that is new.
	MarkHeadMailed(ctx context.Context, chain StudyID, day string, at time.Time) (bool, error)
}
