package survey_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/allocation"
	"tidemark/survey/reminding"
	"tidemark/survey/storetest"
)

// plainLetters write what a letter tells, on one line.
type plainLetters struct{}

func (plainLetters) Letter(d survey.Dispatch) (survey.Letter, error) {
	w := d.Wave
	return survey.Letter{
		Subject: w.Wave, Language: d.Language,
		Body: fmt.Sprint(d.Name, " ", w.Course, " ", w.Until, " ", w.Minutes, " ", d.Link, " ", w.Text != nil),
	}, nil
}

func (s *stage) rehearse(t *testing.T, seed uint64) *survey.RunRehearsal {
	t.Helper()
	x, err := s.cases.Runs.Rehearse(t.Context(), s.leader, s.study.ID, s.run.ID, seed, plainLetters{})
	noError(t, err)
	return x
}

// A rehearsal keeps the study's rules for everybody, and leaves nothing behind.
func TestARehearsalOfARunKeepsItsRules(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite) // it has no statements of its own
	s.writing(t, func(r *reminding.Rules) { r.Meeting, r.Thanks, r.Cap = true, true, 2 })
	noError(t, s.cases.Messages.Write(t.Context(), s.researcher, s.study.ID, reminding.Thanks, "de", reminding.Text{Subject: "Danke", Body: "Danke, {name}."}, 0))
	before := s.everything(t)
	x := s.rehearse(t, 1)
	same(t, s.everything(t), before)
	same(t, []int{len(x.People), len(x.Waves)}, []int{survey.RehearsalPeople, 12})

	parts, reminders, sent := map[survey.RehearsedPart]int{}, map[string]int{}, map[int]int{}
	for _, q := range x.People {
		parts[q.Part]++
	}
	same(t, len(parts), 11)
	last := x.Begins
	for _, m := range x.Messages {
		q := x.People[m.Person-1]
		if m.At.Before(last) || x.Rules.Quiet.Holds(m.At, q.Zone) {
			t.Errorf("message %+v is out of order or in quiet hours", m)
		}
		last = m.At
		sent[m.Person]++
		if m.Slot.Kind == reminding.Reminder {
			reminders[fmt.Sprint(m.Person, " ", m.Wave)]++
		}
		w := x.Waves[m.Wave]
		if m.Slot.Kind != reminding.Thanks && (m.At.Before(w.Opens) || !m.At.Before(w.Closes)) {
			t.Errorf("%v goes outside of %s", m.Slot, w.Wave.Name)
		}
		if own := strings.HasSuffix(m.Letter.Body, "true"); own != (m.Slot.Kind == reminding.Thanks && q.Language == "de") {
			t.Errorf("the words of %v in %s are the study's: %v", m.Slot, q.Language, own)
		}
	}
	for who, n := range reminders {
		if n > 2 {
			t.Errorf("person and wave %s get %d reminders", who, n)
		}
	}
	same(t, []bool{parts[survey.RehearsedEarly] == 8, len(reminders) > 50}, []bool{true, true})
	reasons := map[reminding.Reason]bool{}
	for _, w := range x.Waves {
		for _, h := range w.Held {
			reasons[h.Reason] = true
		}
		if w.Answered > w.Asked || w.MostReminders > 2 {
			t.Errorf("%s: %d of %d answered, at most %d reminders", w.Wave.Name, w.Answered, w.Asked, w.MostReminders)
		}
	}
	for _, r := range []reminding.Reason{
		reminding.Done, reminding.CapReached, reminding.Left, reminding.Declined, reminding.Paused, reminding.Bounced, reminding.NoAddress, reminding.GivenUp,
	} {
		if !reasons[r] {
			t.Errorf("nothing was held back because of %q: %v", r, reasons)
		}
	}
	for _, q := range x.People {
		switch q.Part {
		case survey.RehearsedNoAddress, survey.RehearsedBounced:
			same(t, []bool{sent[q.Number] <= 1, q.Messages == sent[q.Number]}, []bool{true, true})
		case survey.RehearsedSilent, survey.RehearsedDeclined:
			same(t, q.Answered, 0)
		default:
		}
	}
}

// everything is what a rehearsal could have left behind.
func (s *stage) everything(t *testing.T) []any {
	t.Helper()
	ctx := t.Context()
	people, err := s.store.Enrolments(ctx, s.study.ID)
	noError(t, err)
	messages, err := s.store.WaveMessages(ctx, survey.MessageScope{Studies: []survey.StudyID{s.study.ID}})
	noError(t, err)
	audit, err := s.store.AuditEvents(ctx, s.study.ID, 1000)
	noError(t, err)
	return []any{len(people), len(messages), len(audit)}
}

// What is played does not depend on anything but the run, the dice and the day.
func TestTheSameDiceGiveTheSameRehearsal(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite) // it has no statements of its own
	s.writing(t, nil)
	first, again, other := s.rehearse(t, 7), s.rehearse(t, 7), s.rehearse(t, 8)
	same(t, again.Messages, first.Messages)
	same(t, again.Waves, first.Waves)
	if slices.EqualFunc(first.Messages, other.Messages, func(a, b survey.RehearsedMessage) bool { return a == b }) {
		t.Error("other dice give the same picture")
	}
}

