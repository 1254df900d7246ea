package survey_test

import (
	"slices"
	"testing"
	"time"

	"tidemark/survey"
)

// board reads the board and the states of one person by wave.
func (s *stage) board(t *testing.T) survey.Board {
	t.Helper()
	b, err := s.cases.Runs.Board(t.Context(), s.leader, s.study.ID, s.run.ID)
	noError(t, err)
	return b
}

func cell(t *testing.T, b survey.Board, a survey.Actor, wave string) survey.BoardCell {
	t.Helper()
	for _, r := range b.Rows {
		for i, w := range b.Waves {
			if r.Enrolment.ID == a.Participation.Enrolment.ID && w.Key == wave {
				return r.Cells[i]
			}
		}
	}
	t.Fatalf("no cell of %s", wave)
	return survey.BoardCell{}
}

// answer submits everything of a wave that is asked.
func (s *stage) answer(t *testing.T, a survey.Actor, wave string, value float64) {
	t.Helper()
	items, err := s.cases.Assessments.Due(t.Context(), a)
	noError(t, err)
	for _, it := range items {
		if it.Wave.Key == wave && it.State != survey.AssessmentSubmitted {
			given := answers(it.Definition, len(it.Definition.Items), value)
			noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, given))
		}
	}
}

func TestTheBoardFollowsAPersonThroughAWave(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 3)
		answering, silent, leaving := people[0], people[1], people[2]
		state := func(a survey.Actor, wave string) survey.AssessmentState { return cell(t, s.board(t), a, wave).State }
		same(t, state(answering, "pre"), survey.AssessmentOpen)
		same(t, state(answering, "week_01"), survey.AssessmentScheduled)

		it := s.due(t, answering, "pre", selfCompassion)
		noError(t, s.cases.Assessments.Submit(t.Context(), answering, it.Assessment.ID, nil))
		same(t, state(answering, "pre"), survey.AssessmentPartly) // one of three
		s.answer(t, answering, "pre", 3)
		same(t, state(answering, "pre"), survey.AssessmentSubmitted)

		s.answer(t, leaving, "pre", 3)
		s.at(day("2026-03-11").Add(time.Hour)) // in the second week
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), leaving))
		same(t, state(leaving, "pre"), survey.AssessmentSubmitted)
		same(t, state(leaving, "week_02"), survey.AssessmentWithdrawn)
		same(t, state(silent, "pre"), survey.AssessmentExpired)
		same(t, state(silent, "week_02"), survey.AssessmentOpen)

		b := s.board(t)
		for _, c := range []struct {
			wave            string
			answered, asked int
		}{{"pre", 2, 3}, {"week_02", 0, 2}} {
			i := slices.IndexFunc(b.Waves, func(w survey.Wave) bool { return w.Key == c.wave })
			answered, asked := b.WaveCount(i)
			same(t, []int{answered, asked}, []int{c.answered, c.asked})
		}
		i := slices.IndexFunc(b.Rows, func(r survey.BoardRow) bool {
			return r.Enrolment.ID == leaving.Participation.Enrolment.ID
		})
		same(t, b.Rows[i].WithdrawnWeek, 2)
	})
}

func TestTheBoardKnowsTheArmsAndTheNames(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		taking, waiting := s.enrol(t, "course", 1)[0], s.enrol(t, "waitlist", 1)[0]
		b := s.board(t)
		same(t, []bool{cell(t, b, taking, "week_01").Applies, cell(t, b, waiting, "week_01").Applies, cell(t, b, waiting, "post").Applies},
			[]bool{true, false, true})
		same(t, []any{b.Rows[0].Name, b.Rows[0].ArmName, b.Rows[0].Control}, []any{"Person 0", "Course", false})
		same(t, []any{b.Rows[1].ArmName, b.Rows[1].Control}, []any{"Waiting list", true})
	})
}

func TestMeetingsAreCountedByTheCalendarOfTheRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		for _, c := range []struct {
			at               time.Time
			week, next, held int
		}{
			{day("2026-03-01"), 0, 1, 0},
			{day("2026-03-02").Add(-time.Millisecond), 0, 1, 0}, // still Sunday in Madrid
			{day("2026-03-02"), 1, 1, 1},
			{day("2026-03-03"), 1, 2, 1},
			{day("2026-03-30"), 5, 5, 5}, // the day after clocks went forward
			{day("2026-04-20"), 8, 8, 8},
			{day("2026-04-21"), 8, 0, 8},
			{day("2026-04-27"), 9, 0, 8},
		} {
			s.at(c.at)
			b := s.board(t)
			same(t, []int{b.Week, b.NextMeeting, b.MeetingsHeld}, []int{c.week, c.next, c.held})
		}
	})
}

