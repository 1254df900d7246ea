package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tidemark/survey"
)

// DefaultPeople is how many people a rehearsal has when nothing else is said;
// MinPeople and MaxPeople bound it.
const (
	DefaultPeople = 122
	MinPeople     = 20
	MaxPeople     = 5000
)

// protocolKey is the template that is played where no other is asked for.
const protocolKey = "learning_from_setbacks_8"

// ErrPeople reports a number of people outside MinPeople to MaxPeople.
var ErrPeople = errors.New("a rehearsal needs between 20 and 5,000 people")

// Options say what to play and where to.
type Options struct {
	Store survey.Store // migrated, and without a study of the same key
	Keys  survey.Keys  // of the installation that will serve the rehearsal
	// Seed makes the play repeatable: the same seed, Now and People give the
	// same data.
	Seed uint64
	Now  time.Time // the real time, at which the story ends
	// People over all three course runs; 0: DefaultPeople.
	People int
	// Protocol is the key of the template to play, one of the eight-week course;
	// empty: the short one.
	Protocol string
	// Version names the program, as in survey.Env.
	Version string
	// Progress, if not nil, is told how far the play has come.
	Progress func(step string, done, total int)
}

// Result is what was played.
type Result struct {
	Links
	// Ended, Running and Coming are the three course runs: one that is over
	// with its follow-up, one in its fifth week, one that begins in days.
	Ended, Running, Coming survey.RunID
	People                 int
	Submitted              int // questionnaires
}

// Play makes a study and plays some thirty-six weeks of it, up to o.Now, in one
// transaction.
func Play(ctx context.Context, o Options) (*Result, error) {
	if o.People == 0 {
		o.People = DefaultPeople
	}
	if o.People < MinPeople || o.People > MaxPeople {
		return nil, ErrPeople
	}
	if o.Protocol == "" {
		o.Protocol = protocolKey
	}
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	var r *Result
	err := o.Store.InTx(ctx, func(tx survey.Tx) error {
		var err error
		r, err = newPlayer(o, within{tx}).play(ctx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("play a rehearsal: %w", err)
	}
	return r, nil
}

// within lets use cases, each of which begins a transaction, take part in one
// that is open already. The whole play is then one transaction: there is all of
// it or nothing, and the disk is waited for once instead of thousands of times.
// What a use case has written stays when it fails; the play ends at the first
// failure, and with it the transaction.
type within struct{ survey.Tx }

// InTx runs fn in the open transaction.
func (w within) InTx(_ context.Context, fn func(survey.Tx) error) error { return fn(w.Tx) }

// InReadTx runs fn in the open transaction, which nobody else writes to.
func (w within) InReadTx(_ context.Context, fn func(survey.Reader) error) error { return fn(w.Tx) }

// Scrub does nothing: nobody is erased in a rehearsal.
func (within) Scrub(context.Context) error { return nil }
