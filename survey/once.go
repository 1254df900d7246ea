package survey

import (
	"context"
	"errors"
	"regexp"
)

// Once names one sending of a form, so that pressing its button twice does the
// work once: it becomes the identifier of the line that the work leaves in the
// audit trail, which the database keeps unique, also between replicas. Empty: the
// work is done however often it is asked for.
type Once string

var onceForm = regexp.MustCompile(`^[A-Za-z0-9_-]{16,64}$`)

// Valid reports whether o is empty or hard to guess by accident.
func (o Once) Valid() bool { return o == "" || onceForm.MatchString(string(o)) }

// noteOnce writes an event under the name of a sending; ErrRepeated when that was
// done before. Whatever else the transaction writes comes after it.
func noteOnce(ctx context.Context, tx Tx, o Once, e AuditEvent) error {
	if o == "" {
		return tx.AppendAudit(ctx, e)
	}
	if !o.Valid() {
		return ErrConflict
	}
	e.ID = AuditID(o)
	err := tx.AppendAudit(ctx, e)
	if err == nil {
		err = tx.Settle(ctx)
	}
	if errors.Is(err, ErrDuplicate) {
		return ErrRepeated
	}
	return err
}