func TestAttendanceIsNotedOfThoseWhoWereExpected(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 3)
		waiting := s.enrol(t, "waitlist", 1)[0]
		id := func(a survey.Actor) survey.EnrolmentID { return a.Participation.Enrolment.ID }
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[2]))
		note := func(meeting int, present ...survey.EnrolmentID) error {
			return s.cases.Runs.NoteAttendance(t.Context(), s.leader, s.study.ID, s.run.ID, meeting, present)
		}
		noError(t, note(1, id(people[0])))
		b := s.board(t)
		same(t, []int{b.Present, b.Places}, []int{1, 2})
		noError(t, note(1, id(people[0]), id(people[1]))) // put right
		noError(t, note(2, id(waiting)))                  // came though waiting
		b = s.board(t)
		same(t, []int{b.Present, b.Places}, []int{3, 5})
		noError(t, note(2)) // by mistake
		m, err := s.cases.Runs.Meeting(t.Context(), s.leader, s.study.ID, s.run.ID, 2)
		noError(t, err)
		var expected, present []bool
		for _, r := range m.Rows {
			expected, present = append(expected, r.Expected), append(present, r.Present)
		}
		same(t, expected, []bool{true, true, false, true})
		same(t, present, []bool{false, false, false, false})
		same(t, []any{m.Noted, m.Day.String()}, []any{true, "2026-03-09"})

		s.unchanged(t, func() {
			wantFaults(t, note(0), survey.FieldErrors{"meeting": "run.unknown_meeting"})
			wantFaults(t, note(9), survey.FieldErrors{"meeting": "run.unknown_meeting"})
			wantError(t, note(1, "nobody"), survey.ErrNotFound)
			_, err := s.cases.Runs.Meeting(t.Context(), s.leader, s.study.ID, s.run.ID, 9)
			wantError(t, err, survey.ErrNotFound)
		})
	})
}

func TestTheTrendIsHiddenUntilNobodyCanBeReadFromIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, survey.DefaultTrendMinimum)
		trend := func() (survey.Trend, error) {
			s.tell(t)
			return s.cases.Runs.Trend(t.Context(), s.leader, s.study.ID, s.run.ID)
		}
		s.at(day("2026-03-02"))
		for i, a := range people {
			s.answer(t, a, "week_01", float64(1+i%5))
		}
		_, err := trend()
		wantError(t, err, survey.ErrTooFew) // week 1 is still open
		s.at(day("2026-03-09").Add(-time.Millisecond))
		_, err = trend()
		wantError(t, err, survey.ErrTooFew)
		s.at(day("2026-03-09"))
		for i, a := range people[1:] {
			s.answer(t, a, "week_02", float64(2+i%2))
		}
		got, err := trend()
		noError(t, err)
		same(t, len(got.Points), 8)
		same(t, []any{got.Points[0].Shown, got.Points[0].N, got.Points[1].Shown}, []any{true, 10, false})
		same(t, []float64{got.Min, got.Max}, []float64{1, 5})
		// Two of five items are turned around, so that answering v throughout
		// gives (3v + 2(6 − v))/5; the mean over v = 1…5 twice is 3.
		half := got.Points[0].High - got.Points[0].Mean
		if p := got.Points[0]; p.Mean < 3-1e-9 || p.Mean > 3+1e-9 || half <= 0 || p.Mean-p.Low-half > 1e-9 {
			t.Errorf("got %+v, want a mean of 3 in the middle of its interval", p)
		}
		s.at(day("2026-03-16")) // nine answers
		got, err = trend()
		noError(t, err)
		same(t, got.Points[1], survey.TrendPoint{Wave: got.Points[1].Wave})
	})
}

func TestAStudyMayShowTheTrendOfFiveAndNeverOfFewer(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		create := func(minimum int) (survey.Study, error) {
			return s.cases.Studies.Create(t.Context(), s.admin, survey.NewStudy{
				Protocol: "learning_from_setbacks_8", Key: "small", TrendMinimum: minimum, TimeZone: zoneName,
				Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
			})
		}
		for _, n := range []int{survey.TrendFloor - 1, 1, -1} {
			_, err := create(n)
			wantFaults(t, err, survey.FieldErrors{"trend_minimum": "study.trend_too_small"})
		}
		study, err := create(survey.TrendFloor)
		noError(t, err)
		s.declare(t, study)
		noError(t, s.cases.Studies.Open(t.Context(), s.admin, study.ID))
		study.ConsentVersion = 1
		s.study = study
		s.leader = s.user(t, survey.Grant{Role: survey.RoleFacilitator, StudyID: study.ID})
		s.run, err = s.cases.Runs.Create(t.Context(), s.leader, study.ID, newRun())
		noError(t, err)
		people := s.consenting(t, survey.TrendFloor)
		s.at(day("2026-03-02"))
		for i, a := range people {
			s.answer(t, a, "week_01", float64(1+i%5))
		}
		s.at(day("2026-03-09"))
		for i, a := range people[1:] {
			s.answer(t, a, "week_02", float64(2+i%2))
		}
		s.at(day("2026-03-16"))
		s.tell(t)
		got, err := s.cases.Runs.Trend(t.Context(), s.leader, study.ID, s.run.ID)
		noError(t, err)
		same(t, []any{got.Minimum, got.Points[0].N, got.Points[1].Shown}, []any{5, 5, false})
	})
}
