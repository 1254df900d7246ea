package survey

import (
	"context"
	"time"
)

// AttemptCounter counts tries at something in one window of time.
type AttemptCounter struct {
	KeyHash   string    // of what is counted, for whom and in which window
	ExpiresAt time.Time // end of the window
	At        time.Time // of the try; zero: nobody asks
}

// LimitReader reads how often something was tried.
type LimitReader interface {
	// Attempts are the counts of the given counters by the hash of their key;
	// those that nobody has used are not in it.
	Attempts(ctx context.Context, keyHashes []string) (map[string]int, error)
	// LastAttempt is when a counter was used last; the zero time when it was not, or
	// nobody said when.
	LastAttempt(ctx context.Context, keyHash string) (time.Time, error)
}

// LimitWriter counts tries.
type LimitWriter interface {
	// CountAttempt adds one and returns the count. Of two transactions that count
	// at the same counter the second waits for the first to end.
	CountAttempt(ctx context.Context, c AttemptCounter) (int, error)
	// UncountAttempt takes one back; a count does not fall below 0.
	UncountAttempt(ctx context.Context, keyHash string) error
	// DeleteAttemptsBefore removes counters whose window had ended by t.
	DeleteAttemptsBefore(ctx context.Context, t time.Time) error
	// DeleteStaffMessagesBefore removes letters about accounts that had ended by t; those
	// that are still to be sent stay.
	DeleteStaffMessagesBefore(ctx context.Context, t time.Time) error
}
