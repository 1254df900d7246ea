package survey

import (
	"context"
	"fmt"
	"net/mail"
	"regexp"
	"strings"
	"time"

	"tidemark/survey/allocation"
	"tidemark/survey/schedule"
)

// Person is someone to be enrolled; all fields may be empty.
type Person struct {
	Name     string
	Email    string
	Language string // to be spoken to in, as a code; empty: not known
	Phone    string // as PhoneOf gives it
	// Stratum is the level of what the study asks about people before they are
	// allocated, or several with levelSeparator between them; empty: as all of them
	// have.
	Stratum string
}

// MaxPeopleAtOnce bounds one addition of people to a run.
const MaxPeopleAtOnce = 5000

// ParsePeople reads one person a line, as "Ana Ruiz, ana@example.org",
// "Ana Ruiz <ana@example.org>", an address alone or a name alone; after an address a
// language may stand, as "ana@example.org, de"; at the end, with a comma before each, a
// telephone number, as "+34 600 123 123", and what the study asks before it allocates,
// as "[Harbour]" or "[Harbour | evenings]". Lines without anything are passed over. Faults are FieldErrors by "line 3".
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
	line, p, fault := cutMore(line)
	if fault != "" {
		return Person{}, fault
	}
	if !strings.Contains(line, "@") {
		p.Name = line
		return p, ""
	}
	line, language := cutLanguage(line)
	cut := strings.LastIndexAny(line, ",;\t<")
	name, address := "", line
	if cut >= 0 {
		name, address = line[:cut], strings.TrimRight(line[cut+1:], "> ")
	}
	parsed, err := mail.ParseAddress(strings.TrimSpace(address))
	if err != nil {
		return Person{}, "people.bad_email"
	}
	p.Name, p.Email, p.Language = strings.Trim(name, separators+"\""), strings.ToLower(parsed.Address), language
	return p, ""
}

// cutMore takes a telephone number and a stratum off the end of a line.
func cutMore(line string) (rest string, p Person, fault string) {
	for {
		cut := strings.LastIndexAny(line, ",;\t")
		if cut < 0 {
			return line, p, ""
		}
		last := strings.TrimSpace(line[cut+1:])
		switch {
		case p.Stratum == "" && len(last) > 2 && strings.HasPrefix(last, "[") && strings.HasSuffix(last, "]"):
			p.Stratum = strings.TrimSpace(last[1 : len(last)-1])
		case p.Phone == "" && strings.HasPrefix(last, "+") && !strings.Contains(last, "@"):
			var ok bool
			if p.Phone, ok = PhoneOf(last); !ok {
				return line, p, "people.bad_phone"
			}
		default:
			return line, p, ""
		}
		line = strings.TrimRight(line[:cut], separators)
	}
}

// lineLanguage is narrower than isLanguage: a name is no language.
var lineLanguage = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)

// cutLanguage takes the code of a language off the end of a line with an address.
func cutLanguage(line string) (rest, language string) {
	cut := strings.LastIndexAny(line, ",;\t")
	if cut < 0 || !strings.Contains(line[:cut], "@") {
		return line, ""
	}
	if last := strings.TrimSpace(line[cut+1:]); lineLanguage.MatchString(last) {
		return strings.TrimRight(line[:cut], separators), last
	}
	return line, ""
}

// Line is a person as ParsePeople reads them.
func (p Person) Line() string {
	// What stands between a name and an address cannot stand in a name.
	name := strings.Join(strings.Fields(strings.NewReplacer(";", " ", "<", " ", "@", " ").Replace(p.Name)), " ")
	line := name
	switch {
	case p.Email == "":
	case p.Language != "":
		line += ", " + p.Email + ", " + p.Language
	default:
		line += ", " + p.Email
	}
	if p.Phone != "" {
		line += ", " + p.Phone
	}
	if p.Stratum != "" {
		line += ", [" + p.Stratum + "]"
	}
	return strings.TrimLeft(line, separators)
}

// Enrolling is what is needed to bring people into a run.
type Enrolling struct {
	People []Person
	// Arm is where all of them go by hand, with the reason; empty: by lot.
	Arm    ArmID
	Reason string
	// Facts are what is asked about all of them before they are allocated, by
	// name of the factor; see [allocation.Scheme].
	Facts map[string]string
	Once  Once // the form it comes from; may be empty
}

// AddPeople is Enrol for people of whom nothing is asked. An arm by hand is without
// a reason, which only the program may leave out.
func (u *Runs) AddPeople(ctx context.Context, a Actor, id StudyID, run RunID, people []Person, arm ArmID) ([]Enrolment, error) {
	return u.Enrol(ctx, a, id, run, Enrolling{People: people, Arm: arm})
}

// AddPeopleOnce is AddPeople for a form.
func (u *Runs) AddPeopleOnce(ctx context.Context, a Actor, id StudyID, run RunID, people []Person, arm ArmID, once Once) ([]Enrolment, error) {
	return u.Enrol(ctx, a, id, run, Enrolling{People: people, Arm: arm, Once: once})
}

