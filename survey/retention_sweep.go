package survey

import (
	"context"
	"fmt"
	"time"
)

const (
	// retainedAtOnce bounds the people of one transaction.
	retainedAtOnce = 100
	// retentionLease is longer than a transaction takes, and short enough that another
	// server soon goes on with what one that died has left.
	retentionLease = 2 * time.Minute
)

// Swept is what was removed, by kind.
type Swept struct {
	People map[RetentionKind]int
	Rows   int
	Held   int // studies that had something to remove and are held
}

// Sweep removes what is due, of one study or of all, and tells what. Only the program may.
// One server removes of a study at a time; each batch is a transaction that looks anew at
// what is due, so that one which was cut off is gone on with, and a study that is held,
// moved or decided otherwise meanwhile counts. Doing it twice changes nothing.
func (u *Retentions) Sweep(ctx context.Context, a Actor, only *StudyID) (Swept, error) {
	swept := Swept{People: map[RetentionKind]int{}}
	if a.Kind != ActorSystem {
		return swept, ErrForbidden
	}
	all, err := u.env.Store.Retentions(ctx)
	if err != nil {
		return swept, fmt.Errorf("remove what is due: %w", err)
	}
	for _, r := range all {
		if r.Revision == 0 || only != nil && *only != r.StudyID {
			continue
		}
		if r.Held() {
			swept.Held++
			continue
		}
		if err := u.sweepStudy(ctx, a, r.StudyID, &swept); err != nil {
			return swept, fmt.Errorf("remove what is due of study %s: %w", r.StudyID, err)
		}
	}
	if swept.Rows == 0 {
		return swept, nil
	}
	if err := u.env.Store.Scrub(ctx); err != nil {
		return swept, fmt.Errorf("remove what is due: %w", err)
	}
	return swept, nil
}

// sweepStudy removes batch by batch until nothing is due.
func (u *Retentions) sweepStudy(ctx context.Context, a Actor, study StudyID, swept *Swept) error {
	mine := false
	now := u.env.now()
	err := u.env.Store.InTx(ctx, func(tx Tx) (err error) {
		mine, err = tx.LeaseRetention(ctx, study, now, now.Add(retentionLease))
		return err
	})
	for err == nil && mine && ctx.Err() == nil {
		var b batchSwept
		if b, err = u.sweepBatch(ctx, a, study); err != nil {
			return err
		}
		for kind, n := range b.people {
			swept.People[kind] += n
		}
		swept.Rows += b.rows
		if b.rows == 0 {
			break
		}
	}
	return err
}

type batchSwept struct {
	people map[RetentionKind]int
	rows   int
}

// sweepBatch removes what is due of some people. When that is nothing the sweep of the
// study is over.
func (u *Retentions) sweepBatch(ctx context.Context, a Actor, study StudyID) (b batchSwept, err error) {
	now := u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		b = batchSwept{people: map[RetentionKind]int{}}
		if err := tx.HoldStudy(ctx, study); err != nil {
			return err
		}
		k, err := retentionPlan(ctx, tx, study)
		if err != nil {
			return err
		}
		if !k.retention.Held() {
			for _, rule := range k.retention.Rules {
				if err := u.removeDue(ctx, tx, a, k, rule, now, &b); err != nil {
					return err
				}
			}
		}
		if b.rows == 0 {
			return tx.EndRetention(ctx, study, now)
		}
		return u.renew(ctx, tx, study, now)
	})
	return b, err
}

// renew goes on holding the lease, which is this server's own.
func (u *Retentions) renew(ctx context.Context, tx Tx, study StudyID, now time.Time) error {
	_, err := tx.LeaseRetention(ctx, study, now.Add(retentionLease), now.Add(retentionLease))
	return err
}

// removeDue removes what a rule has ended for, of at most as many people as there is room
// for in the batch.
func (u *Retentions) removeDue(ctx context.Context, tx Tx, a Actor, k *keeping, rule RetentionRule, now time.Time, b *batchSwept) error {
	study := k.design.Study.ID
	is := func(due time.Time) bool { return !due.IsZero() && !now.Before(due) }
	var events []AuditEvent
	note := func(kind, id string) {
		e := u.env.event(a, study, now, ActionRetentionRemoved, kind, id)
		e.Detail = string(rule.Kind)
		events = append(events, e)
	}
	for i := range k.people {
		p := &k.people[i]
		if len(events) == retainedAtOnce {
			break
		}
		if p.Rows[rule.Kind] == 0 || !is(k.due(rule, p)) {
			continue
		}
		n, err := tx.RemoveKept(ctx, study, p.ID, rule.Kind)
		if err != nil {
			return err
		}
		b.rows += n
		b.people[rule.Kind]++
		note("enrolment", string(p.ID))
	}
	if rule.Kind == RetainContact {
		for run := range k.waiting {
			if !is(k.due(rule, k.waits(run))) {
				continue
			}
			n, err := tx.RemoveWaiting(ctx, study, run)
			if err != nil {
				return err
			}
			b.rows += n
			b.people[rule.Kind] += n
			note("run", string(run))
		}
	}
	if len(events) == 0 {
		return nil
	}
	if err := tx.RemoveAround(ctx, study, rule.Kind, now); err != nil {
		return err
	}
	if rule.Kind == RetainAnswers {
		if err := u.removeFrozen(ctx, tx, a, study, now); err != nil {
			return err
		}
	}
	return tx.AppendAudit(ctx, events...)
}

// removeFrozen removes the content of the study's snapshots.
func (u *Retentions) removeFrozen(ctx context.Context, tx Tx, a Actor, study StudyID, now time.Time) error {
	snapshots, err := tx.Snapshots(ctx, study)
	if err != nil {
		return err
	}
	for _, s := range snapshots {
		if s.Removed != nil {
			continue
		}
		ok, err := tx.RemoveSnapshot(ctx, study, s.ID, SnapshotRemoval{At: now, By: a.author(), Reason: "The time for which the study keeps answers is over."})
		if err != nil {
			return err
		}
		if ok {
			if err := tx.AppendAudit(ctx, (&Snapshots{u.env}).event(a, s, now, ActionSnapshotRemoved)); err != nil {
				return err
			}
		}
	}
	return nil
}
