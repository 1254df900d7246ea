package faults

import (
	"context"
	"crypto/rand"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// jumps are wrong clocks: a day behind, more than a year ahead, and an hour either way
// as where summer time is taken for a change of the clock.
func jumps() map[string]time.Duration {
	return map[string]time.Duration{
		"a day back": -24 * time.Hour, "400 days on": 400 * 24 * time.Hour,
		"an hour on": time.Hour, "an hour back": -time.Hour,
	}
}

// mailbox takes every letter.
type mailbox struct{ letters map[string]int }

// Letter writes nothing out.
func (m *mailbox) Letter(d survey.Dispatch) (survey.Letter, error) {
	return survey.Letter{To: d.Email, Subject: "x", Body: "x"}, nil
}

// Send counts by identifier, which is the same whenever the same message is sent.
func (m *mailbox) Send(_ context.Context, l survey.Letter) error {
	m.letters[l.ID]++
	return nil
}

func TestJumpsOfTheClockReviveRepeatAndReorderNothing(t *testing.T) {
	t.Parallel()
	for name, by := range jumps() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clockJumps(t, by)
		})
	}
}

// clockJumps lives through eight weeks, in which the clock is wrong for a moment again
// and again.
func clockJumps(t *testing.T, by time.Duration) {
	t.Helper()
	began := time.Now()
	n := often(t, 4, 50)
	dir := t.TempDir()
	s, err := stage.SetWriting(t.Context(), filepath.Join(dir, "tidemark.db"), dir)
	do(t, err)
	t.Cleanup(func() { do(t, s.Store.Close()) })
	invite(t, s, 0, 5)
	at := func(now time.Time) *survey.UseCases {
		return survey.NewUseCases(survey.Env{
			Store: s.Store, Keys: s.Keys, Now: func() time.Time { return now }, Random: rand.Reader,
			NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		})
	}
	box := &mailbox{letters: map[string]int{}}
	write := func(now time.Time) {
		for cases := at(now); ; {
			_, err := cases.Outbox.Plan(t.Context(), survey.SystemActor("test"), box)
			do(t, err)
			sent, err := cases.Outbox.Deliver(t.Context(), survey.SystemActor("test"), box, box)
			do(t, err)
			if sent.Sent == 0 {
				return
			}
		}
	}
	dead := newDeadLinks(t, s)
	order := newOrder(t, s)
	random := mathrand.New(mathrand.NewPCG(uint64(n), uint64(by)))
	begins := time.Now()
	step := 56 * 24 * time.Hour / time.Duration(2*n)
	for i := range 2 * n {
		now := begins.Add(time.Duration(i) * step)
		write(now)
		if i%2 == 1 {
			continue
		}
		wrong := now.Add(by + time.Duration(random.IntN(60))*time.Minute)
		write(wrong)
		dead.stay(t, at(wrong))
		order.answer(t, at, begins.Add(48*time.Hour), by)
		write(now.Add(time.Minute))
		dead.stay(t, at(now))
	}
	repeated := 0
	for id, times := range box.letters {
		if times > 1 {
			repeated++
			t.Errorf("letter %s was sent %d times", id, times)
		}
	}
	if len(box.letters) < 20 {
		t.Errorf("only %d letters were sent in eight weeks", len(box.letters))
	}
	lost := order.judge(t)
	r := trials.Result{
		Row: "clock", Test: t.Name(), Database: "SQLite", Trials: n, Acked: order.given, Lost: lost, Doubled: repeated, Passed: !t.Failed(), Seconds: time.Since(began).Seconds(),
		Figures: []trials.Figure{trials.Count("letters", len(box.letters)), trials.Count("tries of dead links", dead.tried)},
	}
	t.Log(r)
	do(t, trials.Keep(r))
}

// deadLinks are ways in that were used up or replaced.
type deadLinks struct {
	personal, staff []string
	cookies         []string
	tried           int
}

func newDeadLinks(t *testing.T, s *stage.Stage) *deadLinks {
	t.Helper()
	d := &deadLinks{}
	people, err := s.Add(t.Context(), 1)
	do(t, err)
	id := people[0].Enrolment.ID
	do(t, s.Store.InTx(t.Context(), func(tx survey.Tx) error {
		return tx.ReplaceLink(t.Context(), survey.PersonalLink{
			StudyID: s.Design.Study.ID, EnrolmentID: id, Generation: 2, ExpiresAt: time.Now().AddDate(5, 0, 0),
			TokenHash: s.Keys.HashToken(s.Keys.PersonalToken(s.Design.Study.ID, id, 2)),
		}, time.Now())
	}))
	d.personal = append(d.personal, people[0].Token)
	addAdministrator(t, s, "ana@example.org", "seven brown kettles sing")
	u, err := s.Cases.Users.ByEmail(t.Context(), stage.Actor(), "ana@example.org")
	do(t, err)
	used, err := s.Cases.Users.Invite(t.Context(), stage.Actor(), u.ID, false)
	do(t, err)
	cookie, _, err := s.Cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, used)
	do(t, err)
	a, err := s.Cases.SignIns.Staff(t.Context(), cookie)
	do(t, err)
	do(t, s.Cases.SignIns.SignOut(t.Context(), a, cookie))
	replaced, err := s.Cases.Users.Invite(t.Context(), stage.Actor(), u.ID, false)
	do(t, err)
	_, err = s.Cases.Users.Invite(t.Context(), stage.Actor(), u.ID, false)
	do(t, err)
	d.staff, d.cookies = append(d.staff, used, replaced), append(d.cookies, cookie)
	return d
}

