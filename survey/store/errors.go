package store

import (
	"database/sql"
	"errors"
	"fmt"

	"gorm.io/gorm"

	"tidemark/survey"
)

// Sentinels of the store itself; callers meet them only through a mistake.
var (
	// ErrNested: InTx was called from within InTx.
	ErrNested = errors.New("a transaction must not begin within a transaction: use the Tx that was given")
	// ErrClosed: the store has been closed.
	ErrClosed = errors.New("the store is closed")
	// errEnded: a Tx was kept and used after its function returned.
	errEnded = errors.New("this transaction has ended")
)

// wrap says what was attempted and puts an error of the engine in the words of
// the domain. Nil stays nil.
func wrap(err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf(format+": %w", append(args, inDomain(err))...)
}

func inDomain(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows), errors.Is(err, gorm.ErrRecordNotFound):
		return survey.ErrNotFound
	case errors.Is(err, survey.ErrDuplicate), errors.Is(err, survey.ErrReference):
		return err
	case brokenUnique(err):
		return fmt.Errorf("%w: %w", survey.ErrDuplicate, err)
	case brokenReference(err):
		return fmt.Errorf("%w: %w", survey.ErrReference, err)
	}
	return err
}
