package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Audits are the use cases of the audit trail.
type Audits struct{ env Env }

// sealAtOnce bounds how many lines get their places in one transaction, and with it
// how long others wait for it.
const sealAtOnce = 500

// Seal gives every line that waits its place in its chain, and returns how many it were.
// Only the program may. Any number of servers may do so at once: each chain is held while
// lines are added to it.
//
// Lines do not get their places when they are written, because whoever adds to a chain
// holds it until the commit is on disk: all submissions of a study would stand in line.
func (u *Audits) Seal(ctx context.Context, a Actor) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	chains, err := u.env.Store.WaitingChains(ctx)
	if err != nil {
		return 0, fmt.Errorf("seal the audit trail: %w", err)
	}
	done := 0
	var faults []error // one chain's fault is no reason to keep the others waiting
	for _, chain := range chains {
		for {
			n, err := u.seal(ctx, chain)
			done += n
			if err != nil {
				faults = append(faults, fmt.Errorf("seal the audit trail of study %q: %w", chain, err))
			}
			if err != nil || n < sealAtOnce {
				break
			}
		}
	}
	return done, errors.Join(faults...)
}

func (u *Audits) seal(ctx context.Context, study StudyID) (n int, err error) {
	now := u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		n = 0
		chain, err := tx.HoldChain(ctx, study)
		if err != nil {
			return err
		}
		events, err := tx.WaitingAudit(ctx, study, sealAtOnce)
		if err != nil || len(events) == 0 {
			return err
		}
		n = len(events)
		lines := chain.follow(events, now)
		return tx.SealAudit(ctx, chain, lines)
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// dayLayout is how a day is written.
const dayLayout = "2006-01-02"

// head signs the end of a chain for a day.
func (u *Audits) head(c AuditChain, day string, now time.Time) AuditHead {
	h := AuditHead{StudyID: c.StudyID, Day: day, Seq: c.Seq, Hash: c.Hash, At: now, Key: u.env.Keys.AuditKey()}
	h.Signature = u.env.Keys.SignAudit(h.Message())
	return h
}

// Heads signs where the chains end now, all or those of one study, for whoever keeps
// them somewhere else. Only administrators may.
func (u *Audits) Heads(ctx context.Context, a Actor, only *StudyID) ([]AuditHead, error) {
	if !a.IsAdministrator() {
		return nil, ErrForbidden
	}
	chains, err := u.env.Store.AuditChains(ctx)
	if err != nil {
		return nil, fmt.Errorf("heads of the audit trail: %w", err)
	}
	now := u.env.now()
	heads := []AuditHead{}
	for _, c := range chains {
		if c.Seq > 0 && (only == nil || *only == c.StudyID) {
			heads = append(heads, u.head(c, now.Format(dayLayout), now))
		}
	}
	return heads, nil
}

// SignDay signs where the chains ended at the end of the last day (UTC): those that grew
// since their last head. It is done once for each day, by whichever server comes first;
// the lines that were added since midnight until then count in. All signed heads so far
// are returned, so that a file can be made whole. Only the program may.
func (u *Audits) SignDay(ctx context.Context, a Actor) ([]AuditHead, error) {
	if a.Kind != ActorSystem {
		return nil, ErrForbidden
	}
	now := u.env.now()
	day := now.AddDate(0, 0, -1).Format(dayLayout)
	heads, err := u.env.Store.AuditHeads(ctx)
	if err != nil {
		return nil, fmt.Errorf("sign the day's heads: %w", err)
	}
	chains, err := u.env.Store.AuditChains(ctx)
	if err != nil {
		return nil, fmt.Errorf("sign the day's heads: %w", err)
	}
	var due []AuditHead
	for _, c := range chains {
		told := slices.ContainsFunc(heads, func(h AuditHead) bool {
			return h.StudyID == c.StudyID && (h.Day >= day || h.Seq == c.Seq)
		})
		if c.Seq > 0 && !told {
			due = append(due, u.head(c, day, now))
		}
	}
	if len(due) == 0 {
		return heads, nil
	}
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		for _, h := range due {
			if _, err := tx.PutAuditHead(ctx, h); err != nil {
				return err
			}
		}
		heads, err = tx.AuditHeads(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("sign the day's heads: %w", err)
	}
	return heads, nil
}

// CheckDue reports whether some chain was not checked for a while. Only the program asks.
func (u *Audits) CheckDue(ctx context.Context, a Actor, every time.Duration) (bool, error) {
	if a.Kind != ActorSystem {
		return false, ErrForbidden
	}
	chains, err := u.env.Store.AuditChains(ctx)
	if err != nil {
		return false, fmt.Errorf("check the audit trail: %w", err)
	}
	now := u.env.now()
	return slices.ContainsFunc(chains, func(c AuditChain) bool { return now.Sub(c.CheckedAt) >= every }), nil
}