// Enrol brings people into a run: a code and a personal link for each, an arm as the
// study allocates, and every questionnaire of that arm. Every arm given is recorded
// in the same transaction. It returns the enrolments in order. An address that the
// run has already is a fault, so that a list entered twice adds nobody twice. A form
// sent a second time is ErrRepeated and changes nothing.
func (u *Runs) Enrol(ctx context.Context, a Actor, id StudyID, run RunID, n Enrolling) ([]Enrolment, error) {
	if !a.MayRun(id, run) {
		return nil, ErrNotFound
	}
	if len(n.People) == 0 {
		return nil, FieldErrors{"people": "people.none"}
	}
	if len(n.People) > MaxPeopleAtOnce {
		return nil, FieldErrors{"people": "people.too_many"}
	}
	if a.Kind == ActorSystem && n.Reason == "" {
		n.Reason = a.System
	}
	now := u.env.now()
	var enrolled []Enrolment
	err := u.env.Store.InTx(ctx, func(tx Tx) error {
		if err := tx.HoldStudy(ctx, id); err != nil { // one draw after the other
			return err
		}
		if err := tx.LockRun(ctx, id, run); err != nil {
			return err
		}
		e := u.env.event(a, id, now, ActionPeopleAdded, "run", string(run))
		e.Detail = fmt.Sprintf("%d people", len(n.People))
		if err := noteOnce(ctx, tx, n.Once, e); err != nil {
			return err
		}
		if err := refuseKnown(ctx, tx, id, run, n.People); err != nil {
			return err
		}
		var err error
		enrolled, err = u.enrol(ctx, tx, a, id, run, n, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("add people to run %s: %w", run, err)
	}
	return enrolled, nil
}

// enrol brings people into a run of an open study, in a transaction that holds the
// study.
func (u *Runs) enrol(ctx context.Context, tx Tx, a Actor, id StudyID, run RunID, n Enrolling, now time.Time) ([]Enrolment, error) {
	rows, draws, err := u.newPeople(ctx, tx, a, id, run, n, now)
	if err != nil {
		return nil, err
	}
	if err := tx.Enrol(ctx, rows); err != nil {
		return nil, err
	}
	if err := tx.CreateDraws(ctx, draws); err != nil {
		return nil, err
	}
	enrolled, events := make([]Enrolment, 0, len(rows)), make([]AuditEvent, 0, len(rows)+len(draws))
	told := make([]HookNotice, 0, len(rows))
	for _, r := range rows {
		enrolled = append(enrolled, r.Enrolment)
		events = append(events, u.env.event(a, id, now, ActionEnrolled, "enrolment", string(r.Enrolment.ID)))
		told = append(told, enrolledNotice(r.Enrolment))
	}
	if err := tx.Announce(ctx, told...); err != nil {
		return nil, err
	}
	for _, d := range draws {
		events = append(events, u.env.drawn(a, d))
	}
	return enrolled, tx.AppendAudit(ctx, events...)
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

func (u *Runs) newPeople(ctx context.Context, tx Tx, a Actor, id StudyID, runID RunID, n Enrolling, now time.Time) ([]NewPerson, []Draw, error) {
	design, err := tx.Design(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	run, err := tx.Run(ctx, id, runID)
	if err != nil {
		return nil, nil, err
	}
	if design.Study.State != StudyOpen {
		return nil, nil, FieldErrors{"people": "study.not_open"}
	}
	urn, err := u.env.urn(ctx, tx, a, design, now)
	if err != nil {
		return nil, nil, err
	}
	arms, draws, err := urn.draw(run, n, now)
	if err != nil {
		return nil, nil, err
	}
	codes, err := u.newCodes(ctx, tx, id, len(n.People))
	if err != nil {
		return nil, nil, err
	}
	rows, c := make([]NewPerson, len(n.People)), run.Calendar()
	for i, p := range n.People {
		rows[i] = u.newPerson(design, run, c, p, codes[i], arms[i], now)
		rows[i].Enrolment.Assigned = n.Arm != ""
		if len(draws) > i && draws[i].Unit == allocation.ByPerson {
			draws[i].EnrolmentID = rows[i].Enrolment.ID
		}
	}
	return rows, draws, nil
}

func (u *Runs) newPerson(d StudyDesign, run CourseRun, c schedule.Calendar, p Person, code string, arm ArmID, now time.Time) NewPerson {
	pid, eid := ParticipantID(u.env.NewID()), EnrolmentID(u.env.NewID())
	n := NewPerson{
		Participant: Participant{ID: pid, StudyID: d.Study.ID, Code: code, CreatedAt: now},
		Enrolment: Enrolment{
			ID: eid, StudyID: d.Study.ID, ParticipantID: pid, Code: code,
			RunID: run.ID, ArmID: arm, EnrolledAt: now, Language: p.Language,
		},
	}
	if p.Name != "" || p.Email != "" || p.Phone != "" {
		n.Contact = &Contact{ParticipantID: pid, StudyID: d.Study.ID, Name: p.Name, Email: p.Email, Phone: p.Phone}
	}
	theirs := d.wavesOf(arm)
	for _, w := range theirs {
		for i, set := range w.Sets {
			n.Assessments = append(n.Assessments, Assessment{
				ID: AssessmentID(u.env.NewID()), StudyID: d.Study.ID, EnrolmentID: eid,
				WaveID: w.ID, InstrumentID: set, Position: i + 1,
			})
		}
	}
	const generation = 1
	n.Link = u.env.newLink(d.Study.ID, eid, generation, linkEnd(c, theirs, now))
	return n
}

// wavesOf are the waves that people of an arm answer.
func (d StudyDesign) wavesOf(arm ArmID) []Wave {
	var theirs []Wave
	for _, w := range d.Waves {
		if w.ArmID == "" || w.ArmID == arm {
			theirs = append(theirs, w)
		}
	}
	return theirs
}

// linkEnd is how long the personal link of somebody enrolled at an instant works.
func linkEnd(c schedule.Calendar, theirs []Wave, enrolled time.Time) time.Time {
	last := c.Latest(ScheduleWaves(theirs), schedule.Person{EnrolledAt: enrolled})
	if last.Before(enrolled) {
		last = enrolled
	}
	return last.Add(linkSlack)
}

// linkSlack keeps a personal link alive past the last wave, so that a person can
// still see what they took part in and a moved run needs no new links.
const linkSlack = 180 * 24 * time.Hour
