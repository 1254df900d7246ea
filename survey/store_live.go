package survey

import (
	"context"
	"time"
)

// LiveReader tells cheaply whether a board is still what it was.
type LiveReader interface {
	// Stirred counts what happened in a study since an instant, as far as the
	// audit trail and the first answers to questionnaires tell: what a board
	// shows changes with nothing else but the clock. It reads no more than
	// that from its indexes.
	Stirred(ctx context.Context, study StudyID, since time.Time) (int, error)
	// RunStanding sums up what the board of a run shows. ErrNotFound when
	// there is no such run.
	RunStanding(ctx context.Context, study StudyID, run RunID) (RunStanding, error)
}

// RunStanding sums up what the board of a run shows: two that are equal mean, but
// for the names of people, the same board at the same time.
type RunStanding struct {
	StartsOn                            string
	People, Withdrawn, Paused, Declined int
	Started, Submitted                  int // questionnaires
	Noted, Present                      int // at meetings
	NotedAt                             time.Time
}