// stay tries every one of them.
func (d *deadLinks) stay(t *testing.T, cases *survey.UseCases) {
	t.Helper()
	for _, token := range d.personal {
		if _, _, err := cases.SignIns.ByPersonalLink(t.Context(), token); err == nil {
			t.Error("a personal link that was replaced works again")
		}
	}
	for _, token := range d.staff {
		if _, _, err := cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, token); err == nil {
			t.Error("a link of staff that was used or replaced works again")
		}
	}
	for _, cookie := range d.cookies {
		if _, err := cases.SignIns.Staff(t.Context(), cookie); err == nil {
			t.Error("a sign-in that was ended holds again")
		}
	}
	d.tried += len(d.personal) + len(d.staff) + len(d.cookies)
}

// order is one question that is answered while the clock jumps: the last answer given
// counts, whatever the clock said.
type order struct {
	s      *stage.Stage
	person stage.Person
	due    survey.DueItem
	item   string
	values []float64
	past   []string
	last   float64
	given  int
}

func newOrder(t *testing.T, s *stage.Stage) *order {
	t.Helper()
	people, err := s.Add(t.Context(), 1)
	do(t, err)
	o := &order{s: s, person: people[0]}
	do(t, s.Cases.Enrolments.Consent(t.Context(), o.actor(t), 1))
	o.due = dueNow(t, s, o.person)[0]
	q := questionsOf(o.due)[0]
	o.item, o.values = q.Item, q.Values
	return o
}

func (o *order) actor(t *testing.T) survey.Actor {
	t.Helper()
	part, err := o.s.Store.Participation(t.Context(), o.person.Enrolment.StudyID, o.person.Enrolment.ID)
	do(t, err)
	return survey.ParticipantActor(part)
}

// answer gives one answer by the right clock and the next by a wrong one, as far as
// the questionnaire is open then.
func (o *order) answer(t *testing.T, at func(time.Time) *survey.UseCases, now time.Time, by time.Duration) {
	t.Helper()
	if by > 48*time.Hour {
		by = 48 * time.Hour // it closes
	}
	for _, when := range []time.Time{now, now.Add(by)} {
		value := o.values[o.given%len(o.values)]
		_, err := at(when).Assessments.Save(t.Context(), o.actor(t), o.due.Assessment.ID, instrument.Numbers{o.item: value}.Answers())
		do(t, err)
		if o.given > 0 && value != o.last {
			o.past = append(o.past, fmt.Sprint(o.last))
		}
		o.last = value
		o.given++
	}
}

// judge compares what stands and what was replaced, in order.
func (o *order) judge(t *testing.T) (lost int) {
	t.Helper()
	study := o.s.Design.Study.ID
	stands, err := o.s.Store.Responses(t.Context(), study, o.due.Assessment.ID)
	do(t, err)
	if len(stands) != 1 || stands[0].Value != o.last {
		t.Errorf("%+v stands, want %g alone", stands, o.last)
		lost++
	}
	var past []string
	do(t, o.s.Store.EachReplaced(t.Context(), study, func(r *survey.ResponseRow) error {
		past = append(past, fmt.Sprint(r.Value))
		return nil
	}))
	if fmt.Sprint(past) != fmt.Sprint(o.past) {
		t.Errorf("replaced were %v, want %v", past, o.past)
		lost++
	}
	if _, err := o.s.Cases.Audits.Seal(t.Context(), stage.Actor()); err != nil {
		t.Error(err)
	}
	wholeTrail(t, o.s)
	return lost
}

// wholeTrail checks the chain of every study.
func wholeTrail(t *testing.T, s *stage.Stage) (lines int) {
	t.Helper()
	reports, err := s.Cases.Audits.Check(t.Context(), stage.Actor())
	do(t, err)
	for _, r := range reports {
		lines += int(r.Lines)
		if !r.Whole() {
			t.Errorf("a chain of the audit trail is not whole: %+v", r.Faults)
		}
	}
	if lines == 0 {
		t.Error("the audit trail is empty")
	}
	return lines
}
