package store

import (
	"context"
	"fmt"

	"tidemark/migrations"
	"tidemark/survey"
	"tidemark/survey/vault"
)

// What was stored before names and notes were sealed waits in tables of its own,
// where the migration of the schema has put it. SealAll takes it from there, some
// rows to a transaction, so that it can be cut off and begun again.

// sealLot is how many rows are sealed in one transaction.
const sealLot = 200

// stillUnsealed are the statements that tell whether something waits.
func stillUnsealed() []string {
	return []string{
		`SELECT count(*) FROM (SELECT 1 FROM unsealed_contact LIMIT 1) x`,
		`SELECT count(*) FROM (SELECT 1 FROM unsealed_ticket LIMIT 1) x`,
		`SELECT count(*) FROM (SELECT 1 FROM unsealed_note LIMIT 1) x`,
		`SELECT count(*) FROM (SELECT 1 FROM risk_alert WHERE ` + stillOpen + ` LIMIT 1) x`,
		`SELECT count(*) FROM (SELECT 1 FROM alert_step WHERE ` + stillOpen + ` LIMIT 1) x`,
		`SELECT count(*) FROM (SELECT 1 FROM private_note WHERE NOT by_person LIMIT 1) x`,
	}
}

// Unsealed reports whether something is stored in the open, from before it was sealed.
func (s *Store) Unsealed(ctx context.Context) (bool, error) {
	for _, statement := range stillUnsealed() {
		n := 0
		if err := s.one(ctx, []any{&n}, statement); err != nil || n > 0 {
			return n > 0, wrap(err, "look for what is not sealed")
		}
	}
	return false, nil
}

// SealAll seals what is stored in the open, and overwrites what that leaves behind.
func (s *Store) SealAll(ctx context.Context) error {
	if err := s.unlock(ctx); err != nil {
		return err
	}
	waiting, err := s.Unsealed(ctx)
	if err != nil || !waiting {
		return err
	}
	for waiting { // another program may be at it too, and not yet be done
		if err := s.sealSome(ctx); err != nil {
			return fmt.Errorf("seal names and notes: %w", err)
		}
		if waiting, err = s.Unsealed(ctx); err != nil {
			return err
		}
	}
	return s.sweep(ctx)
}

