package survey

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
)

var phoneForm = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// PhoneOf is a number as it is stored, by E.164; false when it is none. What people
// put between the digits is left out.
func PhoneOf(s string) (string, bool) {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -()./\u00a0", r) {
			return -1
		}
		return r
	}, strings.TrimSpace(s))
	if rest, ok := strings.CutPrefix(s, "00"); ok {
		s = "+" + rest
	}
	return s, phoneForm.MatchString(s)
}

// PersonContact is how a person of a run is reached, for whoever may correct it.
type PersonContact struct {
	Study     Study
	Run       CourseRun
	Enrolment Enrolment
	Contact   Contact
}

// Contacts lists how the people of a run are reached, by their codes; those who left
// are left out. Facilitators of the run and data managers of the study may.
func (u *Runs) Contacts(ctx context.Context, a Actor, study Study, run RunID) (CourseRun, []PersonContact, error) {
	if !a.MayReach(study.ID, run) {
		return CourseRun{}, nil, ErrNotFound
	}
	r, err := u.env.Store.Run(ctx, study.ID, run)
	if err != nil {
		return CourseRun{}, nil, fmt.Errorf("contacts: %w", err)
	}
	roster, err := u.env.Store.Roster(ctx, study.ID, run)
	if err != nil {
		return CourseRun{}, nil, fmt.Errorf("contacts: %w", err)
	}
	contacts, err := u.env.Store.Contacts(ctx, study.ID, run)
	if err != nil {
		return CourseRun{}, nil, fmt.Errorf("contacts: %w", err)
	}
	people := []PersonContact{}
	for _, e := range roster {
		if !e.Withdrawn() {
			people = append(people, PersonContact{Study: study, Run: r, Enrolment: e, Contact: contacts[e.ParticipantID]})
		}
	}
	return r, people, nil
}

// Contact reads how a person of a run is reached, by their code. Facilitators of the
// run and data managers of the study may.
func (u *Runs) Contact(ctx context.Context, a Actor, study Study, run RunID, code string) (PersonContact, error) {
	if !a.MayReach(study.ID, run) {
		return PersonContact{}, ErrNotFound
	}
	p := PersonContact{Study: study}
	var err error
	if p.Enrolment, err = u.env.Store.EnrolmentByCode(ctx, study.ID, code); err == nil && p.Enrolment.RunID != run {
		err = ErrNotFound
	}
	if err == nil {
		p.Run, err = u.env.Store.Run(ctx, study.ID, run)
	}
	if err == nil {
		p.Contact, err = u.env.Store.Contact(ctx, study.ID, p.Enrolment.ParticipantID)
		if errors.Is(err, ErrNotFound) {
			p.Contact, err = Contact{StudyID: study.ID, ParticipantID: p.Enrolment.ParticipantID}, nil
		}
	}
	if err != nil {
		return PersonContact{}, fmt.Errorf("contact: %w", err)
	}
	return p, nil
}

// CorrectContact changes how a person of a run is reached; everything unsent goes
// there. Another address than before has not bounced. Faults are FieldErrors.
// Facilitators of the run and data managers of the study may.
func (u *Runs) CorrectContact(ctx context.Context, a Actor, study Study, run RunID, code, name, email, phone string) error {
	p, err := u.Contact(ctx, a, study, run, code)
	if err != nil {
		return err
	}
	if p.Enrolment.Withdrawn() {
		return ErrWithdrawn
	}
	faults, c := FieldErrors{}, p.Contact
	c.Name = strings.TrimSpace(name)
	checkText(faults, "name", c.Name, 200)
	var ok bool
	if c.Email, ok = addressOf(email); !ok && strings.TrimSpace(email) != "" {
		faults["email"] = "people.bad_email"
	}
	if c.Phone, ok = PhoneOf(phone); !ok && strings.TrimSpace(phone) != "" {
		faults["phone"] = "people.bad_phone"
	}
	now := u.env.now()
	err = faults.OrNil()
	if err != nil {
		return err
	}
	event := u.env.event(a, study.ID, now, ActionContactChanged, "enrolment", string(p.Enrolment.ID))
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockRun(ctx, study.ID, run); err != nil {
			return err
		}
		if there, err := tx.HoldPart(ctx, study.ID, p.Enrolment.ID); err != nil || !there {
			return errors.Join(err, ErrWithdrawn)
		}
		contacts, err := tx.Contacts(ctx, study.ID, run)
		if err != nil {
			return err
		}
		for id, other := range contacts {
			if c.Email != "" && other.Email == c.Email && id != c.ParticipantID {
				return FieldErrors{"email": "people.already"}
			}
		}
		if err := tx.PutContact(ctx, c); err != nil {
			return err
		}
		return tx.AppendAudit(ctx, event)
	})
	if err != nil {
		return fmt.Errorf("correct the contact of %s: %w", code, err)
	}
	return nil
}
