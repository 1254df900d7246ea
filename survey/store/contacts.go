package store

import (
	"context"

	"tidemark/survey"
	"tidemark/survey/vault"
)

// The columns that a contact is sealed for.
const (
	contactName  = "contact.name"
	contactEmail = "contact.email"
	contactPhone = "contact.phone"
	contactPush  = "contact.push"
)

// contactFields are a contact c and the key k that it is sealed under.
const contactFields = `c.name, c.email, c.phone, c.push, coalesce(c.channel, ''), c.bounced_at, k.key_id, k.wrapped`

// contactRow is contactFields as they are stored. They are opened once all rows are
// read, for to open the first may need to ask the database.
type contactRow struct {
	participant survey.ParticipantID
	name, email sealed
	phone, push sealed
	channel     string
	bounced     instant
	key         sealedKey
}

// targets are where contactFields go.
func (r *contactRow) targets() []any {
	return append([]any{&r.name, &r.email, &r.phone, &r.push, &r.channel, &r.bounced}, r.key.targets()...)
}

// given reports whether there is a contact.
func (r *contactRow) given() bool { return r.key.id != "" }

// openContact opens what is stored of a person.
func (r reader) openContact(ctx context.Context, study survey.StudyID, row *contactRow) (survey.Contact, error) {
	c := survey.Contact{StudyID: study, ParticipantID: row.participant, Channel: survey.Channel(row.channel), BouncedAt: row.bounced.time()}
	p, err := r.person(ctx, row.key, study, participantOwner(row.participant))
	if err == nil {
		c.Name, err = p.Open(contactName, row.name)
	}
	if err == nil {
		c.Email, err = p.Open(contactEmail, row.email)
	}
	if err == nil {
		c.Phone, err = p.Open(contactPhone, row.phone)
	}
	if err == nil {
		c.Push, err = p.Open(contactPush, row.push)
	}
	if err != nil {
		return survey.Contact{}, wrap(closedOr(err), "contact of %s", row.participant)
	}
	return c, nil
}

// openName opens the name alone.
func (r reader) openName(ctx context.Context, study survey.StudyID, row *contactRow) (string, error) {
	if !row.given() || len(row.name) == 0 {
		return "", nil
	}
	p, err := r.person(ctx, row.key, study, participantOwner(row.participant))
	if err != nil {
		return "", wrap(err, "name of %s", row.participant)
	}
	name, err := p.Open(contactName, row.name)
	return name, wrap(closedOr(err), "name of %s", row.participant)
}

// withContact joins enrolments e with the contact c of each, if any, and its key k.
// On PostgreSQL each is found on its own; see rosterColumns and fence for why.
func (r reader) withContact() string {
	end := fence(r.db.Dialector.Name())
	if end == "" {
		return ` LEFT JOIN contact c ON c.study_id = e.study_id AND c.participant_id = e.participant_id
			LEFT JOIN person_key k ON k.study_id = c.study_id AND k.participant_id = c.participant_id `
	}
	return ` LEFT JOIN LATERAL (SELECT * FROM contact x WHERE x.study_id = e.study_id AND x.participant_id = e.participant_id` + end + `) c ON true
		LEFT JOIN LATERAL (SELECT * FROM person_key x WHERE x.study_id = c.study_id AND x.participant_id = c.participant_id` + end + `) k ON true `
}

// Contact is how a person is reached.
func (r reader) Contact(ctx context.Context, study survey.StudyID, id survey.ParticipantID) (survey.Contact, error) {
	row := contactRow{participant: id}
	err := r.one(ctx, row.targets(), `SELECT `+contactFields+` FROM contact c
		JOIN person_key k ON k.study_id = c.study_id AND k.participant_id = c.participant_id
		WHERE c.study_id = ? AND c.participant_id = ?`, string(study), string(id))
	if err != nil {
		return survey.Contact{}, wrap(err, "contact of %s", id)
	}
	return r.openContact(ctx, study, &row)
}

// Contacts are the contact data of a run's people.
func (r reader) Contacts(ctx context.Context, study survey.StudyID, run survey.RunID) (map[survey.ParticipantID]survey.Contact, error) {
	var rows []contactRow
	var row contactRow
	var id string
	err := r.each(ctx, append([]any{&id}, row.targets()...), func() error {
		if row.participant = survey.ParticipantID(id); row.given() {
			rows = append(rows, row)
		}
		return nil
	}, `SELECT e.participant_id, `+contactFields+` FROM enrolment e`+r.withContact()+`WHERE e.study_id = ? AND e.run_id = ?`,
		string(study), string(run))
	contacts := make(map[survey.ParticipantID]survey.Contact, len(rows))
	for i := 0; err == nil && i < len(rows); i++ {
		contacts[rows[i].participant], err = r.openContact(ctx, study, &rows[i])
	}
	if err != nil {
		return nil, wrap(err, "contacts of run %s", run)
	}
	return contacts, nil
}

