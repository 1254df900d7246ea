package survey_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"tidemark/survey"
)

// ownParts are what the codes of the tests are made of.
var ownParts = []string{"mother", "father", "birthplace", "day", "month", "older_siblings"}

// coded makes an open study whose people make codes, with a run, and the key of its
// poster.
type coded struct {
	*stage
	study              survey.Study
	researcher, leader survey.Actor
	run                survey.CourseRun
	key                string
}

func (s *stage) coded(t *testing.T, key string) coded {
	t.Helper()
	study, researcher, leader := s.draft(t, key)
	noError(t, s.cases.SelfCodes.Set(t.Context(), researcher, study.ID, ownParts))
	noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
	c := coded{stage: s, study: study, researcher: researcher, leader: leader}
	c.run, c.key = c.codedRun(t, "Run 1", survey.EntrySettings{})
	return c
}

func (c coded) codedRun(t *testing.T, name string, set survey.EntrySettings) (survey.CourseRun, string) {
	t.Helper()
	n := newRun()
	n.Name = name
	r, err := c.cases.Runs.Create(t.Context(), c.leader, c.study.ID, n)
	noError(t, err)
	set.Allowed, set.AskEmail = true, "no"
	noError(t, c.cases.Entries.Set(t.Context(), c.leader, c.study.ID, r.ID, set))
	d, err := c.cases.Entries.Desk(t.Context(), c.leader, c.study.ID, r.ID)
	noError(t, err)
	same(t, d.OwnCodes, true)
	return r, d.Entry.Key
}

// typed is a code as somebody types it, in the order of ownParts.
func typed(values ...string) map[string]string {
	m := map[string]string{}
	for i, v := range values {
		m[ownParts[i]] = v
	}
	return m
}

func (c coded) enter(t *testing.T, key string, begin bool, values ...string) survey.SelfCodeEntered {
	t.Helper()
	e, err := c.cases.SelfCodes.Enter(t.Context(), from("192.0.2.9"), key, survey.SelfCodeEntry{Typed: typed(values...), Begin: begin, Language: "es"})
	noError(t, err)
	return e
}

func TestPeopleComeBackByTheCodeThatTheyMade(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c := s.coded(t, "codes")
		// Nobody has it yet: it is asked about, and nobody is enrolled.
		same(t, c.enter(t, c.key, false, "Ana", "b", "Ulm", "7", "3", "1"), survey.SelfCodeEntered{Unknown: true})
		first := c.enter(t, c.key, true, "Ana", "b", "Ulm", "7", "3", "1")
		e := first.Participation.Enrolment
		same(t, []any{e.RunID, e.Language, first.Cookie != ""}, []any{c.run.ID, "es", true})
		// The same, typed otherwise, is the same person; in another run of the study, too.
		other, otherKey := c.codedRun(t, "Run 2", survey.EntrySettings{})
		for _, key := range []string{c.key, otherKey} {
			again := c.enter(t, key, false, "á", "Bo", "u", "07.", "03", "1")
			same(t, again.Participation.Enrolment.ID, e.ID)
			a, err := c.cases.SignIns.Participant(t.Context(), again.Cookie)
			noError(t, err)
			same(t, a.Participation.Enrolment.ID, e.ID)
		}
		// Beginning once more with it is coming back. What is near is somebody else.
		same(t, c.enter(t, otherKey, true, "a", "b", "u", "7", "3", "1").Participation.Enrolment.ID, e.ID)
		same(t, c.enter(t, c.key, false, "a", "b", "u", "8", "3", "1"), survey.SelfCodeEntered{Unknown: true})
		near := c.enter(t, otherKey, true, "a", "b", "u", "8", "3", "1")
		same(t, near.Participation.Enrolment.RunID, other.ID)
		if near.Participation.Enrolment.ID == e.ID {
			t.Error("a code that is only near has let somebody in")
		}
		// Nothing of what was typed is stored as it is.
		people, err := c.store.SelfCodePeople(t.Context(), c.study.ID)
		noError(t, err)
		same(t, len(people), 2)
		if stored := string(people[0].Sealed) + people[0].Hash; strings.Contains(stored, "A\x00B\x00U") || people[0].Hash == people[1].Hash {
			t.Errorf("a code is stored as %q", stored)
		}
	})
}

