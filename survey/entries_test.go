package survey_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
)

// opened lets people enrol themselves and gives the key.
func (s *stage) opened(t *testing.T, set survey.EntrySettings) string {
	t.Helper()
	set.Allowed = true
	if set.AskEmail == "" {
		set.AskEmail = "optional"
	}
	noError(t, s.cases.Entries.Set(t.Context(), s.leader, s.study.ID, s.run.ID, set))
	return s.desk(t).Entry.Key
}

func (s *stage) desk(t *testing.T) survey.EntryDesk {
	t.Helper()
	d, err := s.cases.Entries.Desk(t.Context(), s.leader, s.study.ID, s.run.ID)
	noError(t, err)
	return d
}

func entry(name, email string) survey.NewEntry {
	return survey.NewEntry{Name: name, Email: email, Token: uuid.NewString(), Letters: true, Language: "de"}
}

func (s *stage) join(t *testing.T, key string, n survey.NewEntry) survey.Joined {
	t.Helper()
	j, err := s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, n)
	noError(t, err)
	return j
}

func (s *stage) roster(t *testing.T) []survey.Enrolment {
	t.Helper()
	r, err := s.store.Roster(t.Context(), s.study.ID, s.run.ID)
	noError(t, err)
	return r
}

func TestSomebodyEnrolsThemselves(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{})
		n := entry(" Ana  Ruiz ", "")
		j := s.join(t, key, n)
		a, err := s.cases.SignIns.Participant(t.Context(), j.Cookie)
		noError(t, err)
		e := a.Participation.Enrolment
		same(t, []any{e.RunID, e.Language, e.Assigned}, []any{s.run.ID, "de", false})
		contact, err := s.store.Contact(t.Context(), s.study.ID, e.ParticipantID)
		noError(t, err)
		same(t, contact.Name, "Ana Ruiz")
		// The link that they are shown is theirs, and for a day.
		l, err := s.cases.Entries.OwnLink(t.Context(), a)
		noError(t, err)
		_, p, err := s.cases.SignIns.ByPersonalLink(t.Context(), l.Token)
		noError(t, err)
		same(t, p.Enrolment.ID, e.ID)
		_, p, err = s.cases.SignIns.ByCode(t.Context(), from("192.0.2.1"), l.Code)
		noError(t, err)
		same(t, p.Enrolment.ID, e.ID)
		s.at(s.clock().Add(25 * time.Hour))
		_, err = s.cases.Entries.OwnLink(t.Context(), a)
		wantError(t, err, survey.ErrNotFound)
		// The button pressed twice gives the same person again.
		again := s.join(t, key, n)
		same(t, again.Participation.Enrolment.ID, e.ID)
		same(t, len(s.roster(t)), 1)
	})
}

func TestWhoGivesAnAddressIsAnsweredTheSameKnownOrNot(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{})
		_, err := s.cases.Runs.AddPeople(t.Context(), s.leader, s.study.ID, s.run.ID, []survey.Person{{Email: "known@example.org"}}, "")
		noError(t, err)
		known, fresh := s.join(t, key, entry("", "Known@example.org")), s.join(t, key, entry("", "new@example.org"))
		same(t, known, fresh)
		same(t, known, survey.Joined{Letter: true})
		same(t, len(s.roster(t)), 2)
		due, err := s.store.DueMessages(t.Context(), s.clock(), 10)
		noError(t, err)
		same(t, len(due), 2)
		same(t, s.join(t, key, entry("", "new@example.org")), survey.Joined{Letter: true})
		same(t, len(s.roster(t)), 2)
		if d := s.dump(t); strings.Contains(d, "@example.org") {
			t.Error("an address is in the audit trail")
		}
		// A run of the study that is full answers both alike, too.
		key = s.opened(t, survey.EntrySettings{Capacity: "2"})
		known, fresh = s.join(t, key, entry("", "known@example.org")), s.join(t, key, entry("", "third@example.org"))
		same(t, known, fresh)
		same(t, known, survey.Joined{Letter: true, Waiting: true})
		same(t, s.join(t, key, entry("", "third@example.org")), fresh)
		same(t, len(s.desk(t).Waiting), 1)
	})
}

func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{Capacity: "3"})
		var all sync.WaitGroup
		for i := range 12 {
			all.Go(func() {
				if _, err := s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry(fmt.Sprint("Person ", i), "")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		d := s.desk(t)
		same(t, []int{len(s.roster(t)), d.Taken, d.Free, len(d.Waiting)}, []int{3, 3, 0, 9})
	})
}

