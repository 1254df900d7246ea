package survey

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Notes are the use cases of what people write for themselves: own words for hard
// moments, and reflections after a setback. A note is sealed before it is stored.
// Nobody but its person opens it, unless they share it; then a researcher of the
// study does, through EachShared.
type Notes struct{ env Env }

// List opens the person's notes of a kind, the newest first. One that this
// installation cannot open is marked and the others are given all the same. People
// who have left still find what they wrote.
func (u *Notes) List(ctx context.Context, a Actor, kind NoteKind) ([]Note, error) {
	p, err := hasNotes(a, kind)
	if err != nil {
		return nil, err
	}
	stored, err := u.env.Store.Notes(ctx, p.Study.ID, p.Enrolment.ID, kind)
	if err != nil {
		return nil, fmt.Errorf("list notes: %w", err)
	}
	notes := make([]Note, len(stored))
	for i := range stored {
		n, err := u.open(&stored[i])
		if err != nil && !errors.Is(err, ErrSealed) {
			return nil, fmt.Errorf("list notes: %w", err)
		}
		notes[i] = n
	}
	return notes, nil
}

// hasNotes is the participation of an actor who may have notes, also after leaving.
func hasNotes(a Actor, kind NoteKind) (Participation, error) {
	p := a.Participation
	switch {
	case a.Kind != ActorParticipant:
		return p, ErrForbidden
	case !kind.Valid(), !p.TakesCourse():
		return p, ErrNotFound
	case p.ConsentVersion == 0 && !p.Enrolment.Withdrawn():
		return p, ErrConsentRequired
	}
	return p, nil
}

func (u *Notes) open(s *SealedNote) (Note, error) {
	n := Note{ID: s.ID, Kind: s.Kind, WrittenAt: s.WrittenAt, ChangedAt: s.ChangedAt, SharedAt: s.SharedAt}
	plain, err := u.env.Keys.OpenNote(s.NotePlace, s.KeyID, s.Sealed)
	if err == nil && json.Unmarshal(plain, &n.Texts) != nil {
		err = ErrSealed
	}
	if err != nil {
		n.Texts, n.Closed = nil, true
	}
	return n, err
}

func (u *Notes) seal(at NotePlace, texts []string) (SealedNote, error) {
	plain, err := json.Marshal(texts)
	if err != nil {
		return SealedNote{}, err
	}
	s := SealedNote{NotePlace: at}
	s.KeyID, s.Sealed = u.env.Keys.SealNote(at, plain)
	return s, nil
}

// Write keeps a new note, for the person alone. Texts that say nothing or too much
// are FieldErrors and nothing is written. A form sent twice is ErrRepeated the
// second time, and ErrConflict if it then says something else.
func (u *Notes) Write(ctx context.Context, a Actor, kind NoteKind, texts []string, once Once) error {
	p, err := takesCourse(a)
	switch {
	case err != nil:
		return err
	case !kind.Valid():
		return ErrNotFound
	case !once.Valid():
		return ErrConflict
	}
	if err := checkNote(kind, texts).OrNil(); err != nil {
		return err
	}
	at := NotePlace{StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, ID: NoteID(once), Kind: kind}
	if once == "" {
		at.ID = NoteID(u.env.NewID())
	}
	n, err := u.seal(at, texts)
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	n.WrittenAt = u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := stillTakesPart(ctx, tx, p); err != nil {
			return err
		}
		all, err := tx.Notes(ctx, at.StudyID, at.EnrolmentID, kind)
		if err != nil {
			return err
		}
		switch i := slices.IndexFunc(all, func(have SealedNote) bool { return have.ID == at.ID }); {
		case i >= 0:
			if have, err := u.open(&all[i]); err != nil || !slices.Equal(have.Texts, texts) {
				return ErrConflict
			}
			return ErrRepeated
		case len(all) >= MaxNotes:
			return FieldErrors{NoteField(kind, 0): "practice.too_many_notes"}
		}
		return tx.CreateNote(ctx, n)
	})
	if errors.Is(err, ErrDuplicate) {
		return ErrRepeated
	}
	if err != nil {
		return fmt.Errorf("write note: %w", err)
	}
	return nil
}

// Change replaces the texts of a note of the person; whether it is shared stays as
// it is. ErrNotFound when they have no such note.
func (u *Notes) Change(ctx context.Context, a Actor, kind NoteKind, id NoteID, texts []string) error {
	p, err := takesCourse(a)
	switch {
	case err != nil:
		return err
	case !kind.Valid():
		return ErrNotFound
	}
	if err := checkNote(kind, texts).OrNil(); err != nil {
		return err
	}
	n, err := u.seal(NotePlace{StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, ID: id, Kind: kind}, texts)
	if err != nil {
		return fmt.Errorf("change note %s: %w", id, err)
	}
	n.ChangedAt = u.env.now()
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := stillTakesPart(ctx, tx, p); err != nil {
			return err
		}
		return tx.ChangeNote(ctx, n)
	})
	if err != nil {
		return fmt.Errorf("change note %s: %w", id, err)
	}
	return nil
}

// Remove removes a note of the person; one that is not there is no fault. People who
// have left may still do so.
func (u *Notes) Remove(ctx context.Context, a Actor, kind NoteKind, id NoteID) error {
	p, err := hasNotes(a, kind)
	if err != nil {
		return err
	}
	at := NotePlace{StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, ID: id, Kind: kind}
	if err := u.env.Store.InTx(ctx, func(tx Tx) error { return tx.RemoveNote(ctx, at) }); err != nil {
		return fmt.Errorf("remove note %s: %w", id, err)
	}
	return nil
}

// Share lets the researchers of the study read one note, under the person's code
// and without their name, or takes that back. Sharing is for those who take part;
// taking it back is possible at any time. It is audited. ErrNotFound when the
// person has no such note.
func (u *Notes) Share(ctx context.Context, a Actor, kind NoteKind, id NoteID, share bool) error {
	p, err := hasNotes(a, kind)
	if err == nil && share {
		p, err = takesCourse(a)
	}
	if err != nil {
		return err
	}
	now := u.env.now()
	action, at := ActionNoteUnshared, time.Time{}
	if share {
		action, at = ActionNoteShared, now
	}
	event := u.env.event(a, p.Study.ID, now, action, "note", string(id))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if share {
			if err := stillTakesPart(ctx, tx, p); err != nil {
				return err
			}
		}
		place := NotePlace{StudyID: p.Study.ID, EnrolmentID: p.Enrolment.ID, ID: id, Kind: kind}
		changed, err := tx.ShareNote(ctx, place, at)
		if err != nil || !changed {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("share note %s: %w", id, err)
	}
	return nil
}

// EachShared opens the notes of a study that their people share, and no other, by
// enrolment in the order of Enrolments, for whoever may analyse the study; anybody
// else is ErrForbidden. One that this installation cannot open is ErrSealed: a file
// without it would be missed by nobody. The pointer is reused.
func (u *Notes) EachShared(ctx context.Context, r NoteReader, a Actor, study StudyID, f func(*SharedNote) error) error {
	if !a.MayAnalyse(study) {
		return ErrForbidden
	}
	err := r.EachSharedNote(ctx, study, func(s *SealedNote) error {
		n, err := u.open(s)
		if err != nil {
			return err
		}
		return f(&SharedNote{Note: n, EnrolmentID: s.EnrolmentID})
	})
	if err != nil {
		return fmt.Errorf("shared notes: %w", err)
	}
	return nil
}
