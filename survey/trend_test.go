package survey_test

import (
	"errors"
	"testing"
	"time"

	"tidemark/survey"
)

// checkIn sends a person's first weekly check-in with one answer throughout.
func (s *stage) checkIn(t *testing.T, a survey.Actor, value float64) {
	t.Helper()
	it := s.due(t, a, "week_01", "weekly_check_in")
	noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID,
		answers(it.Definition, len(it.Definition.Items), value)))
	s.at(s.clock().Add(time.Second))
}

// firstWeek is the first point of the facilitator's trend, hidden when all is.
func (s *stage) firstWeek(t *testing.T) survey.TrendPoint {
	t.Helper()
	s.tell(t)
	trend, err := s.cases.Runs.Trend(t.Context(), s.leader, s.study.ID, s.run.ID)
	if errors.Is(err, survey.ErrTooFew) {
		return survey.TrendPoint{}
	}
	noError(t, err)
	return trend.Points[0]
}

func (s *stage) move(t *testing.T, startsOn string) {
	t.Helper()
	noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, startsOn))
	s.at(s.clock().Add(time.Second))
}

// Ten have answered. A facilitator who could close the week, look, open it again
// for one more person, and look once more would know that person's score.
func TestMovingARunGivesNoOnesScoreAway(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, survey.DefaultTrendMinimum+1)
		s.at(day("2026-03-04").Add(12 * time.Hour))
		last := len(people) - 1
		for i, a := range people[:last] {
			s.checkIn(t, a, float64(2+i%2))
		}
		s.move(t, "2026-02-16")
		before := s.firstWeek(t)
		if !before.Shown {
			t.Fatal("a closed week that ten people have answered is not shown")
		}
		s.move(t, startsOn)
		s.checkIn(t, s.again(t, people[last].Participation.Enrolment.ID), 5)
		s.move(t, "2026-02-16")
		same(t, s.firstWeek(t), before)
		// Nor does time tell more.
		s.at(s.clock().AddDate(0, 2, 0))
		same(t, s.firstWeek(t), before)
	})
}

func TestAWholeWeekIsShownAfterTheRunWasMoved(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, survey.DefaultTrendMinimum)
		s.move(t, "2026-03-09")
		s.at(day("2026-03-10"))
		for i, a := range people {
			s.checkIn(t, s.again(t, a.Participation.Enrolment.ID), float64(2+i%2))
		}
		s.at(day("2026-03-17"))
		s.move(t, "2026-03-08")
		if p := s.firstWeek(t); !p.Shown || p.N != len(people) {
			t.Errorf("got %+v, want the mean of %d people", p, len(people))
		}
	})
}

func TestAGroupOfOneMindIsNotShown(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, survey.DefaultTrendMinimum)
		s.at(day("2026-03-04"))
		for _, a := range people {
			s.checkIn(t, a, 1)
		}
		s.at(day("2026-04-01"))
		if p := s.firstWeek(t); p.Shown {
			t.Errorf("everyone answered the same, and it is shown: %+v", p)
		}
	})
}