// Addresses are those of everyone in a study.
func (r reader) Addresses(ctx context.Context, study survey.StudyID) (map[string]survey.RunID, error) {
	type address struct {
		contactRow

		run string
	}
	var rows []address
	var row address
	var id string
	err := r.stream(ctx, append([]any{&id, &row.email, &row.run}, row.key.targets()...), func() error {
		row.participant = survey.ParticipantID(id)
		rows = append(rows, row)
		return nil
	}, `SELECT e.participant_id, c.email, e.run_id, k.key_id, k.wrapped FROM contact c
		JOIN person_key k ON k.study_id = c.study_id AND k.participant_id = c.participant_id
		JOIN enrolment e ON e.study_id = c.study_id AND e.participant_id = c.participant_id
		WHERE c.study_id = ? AND c.email IS NOT NULL ORDER BY e.run_id`, string(study))
	all := make(map[string]survey.RunID, len(rows))
	for i := 0; err == nil && i < len(rows); i++ {
		var c survey.Contact
		c, err = r.openContact(ctx, study, &rows[i].contactRow)
		all[c.Email] = survey.RunID(rows[i].run)
	}
	return all, wrap(err, "addresses of study %s", study)
}

// atOnce bounds how many studies are looked through with one statement.
const atOnce = 200

// EnrolmentsByEmail finds who is reached at an address. Each study has an index of
// its own for it.
func (r reader) EnrolmentsByEmail(ctx context.Context, email string) ([]survey.EnrolmentPlace, error) {
	places := []survey.EnrolmentPlace{}
	if email == "" { // Who is reached by telephone alone is not found by having no address.
		return places, nil
	}
	var studies []string
	var study, id string
	err := r.each(ctx, []any{&study}, func() error {
		studies = append(studies, study)
		return nil
	}, `SELECT id FROM study WHERE state = 'open' ORDER BY id`)
	if err != nil || len(studies) == 0 {
		return places, wrap(err, "enrolments by address")
	}
	ring, err := r.opened(ctx)
	for from := 0; err == nil && from < len(studies); from += atOnce {
		condition, or := ``, ``
		var args []any
		for _, s := range studies[from:min(from+atOnce, len(studies))] {
			condition += or + `(c.study_id = ? AND c.email_index = ?)`
			args, or = append(args, s, ring.Index(s, contactEmail, email)), ` OR `
		}
		err = r.each(ctx, []any{&study, &id}, func() error {
			places = append(places, survey.EnrolmentPlace{StudyID: survey.StudyID(study), ID: survey.EnrolmentID(id)})
			return nil
		}, `SELECT e.study_id, e.id FROM contact c
			JOIN enrolment e ON e.study_id = c.study_id AND e.participant_id = c.participant_id
			WHERE (`+condition+`) AND e.withdrawn_at IS NULL ORDER BY e.study_id, e.id`, args...)
	}
	return places, wrap(err, "enrolments by address")
}

// sealedContact is a contact as it is stored.
func sealedContact(ring *vault.Ring, p *vault.Person, c *survey.Contact) []any {
	args := []any{
		string(c.StudyID), string(c.ParticipantID),
		sealed(p.Seal(contactName, c.Name)), sealed(p.Seal(contactEmail, c.Email)), sealed(p.Seal(contactPhone, c.Phone)), sealed(nil),
		sealed(p.Seal(contactPush, c.Push)), string(c.Channel),
	}
	if c.Email != "" {
		args[5] = sealed(ring.Index(string(c.StudyID), contactEmail, c.Email))
	}
	return args
}

const insertContact = `INSERT INTO contact (study_id, participant_id, name, email, phone, email_index, push, channel)`

func (t *transaction) enrolContacts(ctx context.Context, people []survey.NewPerson) error {
	of := map[survey.StudyID][]*survey.Contact{} // of one study, as a rule
	for i := range people {
		if c := people[i].Contact; c != nil {
			of[c.StudyID] = append(of[c.StudyID], c)
		}
	}
	for study, contacts := range of {
		if err := t.addContacts(ctx, study, contacts); err != nil {
			return err
		}
	}
	return nil
}

// addContacts writes the contacts of people who have no key yet.
func (t *transaction) addContacts(ctx context.Context, study survey.StudyID, contacts []*survey.Contact) error {
	ring, err := t.opened(ctx)
	if err != nil {
		return err
	}
	ids := make([]survey.ParticipantID, len(contacts))
	for i, c := range contacts {
		ids[i] = c.ParticipantID
	}
	rows := make([][]any, len(contacts))
	err = t.addKeys(ctx, study, ids, func(i int, p *vault.Person) { rows[i] = sealedContact(ring, p, contacts[i]) })
	if err != nil {
		return err
	}
	return insertion{head: insertContact, columns: 8}.run(ctx, t, len(rows), func(args []any, i int) []any { return append(args, rows[i]...) })
}

// PutContact writes how a person is reached.
func (t *transaction) PutContact(ctx context.Context, c survey.Contact) error {
	p, err := t.keyOf(ctx, c.StudyID, c.ParticipantID)
	if err != nil {
		return wrap(err, "contact of %s", c.ParticipantID)
	}
	ring, err := t.opened(ctx)
	if err != nil {
		return wrap(err, "contact of %s", c.ParticipantID)
	}
	_, err = t.change(ctx, insertContact+` VALUES (?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (study_id, participant_id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email,
		email_index = excluded.email_index, push = excluded.push, channel = excluded.channel,
		bounced_at = CASE WHEN contact.email_index = excluded.email_index THEN contact.bounced_at END`, sealedContact(ring, p, &c)...)
	return wrap(err, "contact of %s", c.ParticipantID)
}
