package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// reschedule gives a wave of the stage another rule, past the use cases, as if the
// study had been made so.
func (s *stage) reschedule(t *testing.T, key string, rule schedule.Rule) {
	t.Helper()
	for _, w := range s.design(t).Waves {
		if w.Key == key {
			w.Rule = rule
			noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error { return tx.ChangeWave(t.Context(), w) }))
			return
		}
	}
	t.Fatalf("no wave %s", key)
}

func (s *stage) states(t *testing.T, a survey.Actor) map[string]survey.AssessmentState {
	t.Helper()
	items, err := s.cases.Assessments.Due(t.Context(), s.again(t, a.Participation.Enrolment.ID))
	noError(t, err)
	states := map[string]survey.AssessmentState{}
	for _, it := range items {
		states[it.Wave.Key] = it.State
	}
	return states
}

// Somebody joins in the fourth week. What closed before is neither asked nor missed,
// on their own list, on the board and in the count of completeness alike.
func TestALateJoinerMissesNothingThatClosedBefore(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		early := s.consenting(t, 1)[0]
		s.reschedule(t, "pre", schedule.Rule{OpensDay: -14, ClosesDay: 2, LateDays: 7})
		s.at(day("2026-03-25").Add(18 * time.Hour))
		late := s.consenting(t, 1)[0]
		states := s.states(t, late)
		for _, key := range []string{"week_01", "week_02", "week_03"} {
			if _, asked := states[key]; asked {
				t.Errorf("%s is on the list of somebody who joined later", key)
			}
		}
		same(t, []survey.AssessmentState{states["pre"], states["week_04"], states["week_05"]},
			[]survey.AssessmentState{survey.AssessmentOpen, survey.AssessmentOpen, survey.AssessmentScheduled})
		same(t, s.window(t, late, "pre", "resilience"), [2]string{"2026-03-25 18:00:00", "2026-04-02 00:00:00"})
		same(t, s.states(t, early)["week_01"], survey.AssessmentExpired)

		b, err := s.cases.Runs.Board(t.Context(), s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		for i, w := range b.Waves {
			if w.Key == "week_02" {
				same(t, []survey.BoardCell{b.Rows[0].Cells[i], b.Rows[1].Cells[i]}, []survey.BoardCell{
					{Applies: true, State: survey.AssessmentExpired}, {State: survey.AssessmentNotAsked},
				})
				answered, asked := b.WaveCount(i)
				same(t, [2]int{answered, asked}, [2]int{0, 1})
			}
		}
		waves, err := s.cases.Studies.Completeness(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		for _, w := range waves {
			switch w.Wave.Key {
			case "week_01", "week_02", "week_03":
				same(t, []int{w.Asked, w.Missed, w.NotAsked}, []int{1, 1, 1})
			case "pre":
				same(t, []int{w.Asked, w.Missed, w.Open, w.NotAsked}, []int{2, 1, 1, 0})
			case "week_04":
				same(t, []int{w.Asked, w.Open, w.NotAsked}, []int{2, 2, 0})
			}
		}
		// Their survey before the course closes for them, and is missed then.
		s.at(day("2026-04-02"))
		same(t, s.states(t, late)["pre"], survey.AssessmentExpired)
	})
}

// Ten have answered and the week is over. When somebody joins late and answers, the
// mean would change by their score alone.
func TestALateAnswerGivesNoOnesScoreAway(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.reschedule(t, "week_01", schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 1, ClosesDay: 6, LateDays: 5})
		people := s.consenting(t, survey.DefaultTrendMinimum)
		s.at(day("2026-03-04"))
		for i, a := range people {
			s.checkIn(t, a, float64(2+i%2))
		}
		s.at(day("2026-03-12"))
		before := s.firstWeek(t)
		if !before.Shown {
			t.Fatal("a closed week that ten people have answered is not shown")
		}
		late := s.consenting(t, 1)[0]
		s.checkIn(t, late, 5)
		s.at(day("2026-04-12"))
		if after := s.firstWeek(t); after.Shown && (after.N != before.N || after.Mean != before.Mean || after.Low != before.Low) {
			t.Errorf("the mean of eleven is shown after that of ten: %+v, then %+v", before, after)
		}
	})
}