// sealSome seals what it finds, kind by kind.
func (s *Store) sealSome(ctx context.Context) error {
	for _, lot := range []func(*transaction, context.Context) (int, error){
		(*transaction).sealContacts, (*transaction).sealTickets, (*transaction).sealPersonNotes, (*transaction).sealPrivateNotes,
		(*transaction).sealAlertNotes, (*transaction).sealStepNotes,
	} {
		for n := sealLot; n == sealLot; {
			err := s.InTx(ctx, func(tx survey.Tx) (err error) {
				n, err = lot(asTransaction(tx), ctx)
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// sweep makes the database anew without what was removed. Removed rows are overwritten
// on SQLite, but what moved within a page to make room may still be there.
func (s *Store) sweep(ctx context.Context) error {
	statements := []string{`VACUUM`}
	if s.dialect == migrations.Postgres {
		statements = []string{`TRUNCATE unsealed_contact, unsealed_ticket, unsealed_note`, `VACUUM FULL risk_alert`, `VACUUM FULL alert_step`, `VACUUM private_note`}
	}
	for _, statement := range statements {
		if _, err := s.writePool.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("clear away what is sealed now: %w", err)
		}
	}
	return s.Scrub(ctx)
}

func (t *transaction) sealContacts(ctx context.Context) (int, error) {
	of := map[survey.StudyID][]*survey.Contact{}
	bounced := map[*survey.Contact]instant{}
	var study, id string
	var c survey.Contact
	var at instant
	n := 0
	err := t.each(ctx, []any{&study, &id, &c.Name, &c.Email, &c.Phone, &at}, func() error {
		one := c
		one.StudyID, one.ParticipantID = survey.StudyID(study), survey.ParticipantID(id)
		of[one.StudyID], bounced[&one] = append(of[one.StudyID], &one), at
		n++
		return nil
	}, `SELECT study_id, participant_id, name, email, phone, bounced_at FROM unsealed_contact
		ORDER BY study_id, participant_id LIMIT ?`+lockClause(t.db.Dialector.Name()), sealLot)
	if err != nil {
		return 0, err
	}
	for study, contacts := range of {
		for _, c := range contacts {
			if err := t.PutContact(ctx, *c); err != nil {
				return 0, err
			}
			if at := bounced[c].time(); !at.IsZero() {
				if _, err := t.MarkBounced(ctx, study, c.ParticipantID, c.Email, at); err != nil {
					return 0, err
				}
			}
			if err := t.soon(ctx, `DELETE FROM unsealed_contact WHERE study_id = ? AND participant_id = ?`, string(study), string(c.ParticipantID)); err != nil {
				return 0, err
			}
		}
	}
	return n, nil
}

func (t *transaction) sealTickets(ctx context.Context) (int, error) {
	var all [][4]string
	var row [4]string
	err := t.each(ctx, []any{&row[0], &row[1], &row[2], &row[3]}, func() error {
		all = append(all, row)
		return nil
	}, `SELECT study_id, ticket_id, name, email FROM unsealed_ticket ORDER BY study_id, ticket_id LIMIT ?`+lockClause(t.db.Dialector.Name()), sealLot)
	for i := 0; err == nil && i < len(all); i++ {
		study, id := all[i][0], all[i][1]
		var s ticketSeal
		if s, err = t.sealTicket(ctx, survey.StudyID(study), id, all[i][2], all[i][3]); err != nil {
			return 0, err
		}
		err = t.soon(ctx, `UPDATE entry_ticket SET key_id = ?, wrapped = ?, name = ?, email = ?, email_index = ?
			WHERE study_id = ? AND id = ? AND enrolment_id IS NULL`, s.key.id, s.key.wrapped, s.name, s.email, s.index, study, id)
		if err == nil {
			err = t.soon(ctx, `DELETE FROM unsealed_ticket WHERE study_id = ? AND ticket_id = ?`, study, id)
		}
	}
	return len(all), err
}

func (t *transaction) sealPersonNotes(ctx context.Context) (int, error) {
	type note struct {
		survey.PersonNote

		study, enrolment, run string
		written               instant
	}
	var all []note
	var n note
	err := t.each(ctx, []any{&n.study, &n.enrolment, &n.ID, &n.run, &n.AuthorID, &n.AuthorName, &n.written, &n.Text}, func() error {
		all = append(all, n)
		return nil
	}, `SELECT study_id, enrolment_id, id, run_id, author_id, author_name, written_at, text FROM unsealed_note
		ORDER BY study_id, enrolment_id, id LIMIT ?`+lockClause(t.db.Dialector.Name()), sealLot)
	for i := 0; err == nil && i < len(all); i++ {
		n := all[i]
		n.RunID, n.WrittenAt = survey.RunID(n.run), n.written.time()
		if err = t.AddPersonNote(ctx, survey.StudyID(n.study), survey.EnrolmentID(n.enrolment), n.PersonNote); err == nil {
			err = t.soon(ctx, `DELETE FROM unsealed_note WHERE study_id = ? AND enrolment_id = ? AND id = ?`, n.study, n.enrolment, n.ID)
		}
	}
	return len(all), err
}

func (t *transaction) sealPrivateNotes(ctx context.Context) (int, error) {
	type note struct {
		study, enrolment, id string
		sealed               sealed
	}
	var all []note
	var n note
	err := t.each(ctx, []any{&n.study, &n.enrolment, &n.id, &n.sealed}, func() error {
		all = append(all, n)
		return nil
	}, `SELECT study_id, enrolment_id, id, sealed FROM private_note WHERE NOT by_person
		ORDER BY study_id, enrolment_id, id LIMIT ?`+lockClause(t.db.Dialector.Name()), sealLot)
	for i := 0; err == nil && i < len(all); i++ {
		n := all[i]
		var p *vault.Person
		if p, err = t.keyOfEnrolment(ctx, survey.StudyID(n.study), survey.EnrolmentID(n.enrolment)); err != nil {
			return 0, err
		}
		err = t.soon(ctx, `UPDATE private_note SET sealed = ?, by_person = ? WHERE study_id = ? AND enrolment_id = ? AND id = ?`,
			p.Seal(noteLabel(survey.NoteID(n.id)), string(n.sealed)), true, n.study, n.enrolment, n.id)
	}
	return len(all), err
}

func (t *transaction) sealAlertNotes(ctx context.Context) (int, error) {
	return t.sealNotesIn(ctx, `risk_alert`, `id`, alertLabel)
}

func (t *transaction) sealStepNotes(ctx context.Context) (int, error) {
	return t.sealNotesIn(ctx, `alert_step`, `alert_id`, stepLabel)
}

// sealNotesIn seals notes of alerts in a table.
func (t *transaction) sealNotesIn(ctx context.Context, table, alert, label string) (int, error) {
	var all [][4]string
	var row [4]string // study, alert, id, note
	err := t.each(ctx, []any{&row[0], &row[1], &row[2], &row[3]}, func() error {
		all = append(all, row)
		return nil
	}, `SELECT study_id, `+alert+`, id, note FROM `+table+` WHERE `+stillOpen+` ORDER BY study_id, id LIMIT ?`+lockClause(t.db.Dialector.Name()), sealLot)
	for i := 0; err == nil && i < len(all); i++ {
		n := all[i]
		var p *vault.Person
		if p, err = t.alertKey(ctx, survey.StudyID(n[0]), survey.AlertID(n[1])); err == nil {
			err = t.soon(ctx, `UPDATE `+table+` SET note = ? WHERE study_id = ? AND `+alert+` = ? AND id = ?`,
				sealText(p, label+n[2], n[3]), n[0], n[1], n[2])
		}
	}
	return len(all), err
}
