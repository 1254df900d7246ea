package survey

import (
	"context"
	"fmt"
	"io"
	"net/mail"
	"strings"
	"time"
)

// Person is someone to be enrolled; both fields may be empty.
type Person struct {
	Name  string
	Email string
}

// MaxPeopleAtOnce bounds one addition of people to a run.
const MaxPeopleAtOnce = 5000

// ParsePeople reads one person a line, as "Ana Ruiz, ana@example.org",
// "Ana Ruiz <ana@example.org>", an address alone or a name alone. Lines without
// either are passed over. Faults are FieldErrors by "line 3".
func ParsePeople(text string) ([]Person, error) {
	var people []Person
	faults := FieldErrors{}
	seen := map[string]bool{}
	for i, line := range strings.Split(text, "\n") {
		line = strings.Trim(line, separators+"\r")
		if line == "" {
			continue
		}
		p, key := parsePerson(line)
		if key == "" && p.Email != "" && seen[p.Email] {
			key = "people.twice"
		}
		if key != "" {
			faults[fmt.Sprintf("line %d", i+1)] = key
			continue
		}
		seen[p.Email] = true
		people = append(people, p)
	}
	if len(people) > MaxPeopleAtOnce {
		faults["people"] = "people.too_many"
	}
	return people, faults.OrNil()
}

// separators stand between a name and an address.
const separators = " \t,;"

func parsePerson(line string) (Person, string) {
	if fault := textFault(line, 300); fault != "" {
		return Person{}, fault
	}
	if !strings.Contains(line, "@") {
		return Person{Name: line}, ""
	}
	cut := strings.LastIndexAny(line, ",;\t<")
	name, address := "", line
	if cut >= 0 {
		name, address = line[:cut], strings.TrimRight(line[cut+1:], "> ")
	}
	parsed, err := mail.ParseAddress(strings.TrimSpace(address))
	if err != nil {
		return Person{}, "people.bad_email"
	}
	return Person{Name: strings.Trim(name, separators+"\""), Email: strings.ToLower(parsed.Address)}, ""
}

// AddPeople enrols people in a run: a code and a personal link for each, every
// questionnaire of their arm, and an arm by permuted blocks within the run, or
// the given arm when arm is not empty. It returns the enrolments in order. An
// address that the run has already is a fault, so that a list entered twice adds
// nobody twice.
func (u *Runs) AddPeople(ctx context.Context, a Actor, id StudyID, run RunID, people []Person, arm ArmID) ([]Enrolment, error) {
	return u.AddPeopleOnce(ctx, a, id, run, people, arm, "")
}

// AddPeopleOnce is AddPeople for a form: sent a second time it is ErrRepeated and
// changes nothing.
func (u *Runs) AddPeopleOnce(ctx context.Context, a Actor, id StudyID, run RunID, people []Person, arm ArmID, once Once) ([]Enrolment, error) {
	if !a.MayRun(id, run) {
		return nil, ErrNotFound
	}
	if len(people) == 0 {
		return nil, FieldErrors{"people": "people.none"}
	}
	if len(people) > MaxPeopleAtOnce {
		return nil, FieldErrors{"people": "people.too_many"}
	}
	now := u.env.now()
	var enrolled []Enrolment
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.LockRun(ctx, id, run); err != nil {
			return err
		}
		e := u.env.event(a, id, now, ActionPeopleAdded, "run", string(run))
		e.Detail = fmt.Sprintf("%d people", len(people))
		if err := noteOnce(ctx, tx, once, e); err != nil {
			return err
		}
		if err := refuseKnown(ctx, tx, id, run, people); err != nil {
			return err
		}
		rows, err := u.newPeople(ctx, tx, id, run, people, arm, now)
		if err != nil {
			return err
		}
		if err := tx.Enrol(ctx, rows); err != nil {
			return err
		}
		enrolled = enrolled[:0]
		events := make([]AuditEvent, 0, len(rows))
		for _, r := range rows {
			enrolled = append(enrolled, r.Enrolment)
			e := u.env.event(a, id, now, ActionEnrolled, "enrolment", string(r.Enrolment.ID))
			events = append(events, e)
		}
		return tx.AppendAudit(ctx, events...)
	})
	if err != nil {
		return nil, fmt.Errorf("add people to run %s: %w", run, err)
	}
	return enrolled, nil
}

// refuseKnown gives FieldErrors by address for people the run has already. The
// run is locked.
func refuseKnown(ctx context.Context, tx Tx, id StudyID, run RunID, people []Person) error {
	contacts, err := tx.Contacts(ctx, id, run)
	if err != nil {
		return err
	}
	known := make(map[string]bool, len(contacts))
	for _, c := range contacts {
		known[c.Email] = true
	}
	faults := FieldErrors{}
	for _, p := range people {
		if p.Email != "" && known[p.Email] {
			faults[p.Email] = "people.already"
		}
	}
	return faults.OrNil()
}

