package survey

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Sentinels that use cases and stores return, possibly wrapped. web/errors.go
// is the only place that turns them into statuses.
var (
	// ErrNotFound: no such thing, or not one this actor may know of.
	ErrNotFound = errors.New("not found")
	// ErrForbidden: the actor is known and may not do this.
	ErrForbidden = errors.New("not allowed")
	// ErrNotSignedIn: the sign-in is missing, expired or revoked.
	ErrNotSignedIn = errors.New("not signed in")
	// ErrConflict: the thing has changed meanwhile; nothing was written.
	ErrConflict = errors.New("conflict")
	// ErrDuplicate: a key that must be unique is taken.
	ErrDuplicate = errors.New("already exists")
	// ErrReference: a row refers to something that does not exist, or is
	// still referred to.
	ErrReference = errors.New("broken reference")
	// ErrSubmitted: the assessment was submitted; its answers are final.
	ErrSubmitted = errors.New("already submitted")
	// ErrNotOpen: the wave has not opened yet.
	ErrNotOpen = errors.New("not open yet")
	// ErrExpired: the wave has closed, or the link has run out.
	ErrExpired = errors.New("expired")
	// ErrWithdrawn: the person has left the study.
	ErrWithdrawn = errors.New("withdrawn")
	// ErrStudyClosed: the study has ended; nothing more is asked.
	ErrStudyClosed = errors.New("the study has ended")
	// ErrConsentRequired: no consent to the current text has been given.
	ErrConsentRequired = errors.New("consent required")
	// ErrInstrumentChanged: this version of the instrument exists with
	// other content; versions never change.
	ErrInstrumentChanged = errors.New("instrument version exists with other content")
	// ErrRepeated: the same sending of a form was carried out before; nothing
	// was written again.
	ErrRepeated = errors.New("sent before")
	// ErrBusy: too many ask for the same at once; later it will work.
	ErrBusy = errors.New("too busy")
	// ErrReadOnly: no changes are taken for a while; nothing was written. What was
	// given is to be sent again later.
	ErrReadOnly = errors.New("no changes are taken for now")
	// ErrTooMany: tried too often for now; nothing was done. See TooManyError.
	ErrTooMany = errors.New("too many tries")
	// ErrRemoved: the content of the snapshot was removed; why is noted.
	ErrRemoved = errors.New("content removed")
	// ErrBroken: a snapshot is not what was frozen.
	ErrBroken = errors.New("the snapshot is not what was frozen")
	// ErrSealed: what was sealed does not open here: it was altered, moved, or
	// sealed with a secret that this installation does not have.
	ErrSealed = errors.New("sealed with another secret, or altered")
	// ErrProofNeeded: a copy is handed out only to somebody who shows that they
	// are the person, and not whoever found their link.
	ErrProofNeeded = errors.New("proof of who asks is needed")
	// ErrProveAgain: a member of staff is to show again who they are, and then this may
	// be done. Nothing was.
	ErrProveAgain = errors.New("show again who you are")
	// ErrKept: the study keeps what was given, as its text says.
	ErrKept = errors.New("the study keeps what was given")
	// ErrTooFew: too few people to show a group figure.
	ErrTooFew = errors.New("too few people")
)

// FieldErrors are faults in given values by field (item code or form field).
// The values are message keys, translated where they are shown.
type FieldErrors map[string]string

// Error lists the faults in field order.
func (e FieldErrors) Error() string {
	fields := make([]string, 0, len(e))
	for f := range e {
		fields = append(fields, f)
	}
	sort.Strings(fields)
	var b strings.Builder
	b.WriteString("invalid input")
	for i, f := range fields {
		sep := ", "
		if i == 0 {
			sep = ": "
		}
		fmt.Fprintf(&b, "%s%s %s", sep, f, e[f])
	}
	return b.String()
}

// OrNil is nil when there is no fault, so that a use case can return it.
func (e FieldErrors) OrNil() error {
	if len(e) == 0 {
		return nil
	}
	return e
}