func TestAnswersAreTakenUntilTheGraceIsOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.reschedule(t, "week_01", schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 1, ClosesDay: 6, GraceDays: 1})
		a := s.consenting(t, 1)[0]
		s.at(day("2026-03-09").Add(10 * time.Hour)) // people were told the 8th
		it := s.due(t, a, "week_01", "weekly_check_in")
		same(t, []any{it.State, it.Window.Overdue(s.clock()), it.Window.LastDay().String()}, []any{survey.AssessmentOpen, true, "2026-03-08"})
		_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 2))
		noError(t, err)
		s.at(day("2026-03-10").Add(-time.Second))
		noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, len(it.Definition.Items), 2)))
		other := s.due(t, a, "week_01", "practice_recall")
		s.at(day("2026-03-10"))
		wantError(t, s.cases.Assessments.Submit(t.Context(), a, other.Assessment.ID, nil), survey.ErrExpired)
	})
}

// A week after somebody completes the survey before the course they are asked once
// more, whenever that was.
func TestAWaveFollowsWhatThePersonCompleted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.reschedule(t, "week_01", schedule.Rule{Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 7, ClosesDay: 9})
		people := s.consenting(t, 2)
		a := people[0]
		_, listed := s.states(t, a)["week_01"]
		same(t, listed, false)
		later := s.due(t, people[1], "pre", "resilience").Assessment.ID // anything of theirs
		for _, set := range []string{"self_compassion", "resilience", "motivation"} {
			it := s.due(t, a, "pre", set)
			noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, len(it.Definition.Items), 2)))
			s.at(s.clock().Add(time.Hour))
		}
		same(t, s.window(t, a, "week_01", "weekly_check_in"), [2]string{"2026-03-02 00:00:00", "2026-03-05 00:00:00"})
		id := s.due(t, a, "week_01", "weekly_check_in").Assessment.ID
		_, err := s.cases.Assessments.Save(t.Context(), a, id, nil)
		wantError(t, err, survey.ErrNotOpen)
		s.at(day("2026-03-02"))
		it := s.due(t, a, "week_01", "weekly_check_in")
		_, err = s.cases.Assessments.Save(t.Context(), a, id, answers(it.Definition, 1, 2))
		noError(t, err)
		// The other has not completed it: nothing is missing and nothing can be given.
		waves, err := s.cases.Studies.Completeness(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		for _, w := range waves {
			if w.Wave.Key == "week_01" {
				same(t, []int{w.Asked, w.Partly, w.NotAsked, w.Missed}, []int{1, 1, 1, 0})
			}
		}
		_, err = s.cases.Assessments.Save(t.Context(), people[1], later, nil)
		noError(t, err)
	})
}

// A measure of state is open for the last 24 hours before a meeting, also when
// clocks go forward between them.
func TestAStateMeasureClosesWithTheMeeting(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-03-22"))
		s.reschedule(t, "week_02", schedule.Rule{Anchor: schedule.AnchorMeeting, Meeting: 2, Timed: true, OpensMinute: -24 * 60, GraceMinutes: 10})
		a := s.consenting(t, 1)[0]
		same(t, s.window(t, a, "week_02", "weekly_check_in"), [2]string{"2026-03-28 17:30:00", "2026-03-29 18:30:00"})
		it := s.due(t, a, "week_02", "weekly_check_in")
		for at, want := range map[time.Time]survey.AssessmentState{
			it.Window.Opens.Add(-time.Second): survey.AssessmentScheduled, it.Window.Opens: survey.AssessmentOpen,
			it.Window.Closes.Add(9 * time.Minute): survey.AssessmentOpen, it.Window.Closes.Add(10 * time.Minute): survey.AssessmentExpired,
		} {
			s.at(at)
			same(t, s.due(t, a, "week_02", "weekly_check_in").State, want)
		}
	})
}

// A personal link outlives the last wave that a person may answer, by what follows
// what.
func TestALinkOutlivesTheLastWave(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.reschedule(t, "followup_3m", schedule.Rule{Anchor: schedule.AnchorWave, Wave: "post", Months: 12, ClosesDay: 27})
		a := s.enrol(t, "course", 1)[0]
		links, err := s.store.Links(t.Context(), s.study.ID, s.run.ID)
		noError(t, err)
		if got := links[a.Participation.Enrolment.ID].ExpiresAt; got.Before(day("2027-05-12").AddDate(0, 1, 0)) {
			t.Errorf("it ends at %v", got)
		}
	})
}