func (u *Runs) newPeople(ctx context.Context, tx Tx, id StudyID, runID RunID, people []Person, arm ArmID, now time.Time) ([]NewPerson, error) {
	design, err := tx.Design(ctx, id)
	if err != nil {
		return nil, err
	}
	run, err := tx.Run(ctx, id, runID)
	if err != nil {
		return nil, err
	}
	if design.Study.State != StudyOpen {
		return nil, FieldErrors{"people": "study.not_open"}
	}
	arms, err := u.allocate(ctx, tx, design, runID, len(people), arm)
	if err != nil {
		return nil, err
	}
	codes, err := u.newCodes(ctx, tx, id, len(people))
	if err != nil {
		return nil, err
	}
	rows, zone := make([]NewPerson, len(people)), run.Zone()
	for i, p := range people {
		rows[i] = u.newPerson(design, run, zone, p, codes[i], arms[i], now)
		rows[i].Enrolment.Assigned = arm != ""
	}
	return rows, nil
}

func (u *Runs) newPerson(d StudyDesign, run CourseRun, zone *time.Location, p Person, code string, arm ArmID, now time.Time) NewPerson {
	pid, eid := ParticipantID(u.env.NewID()), EnrolmentID(u.env.NewID())
	n := NewPerson{
		Participant: Participant{ID: pid, StudyID: d.Study.ID, Code: code, CreatedAt: now},
		Enrolment: Enrolment{
			ID: eid, StudyID: d.Study.ID, ParticipantID: pid, Code: code,
			RunID: run.ID, ArmID: arm, EnrolledAt: now,
		},
	}
	if p != (Person{}) {
		n.Contact = &Contact{ParticipantID: pid, StudyID: d.Study.ID, Name: p.Name, Email: p.Email}
	}
	last := now
	for _, w := range d.Waves {
		if w.ArmID != "" && w.ArmID != arm {
			continue
		}
		if closes := w.Rule.Window(run.StartsOn, zone).Closes; closes.After(last) {
			last = closes
		}
		for i, set := range w.Sets {
			n.Assessments = append(n.Assessments, Assessment{
				ID: AssessmentID(u.env.NewID()), StudyID: d.Study.ID, EnrolmentID: eid,
				WaveID: w.ID, InstrumentID: set, Position: i + 1,
			})
		}
	}
	const generation = 1
	n.Link = PersonalLink{
		StudyID: d.Study.ID, EnrolmentID: eid, Generation: generation,
		TokenHash: u.env.Keys.HashToken(u.env.Keys.PersonalToken(d.Study.ID, eid, generation)),
		ExpiresAt: last.Add(linkSlack),
	}
	return n
}

// linkSlack keeps a personal link alive past the last wave, so that a person can
// still see what they took part in and a moved run needs no new links.
const linkSlack = 180 * 24 * time.Hour

// allocate gives each of n new people an arm, the fixed one or one by lot. In
// permuted blocks of twice the allocation ratio every block holds the arms in
// exactly that ratio, in random order; a block begun by earlier people is filled
// up first. People who were assigned by hand belong to no block. The run is
// locked.
func (u *Runs) allocate(ctx context.Context, tx Tx, d StudyDesign, run RunID, n int, fixed ArmID) ([]ArmID, error) {
	arms := make([]ArmID, 0, n)
	if fixed != "" {
		if _, ok := d.Arm(fixed); !ok {
			return nil, FieldErrors{"arm": "run.unknown_arm"}
		}
		for range n {
			arms = append(arms, fixed)
		}
		return arms, nil
	}
	roster, err := tx.Roster(ctx, d.Study.ID, run)
	if err != nil {
		return nil, err
	}
	erased, err := tx.Erasures(ctx, d.Study.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range erased { // they were allocated like everybody
		if e.RunID == run {
			roster = append(roster, Enrolment{ArmID: e.ArmID, Assigned: e.Assigned})
		}
	}
	block := restOfBlock(d.Arms, roster)
	for len(arms) < n {
		if err := shuffle(u.env.Random, block); err != nil {
			return nil, err
		}
		arms = append(arms, block...)
		block = restOfBlock(d.Arms, nil)
	}
	return arms[:n], nil
}

// restOfBlock is what the block begun by the people so far still holds, or a
// whole block when none is begun. It counts and asks for no order: the clocks of
// two machines need not agree on who came first.
func restOfBlock(arms []Arm, people []Enrolment) []ArmID {
	count := map[ArmID]int{}
	for _, e := range people {
		if !e.Assigned {
			count[e.ArmID]++
		}
	}
	blocks := 0 // begun
	for _, a := range arms {
		blocks = max(blocks, (count[a.ID]+2*a.Share-1)/(2*a.Share))
	}
	var rest []ArmID
	for _, a := range arms {
		for range 2*a.Share*blocks - count[a.ID] {
			rest = append(rest, a.ID)
		}
	}
	if len(rest) == 0 {
		for _, a := range arms {
			for range 2 * a.Share {
				rest = append(rest, a.ID)
			}
		}
	}
	return rest
}

// shuffle permutes by Fisher and Yates.
func shuffle[T any](r io.Reader, s []T) error {
	for i := len(s) - 1; i > 0; i-- {
		j, err := below(r, i+1)
		if err != nil {
			return err
		}
		s[i], s[j] = s[j], s[i]
	}
	return nil
}
