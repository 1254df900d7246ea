package survey

import (
	"context"
	"fmt"
	"time"
)

// The pause after wrong passwords: none for the first few, then it doubles.
const (
	freeTries    = 5
	firstPause   = time.Second
	longestPause = 15 * time.Minute
)

// growing is the pause after n wrong passwords.
func growing(n int) time.Duration {
	if n < freeTries {
		return 0
	}
	pause := firstPause
	for range n - freeTries {
		if pause *= 2; pause >= longestPause {
			return longestPause
		}
	}
	return pause
}

// pausing is TooManyError while a pause between tries lasts; counts are those with the
// try to come.
func (e Env) pausing(ctx context.Context, t tries, counters []AttemptCounter, counts []int, now time.Time) error {
	for i, one := range t.list {
		if one.pause == nil || one.pause(counts[i]-1) == 0 {
			continue
		}
		last, err := e.Store.LastAttempt(ctx, counters[i].KeyHash)
		if err != nil {
			return fmt.Errorf("count a try: %w", err)
		}
		if left := last.Add(one.pause(counts[i] - 1)).Sub(now); left > 0 {
			e.Meter.Throttled(one.purpose)
			return &TooManyError{After: left}
		}
	}
	return nil
}
