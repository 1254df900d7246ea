package store

import (
	"context"

	"tidemark/survey"
	"tidemark/survey/vault"
)

// The columns that a ticket is sealed for.
const (
	ticketName  = "entry_ticket.name"
	ticketEmail = "entry_ticket.email"
)

const ticketColumns = `SELECT study_id, id, run_id, token_hash, name, email, key_id, wrapped, language, asked_at, enrolment_id FROM entry_ticket `

type ticketRow struct {
	study, id, run, hash string
	name, email          sealed
	key                  sealedKey
	language, enrolment  optional
	asked                instant
}

func (r *ticketRow) targets() []any {
	return []any{&r.study, &r.id, &r.run, &r.hash, &r.name, &r.email, &r.key.id, &r.key.wrapped, &r.language, &r.asked, &r.enrolment}
}

func ticketOwner(id string) string { return "ticket " + id }

// openTicket opens what is stored of somebody who waits.
func (r reader) openTicket(ctx context.Context, row *ticketRow) (survey.Ticket, error) {
	k := survey.Ticket{
		StudyID: survey.StudyID(row.study), ID: row.id, RunID: survey.RunID(row.run), TokenHash: row.hash,
		Language: string(row.language), AskedAt: row.asked.time(), EnrolmentID: survey.EnrolmentID(row.enrolment),
	}
	if row.key.id == "" {
		return k, nil
	}
	p, err := r.person(ctx, row.key, k.StudyID, ticketOwner(k.ID))
	if err == nil {
		k.Name, err = p.Open(ticketName, row.name)
	}
	if err == nil {
		k.Email, err = p.Open(ticketEmail, row.email)
	}
	return k, wrap(closedOr(err), "ticket %s", k.ID)
}

// Waiting lists who waits for a place.
func (r reader) Waiting(ctx context.Context, study survey.StudyID, run survey.RunID) ([]survey.Ticket, error) {
	var rows []ticketRow
	var row ticketRow
	err := r.each(ctx, row.targets(), func() error {
		rows = append(rows, row)
		return nil
	}, ticketColumns+`WHERE study_id = ? AND run_id = ? AND enrolment_id IS NULL ORDER BY asked_at, id`, string(study), string(run))
	tickets := make([]survey.Ticket, len(rows))
	for i := 0; err == nil && i < len(rows); i++ {
		tickets[i], err = r.openTicket(ctx, &rows[i])
	}
	return tickets, wrap(err, "who waits for run %s", run)
}

// TicketByToken finds a ticket by what its holder has.
func (r reader) TicketByToken(ctx context.Context, tokenHash string) (survey.Ticket, error) {
	var row ticketRow
	err := r.one(ctx, row.targets(), ticketColumns+`WHERE token_hash = ?`, tokenHash)
	if err != nil {
		return survey.Ticket{}, wrap(err, "ticket")
	}
	return r.openTicket(ctx, &row)
}

// ticketSeal is name and address of a ticket as they are stored.
type ticketSeal struct {
	key                sealedKey
	name, email, index sealed
}

// sealTicket seals name and address under a key of the ticket's own.
func (t *transaction) sealTicket(ctx context.Context, study survey.StudyID, id, name, email string) (s ticketSeal, err error) {
	if name == "" && email == "" {
		return s, nil
	}
	keyID, ring, err := t.inUse(ctx)
	if err != nil {
		return s, err
	}
	var w vault.Wrapped
	var p *vault.Person
	if w, p, err = ring.NewPerson(keyID, string(study), ticketOwner(id)); err != nil {
		return s, err
	}
	s = ticketSeal{key: sealedKey{optional(keyID), w.Bytes}, name: p.Seal(ticketName, name), email: p.Seal(ticketEmail, email)}
	if email != "" {
		s.index = ring.Index(string(study), ticketEmail, email)
	}
	return s, nil
}

// CreateTicket writes a ticket.
func (t *transaction) CreateTicket(ctx context.Context, k survey.Ticket) error {
	s, err := t.sealTicket(ctx, k.StudyID, k.ID, k.Name, k.Email)
	if err != nil {
		return wrap(err, "write a ticket")
	}
	_, err = t.change(ctx, `INSERT INTO entry_ticket (study_id, id, run_id, token_hash, key_id, wrapped, name, email, email_index, language,
		asked_at, enrolment_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, string(k.StudyID), k.ID, string(k.RunID), k.TokenHash,
		s.key.id, s.key.wrapped, s.name, s.email, s.index, optional(k.Language), t.at(k.AskedAt), optional(k.EnrolmentID))
	return wrap(err, "write a ticket")
}

// AdmitTicket gives somebody their place.
func (t *transaction) AdmitTicket(ctx context.Context, study survey.StudyID, id string, enrolment survey.EnrolmentID) (bool, error) {
	n, err := t.change(ctx, `UPDATE entry_ticket SET enrolment_id = ?, key_id = NULL, wrapped = NULL, name = NULL, email = NULL, email_index = NULL
		WHERE study_id = ? AND id = ? AND enrolment_id IS NULL`, string(enrolment), string(study), id)
	return n > 0, wrap(err, "admit a ticket")
}

// RemoveTicket removes somebody who waits.
func (t *transaction) RemoveTicket(ctx context.Context, study survey.StudyID, id string) (bool, error) {
	n, err := t.change(ctx, `DELETE FROM entry_ticket WHERE study_id = ? AND id = ? AND enrolment_id IS NULL`, string(study), id)
	return n > 0, wrap(err, "remove a ticket")
}
