package survey

import (
	"context"
	"time"
)

// PracticeReader reads what people noted of their practice.
type PracticeReader interface {
	// PracticeLog lists one person's entries, the latest day first.
	PracticeLog(ctx context.Context, study StudyID, enrolment EnrolmentID) ([]PracticeEntry, error)
	// EachPractice gives all entries of a study, by enrolment in the order of
	// Enrolments, then by day. The pointer is reused.
	EachPractice(ctx context.Context, study StudyID, f func(*PracticeEntry) error) error
}

// PracticeWriter writes what people note of their practice.
type PracticeWriter interface {
	// CreatePractice writes an entry. ErrDuplicate when the person has one of
	// this identifier.
	CreatePractice(ctx context.Context, e PracticeEntry) error
	// ChangePractice replaces what an entry says, but not when it was first
	// noted. ErrNotFound when the person has none of this identifier.
	ChangePractice(ctx context.Context, e PracticeEntry) error
	// RemovePractice removes an entry, and passes over one that is not there.
	RemovePractice(ctx context.Context, study StudyID, enrolment EnrolmentID, id PracticeID) error
}

// NoteReader reads private notes, sealed.
type NoteReader interface {
	// Notes lists one person's notes of a kind, the newest first.
	Notes(ctx context.Context, study StudyID, enrolment EnrolmentID, kind NoteKind) ([]SealedNote, error)
	// EachSharedNote gives the notes of a study that are shared, and no other,
	// by enrolment in the order of Enrolments, then from the oldest. The pointer
	// and what it holds are the callback's for the time of the call.
	EachSharedNote(ctx context.Context, study StudyID, f func(*SealedNote) error) error
}

// NoteWriter writes private notes, sealed.
type NoteWriter interface {
	// CreateNote writes a note. ErrDuplicate when the person has one of this
	// identifier.
	CreateNote(ctx context.Context, n SealedNote) error
	// ChangeNote replaces what is sealed, and when it was changed. ErrNotFound
	// when the person has no note of this identifier and kind.
	ChangeNote(ctx context.Context, n SealedNote) error
	// ShareNote shares a note or, with the zero time, takes that back. False:
	// it was so already. ErrNotFound as for ChangeNote.
	ShareNote(ctx context.Context, at NotePlace, shared time.Time) (bool, error)
	// RemoveNote removes a note, and passes over one that is not there.
	RemoveNote(ctx context.Context, at NotePlace) error
}