// What a rehearsal shows is what the outbox sends: somebody real who was enrolled
// when a simulated person was, and answers when they do or never, gets the same
// messages at the same times.
func TestARehearsalSendsWhatTheOutboxSends(t *testing.T) {
	t.Parallel()
	for _, part := range []survey.RehearsedPart{survey.RehearsedSilent, survey.RehearsedLate} {
		t.Run(string(part), func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, s *stage) { s.liveAs(t, part) })
		})
	}
}

// liveAs lets somebody real do what a simulated person of the course arm does.
func (s *stage) liveAs(t *testing.T, part survey.RehearsedPart) {
	t.Helper()
	s.writing(t, func(r *reminding.Rules) { r.Meeting, r.Thanks, r.Cap = true, true, 2 })
	x := s.rehearse(t, 3)
	course := x.Arms[slices.IndexFunc(x.Arms, func(a survey.Arm) bool { return !a.Control })]
	i := slices.IndexFunc(x.People, func(q survey.RehearsedPerson) bool {
		return q.Part == part && q.Zone == s.run.Zone() && (q.ArmID == course.ID || part == survey.RehearsedSilent)
	})
	q := x.People[i]
	arm := x.Arms[slices.IndexFunc(x.Arms, func(a survey.Arm) bool { return a.ID == q.ArmID })].Key
	s.at(q.Joined)
	enrolled, err := s.byHand(t, arm, survey.Person{Name: "Ana", Email: "ana@example.org", Language: q.Language})
	noError(t, err)
	box, answered := &waveBox{}, 0
	var want, got []string
	for _, m := range x.Messages {
		if m.Person != q.Number || len(want) >= 14 {
			continue
		}
		when := m.At.In(s.run.Zone()).Format("01-02 15:04")
		want = append(want, fmt.Sprintf("%s %s %d %s", when, m.Slot.Kind, m.Slot.Number, m.Letter.Subject))
		s.at(m.At.Add(-time.Minute))
		if early := s.round(t, box); len(early) > 0 && m.At.After(q.Joined) {
			t.Errorf("a minute before %s: %v", when, early)
		}
		s.at(m.At)
		if m.Slot.Kind == reminding.Thanks { // it follows the answers at once: nobody answers at night
			s.submitAll(t, enrolled[0].ID, x.Waves[m.Wave].Wave.Key)
			answered++
		}
		for _, l := range s.round(t, box) {
			got = append(got, when+l[len("ana@example.org:"):])
		}
	}
	same(t, got, want)
	same(t, answered > 2, part == survey.RehearsedLate)
}

// The longest course there is, at fourteen occasions.
func TestTenWeeksAndFourteenWavesAreRehearsed(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite)
	ctx := t.Context()
	study, err := s.cases.Studies.Create(ctx, s.admin, survey.NewStudy{Protocol: "learning_from_setbacks_10", Key: "ten", TimeZone: zoneName})
	noError(t, err)
	leader := s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
	n := newRun()
	n.CourseKey = "learning_from_setbacks_10"
	run, err := s.cases.Runs.Create(ctx, leader, study.ID, n)
	noError(t, err)
	began := time.Now()
	x, err := s.cases.Runs.Rehearse(ctx, leader, study.ID, run.ID, 1, plainLetters{})
	noError(t, err)
	t.Logf("%d people, %d waves, %d messages in %s", len(x.People), len(x.Waves), len(x.Messages), time.Since(began))
	same(t, []any{len(x.Waves), x.MessagesOn, len(x.Messages) > 300}, []any{14, false, true})
}

// Where whole runs are allotted, everybody of a run is in one group, which nobody knows
// before the first people are added.
func TestARehearsalHasOneGroupWhereWholeRunsAreAllotted(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite)
	ctx := t.Context()
	study, researcher, leader := s.draft(t, "clusters")
	noError(t, s.cases.Allocations.Set(ctx, researcher, study.ID, survey.NewAllocation{
		Method: allocation.Simple, Unit: allocation.ByRun, Shares: s.shares(t, study.ID, 1, 1),
	}))
	s.take(t, study)
	arms := func() map[survey.ArmID]bool {
		t.Helper()
		seen := map[survey.ArmID]bool{}
		for seed := range uint64(12) {
			x := s.rehearse(t, seed)
			for _, q := range x.People {
				same(t, q.ArmID, x.People[0].ArmID)
			}
			seen[x.People[0].ArmID] = true
		}
		return seen
	}
	same(t, len(arms()), 2)
	noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
	enrolled, err := s.cases.Runs.Enrol(ctx, leader, study.ID, s.run.ID, survey.Enrolling{People: make([]survey.Person, 2)})
	noError(t, err)
	same(t, arms(), map[survey.ArmID]bool{enrolled[0].ArmID: true})
}
