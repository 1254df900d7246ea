package survey

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"time"
)

// BoardMark is how the board of a run stood when it was last asked about. The zero
// mark has never been.
type BoardMark struct {
	Standing RunStanding
	since    time.Time // from when on is counted what happened
	stirred  int
}

// Version names the state of the board: the same on every server, other when what
// the board shows is other.
func (m BoardMark) Version() string {
	h := fnv.New64a()
	_, _ = fmt.Fprintf(h, "%v", m.Standing) // a hash never fails
	return strconv.FormatUint(h.Sum64(), 36)
}

const (
	// markSlack is how far the clocks of two servers may differ, or a change be
	// written later than it is dated, without being passed over.
	markSlack = 2 * time.Minute
	// markFor is how long one instant is counted from.
	markFor = 10 * time.Minute
)

// Mark asks how the board of a run stands now, given how it last stood. While nothing
// happens in the study that takes one look at two indexes, so that a server can ask
// every second; only when something has happened are the run's people counted.
func (u *Runs) Mark(ctx context.Context, a Actor, id StudyID, run RunID, last BoardMark) (BoardMark, error) {
	if !a.MayRun(id, run) {
		return BoardMark{}, ErrNotFound
	}
	now, m := u.env.now(), last
	if now.Sub(m.since) > markFor+markSlack || now.Before(m.since) {
		m = BoardMark{since: now.Add(-markSlack), stirred: -1, Standing: last.Standing}
	}
	// Counted first: what happens in between is then found the next time.
	stirred, err := u.env.Store.Stirred(ctx, id, m.since)
	if err != nil {
		return last, fmt.Errorf("mark of run %s: %w", run, err)
	}
	if stirred == m.stirred {
		return m, nil
	}
	m.stirred = stirred
	if m.Standing, err = u.env.Store.RunStanding(ctx, id, run); err != nil {
		return last, fmt.Errorf("mark of run %s: %w", run, err)
	}
	return m, nil
}
