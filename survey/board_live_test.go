package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
)

func TestABoardsMarkChangesWithWhatTheBoardShows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		people := s.consented(t, "course", 2)
		second := newRun()
		second.Name = "Second"
		other, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, second)
		noError(t, err)
		var mark survey.BoardMark
		statements := 0
		look := func() string {
			counted, n := store.WithQueryCount(ctx)
			mark, err = s.cases.Runs.Mark(counted, s.leader, s.study.ID, s.run.ID, mark)
			noError(t, err)
			statements = n.N()
			return mark.Version()
		}
		before := look()
		same(t, statements, 2)
		for what, do := range map[string]func(){
			"people of another run": func() {
				_, err := s.cases.Runs.AddPeople(ctx, s.leader, s.study.ID, other.ID, make([]survey.Person, 1), "")
				noError(t, err)
			},
			"nothing": func() {},
		} {
			do()
			if look() != before {
				t.Errorf("%s changed the mark", what)
			}
		}
		same(t, look(), before)
		same(t, statements, 1) // nothing has happened: one look at the indexes
		for _, step := range []struct {
			what string
			do   func()
		}{
			{"a first answer", func() { s.begin(t, people[0]) }},
			{"a submission", func() { s.answer(t, people[1], "pre", 3) }},
			{"attendance", func() {
				noError(t, s.cases.Runs.NoteAttendance(ctx, s.leader, s.study.ID, s.run.ID, 1, nil))
			}},
			{"a pause", func() { noError(t, s.cases.Enrolments.Pause(ctx, people[0], true)) }},
			{"leaving", func() { noError(t, s.cases.Enrolments.Withdraw(ctx, people[1])) }},
			{"more people", func() {
				_, err := s.cases.Runs.AddPeople(ctx, s.leader, s.study.ID, s.run.ID, make([]survey.Person, 1), "")
				noError(t, err)
			}},
			{"another day", func() {
				noError(t, s.cases.Runs.Move(ctx, s.leader, s.study.ID, s.run.ID, "2026-03-09"))
			}},
		} {
			step.do()
			after := look()
			if after == before {
				t.Errorf("%s did not change the mark", step.what)
			}
			if fresh, err := s.cases.Runs.Mark(ctx, s.leader, s.study.ID, s.run.ID, survey.BoardMark{}); err != nil || fresh.Version() != after {
				t.Errorf("after %s another server has the version %q, want %q (%v)", step.what, fresh.Version(), after, err)
			}
			before = after
		}
		// A mark is counted from one instant for a while, and then from a later one.
		s.at(s.clock().Add(time.Hour))
		same(t, look(), before)
		same(t, statements, 2)
		same(t, look(), before)
		same(t, statements, 1)
		_, err = s.cases.Runs.Mark(ctx, s.leader, s.study.ID, "nothing", survey.BoardMark{})
		wantError(t, err, survey.ErrNotFound)
	})
}

// begin saves one answer.
func (s *stage) begin(t *testing.T, a survey.Actor) {
	t.Helper()
	items, err := s.cases.Assessments.Due(t.Context(), a)
	noError(t, err)
	_, err = s.cases.Assessments.Save(t.Context(), a, items[0].Assessment.ID, answers(items[0].Definition, 1, 3))
	noError(t, err)
}
