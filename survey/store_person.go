package survey

import (
	"context"
	"time"
)

// PersonReader reads what facilitators noted of a person.
type PersonReader interface {
	// PersonNotes are the notes about one person, the newest first.
	PersonNotes(ctx context.Context, study StudyID, id EnrolmentID) ([]PersonNote, error)
	// LeftFor is why a person's part was ended for them; LeavingOwn when
	// nobody did.
	LeftFor(ctx context.Context, study StudyID, id EnrolmentID) (Leaving, error)
	// RemindersSent counts the reminders that were sent to the people of a run by
	// wave, those asked for by hand included.
	RemindersSent(ctx context.Context, study StudyID, run RunID) (map[EnrolmentID]map[WaveID]int, error)
}

// PersonWriter writes it.
type PersonWriter interface {
	// AddPersonNote adds a note; nothing changes one.
	AddPersonNote(ctx context.Context, study StudyID, id EnrolmentID, n PersonNote) error
	// SetLeftFor notes why a person's part was ended for them.
	SetLeftFor(ctx context.Context, study StudyID, id EnrolmentID, why Leaving) error
	// MoveEnrolment writes the run of an enrolment and since when it is in it; its
	// link works at least so long. ErrNotFound when it was not in from.
	MoveEnrolment(ctx context.Context, e Enrolment, from RunID, linkUntil time.Time) error
	// DropWaveMessages drops the messages about waves that wait for a person, but for
	// those that are being sent.
	DropWaveMessages(ctx context.Context, study StudyID, id EnrolmentID, at time.Time, why MessageReason) error
}