func TestWhatIsMissingOfACodeIsSaidAndTheWayIsClosedInTime(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c, ctx := s.coded(t, "codes"), t.Context()
		_, err := c.cases.SelfCodes.Enter(ctx, from("192.0.2.9"), c.key, survey.SelfCodeEntry{Typed: typed("7", "", "Ulm", "32", "3", "x"), Begin: true})
		wantFaults(t, err, survey.FieldErrors{
			"part_mother": "selfcode.fault_letter", "part_father": "selfcode.fault_letter",
			"part_day": "selfcode.fault_number", "part_older_siblings": "selfcode.fault_number",
		})
		// A study whose people get links knows no codes, and one with codes takes nobody else.
		_, err = s.cases.SelfCodes.Enter(ctx, from("192.0.2.9"), s.opened(t, survey.EntrySettings{}), survey.SelfCodeEntry{Typed: typed("a", "b", "c", "1", "1", "1")})
		wantError(t, err, survey.ErrNotFound)
		_, err = c.cases.Entries.Join(ctx, from("192.0.2.9"), c.key, entry("Ana", ""))
		wantError(t, err, survey.ErrNotOpen)
		// With no place left, who was here before comes in, and nobody else.
		_, key := c.codedRun(t, "Small", survey.EntrySettings{Capacity: "1"})
		e := c.enter(t, key, true, "a", "a", "a", "1", "1", "1")
		same(t, c.enter(t, key, true, "b", "a", "a", "1", "1", "1"), survey.SelfCodeEntered{NoPlace: true})
		same(t, c.enter(t, key, false, "a", "a", "a", "1", "1", "1").Participation.Enrolment.ID, e.Participation.Enrolment.ID)
		_, over := c.codedRun(t, "Over", survey.EntrySettings{ClosesOn: "2020-01-01"})
		_, err = c.cases.SelfCodes.Enter(ctx, from("192.0.2.9"), over, survey.SelfCodeEntry{Typed: typed("c", "a", "a", "1", "1", "1"), Begin: true})
		wantError(t, err, survey.ErrNotOpen)
		same(t, c.enter(t, over, false, "a", "a", "a", "1", "1", "1").Participation.Enrolment.ID, e.Participation.Enrolment.ID)
	})
}

func TestCodesThatFitNobodyAreCounted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c := s.coded(t, "codes")
		mine := []string{"a", "a", "a", "1", "1", "1"}
		c.enter(t, c.key, true, mine...)
		var refused error
		for i := 0; i < 100 && refused == nil; i++ {
			_, refused = c.cases.SelfCodes.Enter(t.Context(), from("192.0.2.9"), c.key, survey.SelfCodeEntry{
				Typed: typed("z", "z", fmt.Sprintf("%c", 'a'+i%26), fmt.Sprint(1+i/26), "1", "1"),
			})
			if i < 88 && refused != nil {
				t.Fatalf("refused after %d", i)
			}
			if i < 20 {
				c.enter(t, c.key, false, mine...) // does not count
			}
		}
		wantError(t, refused, survey.ErrTooMany)
		_, err := c.cases.SelfCodes.Enter(t.Context(), from("198.51.100.7"), c.key, survey.SelfCodeEntry{Typed: typed(mine...)})
		noError(t, err)
	})
}

func TestOneCodeMadeByManyPressesIsOnePerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c := s.coded(t, "codes")
		var wait sync.WaitGroup
		ids := make([]survey.EnrolmentID, 6)
		for i := range ids {
			wait.Go(func() {
				e, err := c.cases.SelfCodes.Enter(t.Context(), from("192.0.2.9"), c.key, survey.SelfCodeEntry{Typed: typed("a", "b", "c", "1", "2", "3"), Begin: true})
				if err != nil {
					t.Error(err)
				}
				ids[i] = e.Participation.Enrolment.ID
			})
		}
		wait.Wait()
		roster, err := c.store.Roster(t.Context(), c.study.ID, c.run.ID)
		noError(t, err)
		same(t, len(roster), 1)
		for _, id := range ids {
			same(t, id, roster[0].ID)
		}
	})
}

func TestWhatCodesAreMadeOfIsChosenBeforeAStudyOpens(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		study, researcher, _ := s.draft(t, "codes")
		ctx, set := t.Context(), s.cases.SelfCodes.Set
		wantFaults(t, set(ctx, researcher, study.ID, []string{"mother", "day"}), survey.FieldErrors{"parts": "selfcode.few_parts"})
		wantFaults(t, set(ctx, researcher, study.ID, []string{"shoe_size"}), survey.FieldErrors{"parts": "selfcode.unknown_part"})
		noError(t, set(ctx, researcher, study.ID, ownParts))
		book, err := s.cases.SelfCodes.Book(ctx, researcher, study.ID)
		noError(t, err)
		same(t, len(book.Recipe), len(ownParts))
		noError(t, set(ctx, researcher, study.ID, nil))
		book, err = s.cases.SelfCodes.Book(ctx, researcher, study.ID)
		noError(t, err)
		same(t, len(book.Recipe), 0)
		n, err := s.store.CountAudit(ctx, study.ID, survey.ActionSelfCodesSet)
		noError(t, err)
		same(t, n, 2)
		noError(t, s.cases.Studies.Open(ctx, s.admin, study.ID))
		wantError(t, set(ctx, researcher, study.ID, ownParts), survey.ErrConflict)
	})
}
