package store

import (
	"context"
	"time"

	"tidemark/survey"
)

const noteColumns = `n.enrolment_id, n.id, n.kind, n.key_id, n.sealed, n.written_at, n.changed_at, n.shared_at`

type noteRow struct {
	EnrolmentID, ID, Kind, KeyID   string
	Sealed                         []byte
	WrittenAt, ChangedAt, SharedAt instant
}

// targets are where noteColumns go.
func (r *noteRow) targets() []any {
	return []any{&r.EnrolmentID, &r.ID, &r.Kind, &r.KeyID, &r.Sealed, &r.WrittenAt, &r.ChangedAt, &r.SharedAt}
}

// note is the row; what is sealed is that of the row.
func (r *noteRow) note(study survey.StudyID) survey.SealedNote {
	return survey.SealedNote{
		NotePlace: survey.NotePlace{
			StudyID: study, EnrolmentID: survey.EnrolmentID(r.EnrolmentID), ID: survey.NoteID(r.ID), Kind: survey.NoteKind(r.Kind),
		},
		KeyID: r.KeyID, Sealed: r.Sealed,
		WrittenAt: r.WrittenAt.time(), ChangedAt: r.ChangedAt.time(), SharedAt: r.SharedAt.time(),
	}
}

// Notes lists one person's notes of a kind.
func (r reader) Notes(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, kind survey.NoteKind) ([]survey.SealedNote, error) {
	notes := []survey.SealedNote{}
	var row noteRow
	err := r.each(ctx, row.targets(), func() error {
		n := row.note(study)
		n.Sealed = append([]byte(nil), n.Sealed...)
		notes = append(notes, n)
		return nil
	}, `SELECT `+noteColumns+` FROM private_note n WHERE n.study_id = ? AND n.enrolment_id = ? AND n.kind = ?
		ORDER BY n.written_at DESC, n.id DESC`, string(study), string(enrolment), string(kind))
	return notes, wrap(err, "notes of %s", enrolment)
}

// EachSharedNote gives the notes of a study that are shared.
func (r reader) EachSharedNote(ctx context.Context, study survey.StudyID, f func(*survey.SealedNote) error) error {
	var row noteRow
	var n survey.SealedNote
	err := r.stream(ctx, row.targets(), func() error {
		n = row.note(study)
		return f(&n)
	}, `SELECT `+noteColumns+`
		FROM private_note n
		JOIN enrolment e ON e.study_id = n.study_id AND e.id = n.enrolment_id
		JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		WHERE n.study_id = ? AND n.shared_at IS NOT NULL
		ORDER BY p.code, n.written_at, n.id`, string(study))
	return wrap(err, "shared notes of study %s", study)
}

// CreateNote writes a note.
func (t *transaction) CreateNote(ctx context.Context, n survey.SealedNote) error {
	_, err := t.change(ctx, `INSERT INTO private_note (study_id, enrolment_id, id, kind, key_id, sealed, written_at, changed_at,
		shared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(n.StudyID), string(n.EnrolmentID), string(n.ID), string(n.Kind), n.KeyID, n.Sealed,
		t.at(n.WrittenAt), t.at(n.ChangedAt), t.at(n.SharedAt))
	return wrap(err, "write note %s", n.ID)
}

// ChangeNote replaces what is sealed.
func (t *transaction) ChangeNote(ctx context.Context, n survey.SealedNote) error {
	err := t.changeOne(ctx, `UPDATE private_note SET key_id = ?, sealed = ?, changed_at = ?
		WHERE study_id = ? AND enrolment_id = ? AND id = ? AND kind = ?`,
		n.KeyID, n.Sealed, t.at(n.ChangedAt), string(n.StudyID), string(n.EnrolmentID), string(n.ID), string(n.Kind))
	return wrap(err, "change note %s", n.ID)
}

// ShareNote shares a note or takes that back.
func (t *transaction) ShareNote(ctx context.Context, at survey.NotePlace, shared time.Time) (bool, error) {
	place := []any{string(at.StudyID), string(at.EnrolmentID), string(at.ID), string(at.Kind)}
	if matchesNothing(place) {
		return false, wrap(survey.ErrNotFound, "share note %s", at.ID)
	}
	const where = ` WHERE study_id = ? AND enrolment_id = ? AND id = ? AND kind = ?`
	unlike := ` AND shared_at IS NULL`
	if shared.IsZero() {
		unlike = ` AND shared_at IS NOT NULL`
	}
	n, err := t.change(ctx, `UPDATE private_note SET shared_at = ?`+where+unlike, append([]any{t.at(shared)}, place...)...)
	if err == nil && n == 0 {
		var id string
		err = t.one(ctx, []any{&id}, `SELECT id FROM private_note`+where, place...)
	}
	return err == nil && n > 0, wrap(err, "share note %s", at.ID)
}

// RemoveNote removes a note.
func (t *transaction) RemoveNote(ctx context.Context, at survey.NotePlace) error {
	place := []any{string(at.StudyID), string(at.EnrolmentID), string(at.ID), string(at.Kind)}
	if matchesNothing(place) {
		return nil
	}
	_, err := t.change(ctx, `DELETE FROM private_note WHERE study_id = ? AND enrolment_id = ? AND id = ? AND kind = ?`, place...)
	return wrap(err, "remove note %s", at.ID)
}