func TestWhoWaitsGetsAPlaceInTheirTurn(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{Capacity: "1"})
		in := s.join(t, key, entry("In", ""))
		first, second, third := entry("First", ""), entry("Second", "second@example.org"), entry("Third", "")
		same(t, s.join(t, key, first), survey.Joined{Waiting: true})
		same(t, s.join(t, key, first), survey.Joined{Waiting: true}) // pressed twice
		s.at(s.clock().Add(time.Minute))
		s.join(t, key, second)
		s.at(s.clock().Add(time.Minute))
		s.join(t, key, third)
		place, err := s.cases.Entries.Place(t.Context(), third.Token)
		noError(t, err)
		same(t, place.Number, 3)
		_, err = s.cases.Entries.Enter(t.Context(), first.Token)
		wantError(t, err, survey.ErrNotFound)

		// A place becomes free; nobody passes those who wait.
		a, err := s.cases.SignIns.Participant(t.Context(), in.Cookie)
		noError(t, err)
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), a))
		d := s.desk(t)
		same(t, []int{d.Free, len(d.Waiting)}, []int{1, 3})
		same(t, s.join(t, key, entry("Pushing in", "")).Waiting, true)

		noError(t, s.cases.Entries.Invite(t.Context(), s.leader, s.study.ID, s.run.ID, d.Waiting[0].ID))
		place, err = s.cases.Entries.Place(t.Context(), first.Token)
		noError(t, err)
		same(t, place.Number, 0)
		j, err := s.cases.Entries.Enter(t.Context(), first.Token)
		noError(t, err)
		contact, err := s.store.Contact(t.Context(), s.study.ID, j.Participation.Enrolment.ParticipantID)
		noError(t, err)
		same(t, contact.Name, "First")
		// With an address the link goes there.
		noError(t, s.cases.Entries.Invite(t.Context(), s.leader, s.study.ID, s.run.ID, d.Waiting[1].ID))
		due, err := s.store.DueMessages(t.Context(), s.clock(), 10)
		noError(t, err)
		same(t, len(due), 1)
		wantError(t, s.cases.Entries.Invite(t.Context(), s.leader, s.study.ID, s.run.ID, d.Waiting[1].ID), survey.ErrConflict)

		// One leaves by themselves, one is taken off, and what they gave goes.
		noError(t, s.cases.Entries.Leave(t.Context(), third.Token))
		noError(t, s.cases.Entries.Leave(t.Context(), third.Token))
		_, err = s.cases.Entries.Place(t.Context(), third.Token)
		wantError(t, err, survey.ErrNotFound)
		left := s.desk(t).Waiting
		same(t, len(left), 1)
		noError(t, s.cases.Entries.Remove(t.Context(), s.leader, s.study.ID, s.run.ID, left[0].ID))
		same(t, len(s.desk(t).Waiting), 0)
	})
}

func TestPeopleEnrolOnTheDaysThatAreSet(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{OpensOn: "2026-02-24", ClosesOn: "2026-02-25"})
		for _, c := range []struct {
			at   time.Time
			want survey.EntryState
		}{
			{day("2026-02-24").Add(-time.Minute), survey.EntryEarly}, {day("2026-02-24"), survey.EntryOpen},
			{day("2026-02-26").Add(-time.Minute), survey.EntryOpen}, {day("2026-02-26"), survey.EntryOver},
		} {
			s.at(c.at)
			p, err := s.cases.Entries.Page(t.Context(), key)
			noError(t, err)
			same(t, p.State, c.want)
			_, err = s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry("Ana", ""))
			if (err == nil) != (c.want == survey.EntryOpen) {
				t.Errorf("%s: %v", c.want, err)
			}
		}
		noError(t, s.cases.Entries.Set(t.Context(), s.leader, s.study.ID, s.run.ID, survey.EntrySettings{AskEmail: "no"}))
		_, err := s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry("Ana", ""))
		wantError(t, err, survey.ErrNotOpen)
		same(t, s.desk(t).Entry.Key, key) // the poster that hangs there works again some day
		_, err = s.cases.Entries.Page(t.Context(), "another")
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestWhatIsWrongWithSelfEnrolmentIsSaid(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for want, set := range map[string]survey.EntrySettings{
			"capacity entry.bad_capacity":  {Capacity: "0", AskEmail: "no"},
			"capacity entry.bad_capacity ": {Capacity: "many", AskEmail: "no"},
			"opens_on run.bad_date":        {OpensOn: "soon", AskEmail: "no"},
			"closes_on entry.ends_before":  {OpensOn: "2026-03-02", ClosesOn: "2026-03-01", AskEmail: "no"},
			"ask_email entry.bad_email":    {AskEmail: "maybe"},
		} {
			field, key, _ := strings.Cut(strings.TrimSpace(want), " ")
			wantFaults(t, s.cases.Entries.Set(t.Context(), s.leader, s.study.ID, s.run.ID, set), survey.FieldErrors{field: key})
		}
		key := s.opened(t, survey.EntrySettings{AskEmail: "required"})
		_, err := s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry("Ana", ""))
		wantFaults(t, err, survey.FieldErrors{"email": "join.fault_no_email"})
		_, err = s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry(strings.Repeat("x", 121), "ana@"))
		wantFaults(t, err, survey.FieldErrors{"email": "lost.fault_email", "name": "text.too_long"})
		bad := entry("Ana", "ana@example.org")
		bad.Token = "short"
		_, err = s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, bad)
		wantError(t, err, survey.ErrConflict)
		same(t, len(s.roster(t)), 0)
	})
}

func TestEnrollingOneselfIsLimitedByNetwork(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		key := s.opened(t, survey.EntrySettings{Capacity: "1"})
		for range 60 {
			s.join(t, key, entry("", ""))
		}
		_, err := s.cases.Entries.Join(t.Context(), from("192.0.2.1"), key, entry("", ""))
		wantError(t, err, survey.ErrTooMany)
		_, err = s.cases.Entries.Join(t.Context(), from("192.0.2.2"), key, entry("", ""))
		noError(t, err)
	})
}
