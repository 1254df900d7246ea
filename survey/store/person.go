package store

import (
	"context"
	"time"

	"tidemark/survey"
)

// personNoteLabel, with the note's id, is what a note about a person is sealed for.
const personNoteLabel = "person_note "

// PersonNotes are the notes about one person.
func (r reader) PersonNotes(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) ([]survey.PersonNote, error) {
	notes, texts := []survey.PersonNote{}, []sealed{}
	var n survey.PersonNote
	var run, participant string
	var text sealed
	var key sealedKey
	var written instant
	err := r.each(ctx, append([]any{&n.ID, &run, &n.AuthorID, &n.AuthorName, &written, &text, &participant}, key.targets()...), func() error {
		n.RunID, n.WrittenAt = survey.RunID(run), written.time()
		notes, texts = append(notes, n), append(texts, text)
		return nil
	}, `SELECT n.id, n.run_id, n.author_id, n.author_name, n.written_at, n.sealed, e.participant_id, k.key_id, k.wrapped
		FROM person_note n JOIN enrolment e ON e.study_id = n.study_id AND e.id = n.enrolment_id
		LEFT JOIN person_key k ON k.study_id = e.study_id AND k.participant_id = e.participant_id
		WHERE n.study_id = ? AND n.enrolment_id = ? ORDER BY n.written_at DESC, n.id DESC`, string(study), string(id))
	if err != nil || len(notes) == 0 {
		return notes, wrap(err, "notes about %s", id)
	}
	p, err := r.person(ctx, key, study, participantOwner(survey.ParticipantID(participant)))
	for i := 0; err == nil && i < len(notes); i++ {
		notes[i].Text, err = p.Open(personNoteLabel+notes[i].ID, texts[i])
	}
	return notes, wrap(closedOr(err), "notes about %s", id)
}

// LeftFor is why a person's part was ended for them.
func (r reader) LeftFor(ctx context.Context, study survey.StudyID, id survey.EnrolmentID) (survey.Leaving, error) {
	var why string
	err := r.one(ctx, []any{&why}, `SELECT coalesce(withdrawn_for, '') FROM enrolment WHERE study_id = ? AND id = ?`,
		string(study), string(id))
	return survey.Leaving(why), wrap(err, "why %s left", id)
}

// AddPersonNote adds a note.
func (t *transaction) AddPersonNote(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, n survey.PersonNote) error {
	p, err := t.keyOfEnrolment(ctx, study, id)
	if err == nil {
		err = t.soon(ctx, `INSERT INTO person_note (study_id, enrolment_id, id, run_id, author_id, author_name, written_at, sealed)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			string(study), string(id), n.ID, string(n.RunID), n.AuthorID, n.AuthorName, t.at(n.WrittenAt), p.Seal(personNoteLabel+n.ID, n.Text))
	}
	return wrap(err, "note about %s", id)
}

// SetLeftFor notes why a person's part was ended for them.
func (t *transaction) SetLeftFor(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, why survey.Leaving) error {
	err := t.changeOne(ctx, `UPDATE enrolment SET withdrawn_for = ? WHERE study_id = ? AND id = ?`, string(why), string(study), string(id))
	return wrap(err, "note why %s left", id)
}

// MoveEnrolment writes the run of an enrolment.
func (t *transaction) MoveEnrolment(ctx context.Context, e survey.Enrolment, from survey.RunID, linkUntil time.Time) error {
	err := t.changeOne(ctx, `UPDATE enrolment SET run_id = ?, run_joined_at = ? WHERE study_id = ? AND id = ? AND run_id = ?`,
		string(e.RunID), t.at(e.RunSince), string(e.StudyID), string(e.ID), string(from))
	if err == nil {
		err = t.soon(ctx, `UPDATE personal_link SET expires_at = ? WHERE study_id = ? AND enrolment_id = ? AND revoked_at IS NULL AND expires_at < ?`,
			t.at(linkUntil), string(e.StudyID), string(e.ID), t.at(linkUntil))
	}
	return wrap(err, "move %s to run %s", e.ID, e.RunID)
}

// DropWaveMessages drops what waits for a person.
func (t *transaction) DropWaveMessages(ctx context.Context, study survey.StudyID, id survey.EnrolmentID, at time.Time, why survey.MessageReason) error {
	_, err := t.change(ctx, `UPDATE outbox_message SET ended_at = ?, outcome = 'dropped', reason = ?
		WHERE study_id = ? AND to_kind = 'participant' AND to_id = ? AND number > 0 AND ended_at IS NULL AND (leased_to_at IS NULL OR leased_to_at <= ?)`,
		t.at(at), string(why), string(study), string(id), t.at(at))
	return wrap(err, "drop messages of %s", id)
}

// RemindersSent counts the reminders sent to a run's people by wave.
func (r reader) RemindersSent(ctx context.Context, study survey.StudyID, run survey.RunID) (map[survey.EnrolmentID]map[survey.WaveID]int, error) {
	sent := map[survey.EnrolmentID]map[survey.WaveID]int{}
	var id, wave string
	n := 0
	err := r.stream(ctx, []any{&id, &wave, &n}, func() error {
		of := sent[survey.EnrolmentID(id)]
		if of == nil {
			of = map[survey.WaveID]int{}
			sent[survey.EnrolmentID(id)] = of
		}
		of[survey.WaveID(wave)] = n
		return nil
	}, `SELECT o.to_id, o.about, count(*) FROM enrolment e
		JOIN outbox_message o ON o.study_id = e.study_id AND o.to_kind = 'participant' AND o.to_id = e.id
		WHERE e.study_id = ? AND e.run_id = ? AND o.kind IN ('reminder', 'nudge') AND o.outcome = 'sent'
			AND (e.run_joined_at IS NULL OR o.created_at >= e.run_joined_at)
		GROUP BY o.to_id, o.about`, string(study), string(run))
	return sent, wrap(err, "reminders sent to run %s", run)
}
