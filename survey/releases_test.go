package survey_test

import (
	"errors"
	"testing"

	"tidemark/survey"
	"tidemark/survey/disclosure"
	"tidemark/survey/instrument"
)

// two stands in for Student's t: what it multiplies does not matter here.
func two(int) float64 { return 2 }

// tell does what the server does from time to time.
func (s *stage) tell(t *testing.T) int {
	t.Helper()
	n, err := s.cases.Releases.Publish(t.Context(), survey.SystemActor("test"), two)
	noError(t, err)
	return n
}

// week is a point of the trend as it stands, without publishing; hidden when all are.
func (s *stage) week(t *testing.T, number int) survey.TrendPoint {
	t.Helper()
	trend, err := s.cases.Runs.Trend(t.Context(), s.leader, s.study.ID, s.run.ID)
	if errors.Is(err, survey.ErrTooFew) {
		return survey.TrendPoint{}
	}
	noError(t, err)
	return trend.Points[number-1]
}

func TestAFigureIsToldOnceAndStaysWhateverHappens(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 17)
		s.at(day("2026-03-04"))
		for i, a := range people[:12] {
			s.checkIn(t, a, float64(2+i%3))
		}
		s.at(day("2026-03-09"))
		if s.week(t, 1).Shown {
			t.Error("a figure is shown before it was decided on")
		}
		same(t, s.tell(t), 1)
		same(t, s.tell(t), 0)
		told := s.week(t, 1)
		same(t, []any{told.Shown, told.N}, []any{true, 10})
		stays := func(after string) {
			t.Helper()
			s.tell(t)
			same(t, s.week(t, 1), told)
			if t.Failed() {
				t.Fatalf("after %s", after)
			}
		}
		s.erase(t, s.again(t, people[0].Participation.Enrolment.ID))
		stays("somebody was erased")
		s.move(t, "2026-03-08") // the week is open again
		stays("the run was moved")
		for _, a := range people[12:16] {
			s.checkIn(t, s.again(t, a.Participation.Enrolment.ID), 4)
		}
		s.at(day("2026-03-16"))
		stays("four more have answered")
		members := 0
		noError(t, s.store.EachReleaseMember(t.Context(), s.study.ID, func(*survey.ReleaseMember) error { members++; return nil }))
		same(t, members, 11) // without the erased person
	})
}

func TestAFigureIsToldAgainWithFiveNewPeople(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 17)
		s.at(day("2026-03-04"))
		for i, a := range people[:12] {
			s.checkIn(t, a, float64(2+i%3))
		}
		s.at(day("2026-03-09"))
		s.tell(t)
		first := s.week(t, 1)
		s.move(t, "2026-03-08")
		for i, a := range people[12:] {
			s.checkIn(t, s.again(t, a.Participation.Enrolment.ID), float64(3+i%2))
		}
		s.tell(t)
		same(t, s.week(t, 1), first) // the week is open
		s.at(day("2026-03-16"))
		same(t, s.tell(t), 1)
		second := s.week(t, 1)
		same(t, []any{first.N, second.N}, []any{10, 15})
		releases, err := s.store.Releases(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		same(t, []int{len(releases), releases[0].Number, releases[1].Number}, []int{2, 1, 2})
	})
}

// answerScored answers a wave so that the score of its outcome is a value.
func (s *stage) answerScored(t *testing.T, a survey.Actor, wave string, value float64) {
	t.Helper()
	it := s.due(t, a, wave, selfCompassion)
	given := answers(it.Definition, len(it.Definition.Items), value)
	scale, _ := it.Definition.Primary()
	for _, item := range scale.Reversed {
		given[item] = instrument.NumberValue(6 - value)
	}
	noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, given))
	s.answer(t, a, wave, value) // the other questionnaires
}

func TestTheShortVersionTellsRoundedFiguresOfTheCourseGroup(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consented(t, "course", 13)
		for _, a := range people {
			s.answer(t, a, "pre", 2)
		}
		s.at(day("2026-04-21"))
		for i, a := range people { // the course itself is asked about in its last week
			s.answer(t, s.again(t, a.Participation.Enrolment.ID), "week_08", float64(i%3))
		}
		s.at(day("2026-04-28"))
		for i, a := range people {
			s.answerScored(t, s.again(t, a.Participation.Enrolment.ID), "post", float64(2+i%3))
		}
		brief := func() survey.Brief {
			b, err := s.cases.Runs.Brief(t.Context(), s.leader, s.study.ID, s.run.ID)
			noError(t, err)
			return b
		}
		s.tell(t)
		if b := brief(); b.Over || b.Change != nil || b.Unwanted != nil {
			t.Errorf("told before the survey has closed: %+v, %+v", b.Change, b.Unwanted)
		}
		s.at(day("2026-07-01"))
		s.tell(t)
		b := brief()
		if b.Change == nil || b.Unwanted == nil {
			t.Fatalf("nothing is told: %+v, %+v", b.Change, b.Unwanted)
		}
		same(t, []any{b.Change.N, b.Unwanted.N}, []any{15, 15})
		if wide := b.Change.High - b.Change.Low; wide <= 0 || b.Change.Mean < b.Change.Low || b.Change.Mean > b.Change.High {
			t.Errorf("got %+v", b.Change)
		}
		before := b
		s.erase(t, s.again(t, people[1].Participation.Enrolment.ID))
		s.tell(t)
		b = brief()
		same(t, []any{*b.Change, *b.Unwanted}, []any{*before.Change, *before.Unwanted})
	})
}

func TestNobodyButTheProgramPublishes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for _, a := range []survey.Actor{s.admin, s.leader, s.researcher} {
			_, err := s.cases.Releases.Publish(t.Context(), a, two)
			wantError(t, err, survey.ErrForbidden)
		}
	})
}

func TestFiguresAndOutcomesAreKnown(t *testing.T) {
	t.Parallel()
	for f, want := range map[survey.GroupFigure]bool{
		survey.FigureTrend: true, survey.FigureChange: true, survey.FigureUnwanted: true, survey.FigurePractice: true, "": false,
	} {
		same(t, f.Valid(), want)
	}
	same(t, survey.DefaultTrendMinimum, 10)
	same(t, survey.TrendFloor, disclosure.Floor)
}
