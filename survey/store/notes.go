package store

import (
	"context"
	"errors"
	"time"

	"tidemark/survey"
	"tidemark/survey/vault"
)

// noteColumns are a note n, its enrolment e and the key k that it is sealed under
// besides that of the installation.
const (
	noteColumns = `n.enrolment_id, n.id, n.kind, n.key_id, n.sealed, n.written_at, n.changed_at, n.shared_at,
		e.participant_id, k.key_id, k.wrapped`
	noteTables = ` FROM private_note n JOIN enrolment e ON e.study_id = n.study_id AND e.id = n.enrolment_id
		LEFT JOIN person_key k ON k.study_id = e.study_id AND k.participant_id = e.participant_id `
)

type noteRow struct {
	EnrolmentID, ID, Kind, KeyID   string
	Sealed                         sealed
	WrittenAt, ChangedAt, SharedAt instant
	participant                    string
	key                            sealedKey
}

// targets are where noteColumns go.
func (r *noteRow) targets() []any {
	return []any{
		&r.EnrolmentID, &r.ID, &r.Kind, &r.KeyID, &r.Sealed, &r.WrittenAt, &r.ChangedAt, &r.SharedAt,
		&r.participant, &r.key.id, &r.key.wrapped,
	}
}

// place is where the note belongs.
func (r *noteRow) place(study survey.StudyID) survey.NotePlace {
	return survey.NotePlace{
		StudyID: study, EnrolmentID: survey.EnrolmentID(r.EnrolmentID), ID: survey.NoteID(r.ID), Kind: survey.NoteKind(r.Kind),
	}
}

// noteLabel is what a note is sealed for. That a note is of this enrolment, and of
// this kind, the seal within sees to.
func noteLabel(id survey.NoteID) string { return "private_note " + string(id) }

// notes reads notes and opens the outer seal. What does not open is left empty, so
// that the inner does not open either and its reader is told.
func (r reader) notes(ctx context.Context, study survey.StudyID, rest string, args ...any) ([]survey.SealedNote, error) {
	var rows []noteRow
	var row noteRow
	err := r.stream(ctx, row.targets(), func() error {
		rows = append(rows, row)
		return nil
	}, `SELECT `+noteColumns+noteTables+rest, args...)
	if err != nil {
		return nil, err
	}
	notes := make([]survey.SealedNote, len(rows))
	for i := range rows {
		row := &rows[i]
		notes[i] = survey.SealedNote{
			NotePlace: row.place(study), KeyID: row.KeyID,
			WrittenAt: row.WrittenAt.time(), ChangedAt: row.ChangedAt.time(), SharedAt: row.SharedAt.time(),
		}
		p, err := r.person(ctx, row.key, study, participantOwner(survey.ParticipantID(row.participant)))
		if err == nil {
			var inner string
			inner, err = p.Open(noteLabel(notes[i].ID), row.Sealed)
			notes[i].Sealed = []byte(inner)
		}
		if err = closedOr(err); err != nil && !errors.Is(err, survey.ErrSealed) {
			return nil, err
		}
	}
	return notes, nil
}

// Notes lists one person's notes of a kind.
func (r reader) Notes(ctx context.Context, study survey.StudyID, enrolment survey.EnrolmentID, kind survey.NoteKind) ([]survey.SealedNote, error) {
	notes, err := r.notes(ctx, study, `WHERE n.study_id = ? AND n.enrolment_id = ? AND n.kind = ?
		ORDER BY n.written_at DESC, n.id DESC`, string(study), string(enrolment), string(kind))
	if notes == nil {
		notes = []survey.SealedNote{}
	}
	return notes, wrap(err, "notes of %s", enrolment)
}

// EachSharedNote gives the notes of a study that are shared.
func (r reader) EachSharedNote(ctx context.Context, study survey.StudyID, f func(*survey.SealedNote) error) error {
	notes, err := r.notes(ctx, study, `JOIN participant p ON p.study_id = e.study_id AND p.id = e.participant_id
		WHERE n.study_id = ? AND n.shared_at IS NOT NULL AND e.linked_to IS NULL
		ORDER BY p.code, n.written_at, n.id`, string(study))
	for i := 0; err == nil && i < len(notes); i++ {
		err = f(&notes[i])
	}
	return wrap(err, "shared notes of study %s", study)
}

// sealNote puts the seal of the person around a note.
func (t *transaction) sealNote(ctx context.Context, n survey.SealedNote) ([]byte, error) {
	p, err := t.keyOfEnrolment(ctx, n.StudyID, n.EnrolmentID)
	if err != nil {
		return nil, err
	}
	return p.Seal(noteLabel(n.ID), string(n.Sealed)), nil
}

// keyOfEnrolment opens the key of whoever an enrolment is of, and makes one where
// there is none.
func (t *transaction) keyOfEnrolment(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (*vault.Person, error) {
	var participant string
	err := t.one(ctx, []any{&participant}, `SELECT participant_id FROM enrolment WHERE study_id = ? AND id = ?`, string(study), string(id))
	if errors.Is(err, survey.ErrNotFound) {
		err = survey.ErrReference
	}
	if err != nil {
		return nil, err
	}
	return t.keyOf(ctx, study, survey.ParticipantID(participant))
}

// CreateNote writes a note.
func (t *transaction) CreateNote(ctx context.Context, n survey.SealedNote) error {
	sealed, err := t.sealNote(ctx, n)
	if err != nil {
		return wrap(err, "write note %s", n.ID)
	}
	_, err = t.change(ctx, `INSERT INTO private_note (study_id, enrolment_id, id, kind, key_id, by_person, sealed, written_at, changed_at,
		shared_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		string(n.StudyID), string(n.EnrolmentID), string(n.ID), string(n.Kind), n.KeyID, true, sealed,
		t.at(n.WrittenAt), t.at(n.ChangedAt), t.at(n.SharedAt))
	return wrap(err, "write note %s", n.ID)
}

// ChangeNote replaces what is sealed.
func (t *transaction) ChangeNote(ctx context.Context, n survey.SealedNote) error {
	sealed, err := t.sealNote(ctx, n)
	if errors.Is(err, survey.ErrReference) {
		err = survey.ErrNotFound
	}
	if err != nil {
		return wrap(err, "change note %s", n.ID)
	}
	err = t.changeOne(ctx, `UPDATE private_note SET key_id = ?, sealed = ?, changed_at = ?
		WHERE study_id = ? AND enrolment_id = ? AND id = ? AND kind = ?`,
		n.KeyID, sealed, t.at(n.ChangedAt), string(n.StudyID), string(n.EnrolmentID), string(n.ID), string(n.Kind))
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
