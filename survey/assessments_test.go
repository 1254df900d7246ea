package survey_test

import (
	"errors"
	"maps"
	"math"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp/cmpopts"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

const selfCompassion = "self_compassion"

func TestAnswersAreKeptAndShownAgain(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		same(t, it.State, survey.AssessmentOpen)
		first := answers(it.Definition, 3, 4)
		sheet, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, first)
		noError(t, err)
		same(t, sheet.Definition.Key, selfCompassion)
		second := instrument.Numbers{it.Definition.Items[2].Code: 1, it.Definition.Items[5].Code: 2}.Answers()
		_, err = s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, second)
		noError(t, err)

		sheet, err = s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
		noError(t, err)
		want := instrument.Answers{}
		maps.Copy(want, first)
		maps.Copy(want, second)
		same(t, sheet.Answers, want)
		same(t, sheet.State, survey.AssessmentPartly)
		it = s.due(t, a, "pre", selfCompassion)
		same(t, []any{it.Answered, it.State}, []any{4, survey.AssessmentPartly})
	})
}

func TestAnAnswerCanBeTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		first, second := it.Definition.Items[0].Code, it.Definition.Items[1].Code
		_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 2, 4))
		noError(t, err)
		_, err = s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, instrument.Answers{first: {}})
		noError(t, err)
		sheet, err := s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
		noError(t, err)
		same(t, sheet.Answers, instrument.Answers{second: instrument.NumberValue(4)})
		noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, instrument.Answers{second: {}}))
		stored, err := s.store.Responses(t.Context(), s.study.ID, it.Assessment.ID)
		noError(t, err)
		for _, r := range stored {
			same(t, r.Missing, survey.MissingSkipped)
		}
		same(t, len(stored), 12)
	})
}

func TestSavingNothingWritesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		sheet, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, nil)
		noError(t, err)
		same(t, sheet.Assessment, it.Assessment)
		same(t, s.due(t, a, "pre", selfCompassion).State, survey.AssessmentOpen)
	})
}

func TestASecondSubmissionChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 12, 4)))
		s.at(s.clock().Add(time.Hour))
		s.unchanged(t, func() {
			wantError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 12, 1)), survey.ErrSubmitted)
			_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 1))
			wantError(t, err, survey.ErrSubmitted)
		})
		sheet, err := s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
		noError(t, err)
		same(t, sheet.State, survey.AssessmentSubmitted)
		if len(sheet.Answers) != 0 {
			t.Error("a submitted sheet shows its answers")
		}
	})
}

func TestOfManySubmissionsAtOnceOneCountsWithItsScores(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		results := make([]error, 5)
		var wait sync.WaitGroup
		for i := range results {
			wait.Go(func() {
				results[i] = s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 12, float64(i+1)))
			})
		}
		wait.Wait()
		winner := -1
		for i, err := range results {
			switch {
			case err == nil && winner < 0:
				winner = i
			case err == nil:
				t.Errorf("submissions %d and %d both counted", winner, i)
			default:
				wantError(t, err, survey.ErrSubmitted)
			}
		}
		if winner < 0 {
			t.Fatal("no submission counted")
		}
		stored, err := s.store.Responses(t.Context(), s.study.ID, it.Assessment.ID)
		noError(t, err)
		same(t, len(stored), 12)
		for _, r := range stored {
			same(t, r.Value, float64(winner+1))
		}
		events, err := s.store.AuditEvents(t.Context(), s.study.ID, 1000)
		noError(t, err)
		submitted := 0
		for _, e := range events {
			if e.Action == survey.ActionSubmitted {
				submitted++
			}
		}
		same(t, submitted, 1)
	})
}

func TestASubmissionIsScoredWithSkippedItemsAsMissing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		def := it.Definition
		saved := answers(def, 7, 4)
		_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, saved)
		noError(t, err)
		late := instrument.Numbers{def.Items[0].Code: 2, def.Items[9].Code: 5}.Answers()
		noError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, late))

		all := instrument.Answers{}
		maps.Copy(all, saved)
		maps.Copy(all, late)
		var want []survey.Response
		for _, item := range def.Items {
			r := survey.Response{Item: item.Code, Missing: survey.MissingSkipped}
			if v, ok := all[item.Code]; ok {
				number, text := v.Stored()
				r = survey.Response{Item: item.Code, Value: number, Text: text}
			}
			want = append(want, r)
		}
		got, err := s.store.Responses(t.Context(), s.study.ID, it.Assessment.ID)
		noError(t, err)
		same(t, got, want, cmpopts.IgnoreFields(survey.Response{}, "AnsweredAt"),
			cmpopts.SortSlices(func(a, b survey.Response) bool { return a.Item < b.Item }))

		scores := map[string]survey.ScoreRow{}
		noError(t, s.store.EachScore(t.Context(), s.study.ID, nil, func(r *survey.ScoreRow) error { scores[r.Scale] = *r; return nil }))
		wanted := def.Score(all.Numbers())
		same(t, len(scores), len(wanted))
		missing := 0
		for _, w := range wanted {
			same(t, scores[w.Scale], survey.ScoreRow{
				EnrolmentID: a.Participation.Enrolment.ID, WaveID: it.Wave.ID, InstrumentID: it.Instrument,
				Scale: w.Scale, Value: w.Value, Valid: w.Valid, Answered: w.Answered, Items: w.Items, Rule: w.Rule,
			})
			if !w.Valid {
				missing++
			}
		}
		if missing == 0 {
			t.Error("no scale lacked answers: the test shows nothing")
		}
		version, err := s.store.InstrumentVersion(t.Context(), scores["sc_total"].InstrumentID)
		noError(t, err)
		if version.Definition.Version != "1.1.0" || scores["sc_total"].Rule == "" {
			t.Errorf("the score names version %q and rule %q", version.Definition.Version, scores["sc_total"].Rule)
		}
	})
}

func TestAnswersThatAreNotOfferedAreRefusedWithTheOthers(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		code := it.Definition.Items[1].Code
		for name, v := range map[string]float64{
			"too high": 6, "too low": 0, "between": 2.5, "not a number": math.NaN(), "infinite": math.Inf(1),
		} {
			t.Run(name, func(t *testing.T) {
				given := answers(it.Definition, 3, 4)
				given[code] = instrument.NumberValue(v)
				s.unchanged(t, func() {
					_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, given)
					wantFaults(t, err, survey.FieldErrors{code: instrument.MessageNotAnOption})
					err = s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, given)
					wantFaults(t, err, survey.FieldErrors{code: instrument.MessageNotAnOption})
				})
			})
		}
		s.unchanged(t, func() {
			_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, instrument.Numbers{"wk_01": 3, code: 3}.Answers())
			wantFaults(t, err, survey.FieldErrors{"wk_01": instrument.MessageUnknownItem})
		})
		same(t, s.due(t, a, "pre", selfCompassion).State, survey.AssessmentOpen)
	})
}

// tries is every way to reach an assessment.
func (s *stage) tries(t *testing.T, a survey.Actor, it survey.DueItem) map[string]error {
	t.Helper()
	_, sheet := s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
	_, save := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 3))
	submit := s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 3))
	return map[string]error{"sheet": sheet, "save": save, "submit": submit}
}

func TestAnAssessmentIsNobodyElses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		people := s.consenting(t, 2)
		theirs := s.due(t, people[1], "pre", selfCompassion)
		nowhere := theirs
		nowhere.Assessment.ID = "00000000-0000-7000-8000-000000000000"
		s.unchanged(t, func() {
			for name, err := range s.tries(t, people[0], theirs) {
				if !errors.Is(err, survey.ErrNotFound) {
					t.Errorf("%s of somebody else's: got %v, want ErrNotFound", name, err)
				}
			}
			for name, err := range s.tries(t, people[0], nowhere) {
				if !errors.Is(err, survey.ErrNotFound) {
					t.Errorf("%s of nothing: got %v, want ErrNotFound", name, err)
				}
			}
			for _, staff := range []survey.Actor{s.admin, s.leader, s.researcher, system(), {}} {
				for name, err := range s.tries(t, staff, theirs) {
					if !errors.Is(err, survey.ErrForbidden) {
						t.Errorf("%s by %s: got %v, want ErrForbidden", name, staff.Kind, err)
					}
				}
				_, err := s.cases.Assessments.Due(t.Context(), staff)
				wantError(t, err, survey.ErrForbidden)
			}
		})
	})
}

func TestNothingIsAnsweredWithoutConsentOrAfterLeaving(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		fresh, left := s.enrol(t, "course", 1)[0], s.consenting(t, 1)[0]
		noError(t, s.cases.Enrolments.Withdraw(t.Context(), left))
		left = s.again(t, left.Participation.Enrolment.ID)
		for _, c := range []struct {
			who  survey.Actor
			want error
		}{{fresh, survey.ErrConsentRequired}, {left, survey.ErrWithdrawn}} {
			it := s.due(t, c.who, "pre", selfCompassion)
			s.unchanged(t, func() {
				for name, err := range s.tries(t, c.who, it) {
					if !errors.Is(err, c.want) {
						t.Errorf("%s: got %v, want %v", name, err, c.want)
					}
				}
			})
		}
		it := s.due(t, left, "pre", selfCompassion)
		same(t, it.State, survey.AssessmentWithdrawn)
	})
}

func TestAnswersAreTakenFromTheOpeningDayToTheLast(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "post", selfCompassion)
		// The last of eight meetings is on day 49; the wave opens on the day
		// after and closes at the end of day 70. Clocks go forward meanwhile.
		opens, closes := day("2026-04-21"), day("2026-05-12")
		same(t, []bool{it.Window.Opens.Equal(opens), it.Window.Closes.Equal(closes)}, []bool{true, true})
		for _, c := range []struct {
			at    time.Time
			state survey.AssessmentState
			want  error
		}{
			{opens.Add(-time.Millisecond), survey.AssessmentScheduled, survey.ErrNotOpen},
			{opens, survey.AssessmentOpen, nil},
			{closes.Add(-time.Millisecond), survey.AssessmentPartly, nil},
			{closes, survey.AssessmentExpired, survey.ErrExpired},
		} {
			s.at(c.at)
			same(t, s.due(t, a, "post", selfCompassion).State, c.state)
			_, err := s.cases.Assessments.Save(t.Context(), a, it.Assessment.ID, answers(it.Definition, 1, 3))
			wantError(t, err, c.want)
			if c.want != nil {
				wantError(t, s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, nil), c.want)
			}
			sheet, err := s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
			noError(t, err)
			same(t, sheet.Window, it.Window)
		}
	})
}

func TestWhatIsDueMovesWithTheRun(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-03-30"))
		a = s.again(t, a.Participation.Enrolment.ID)
		it := s.due(t, a, "pre", selfCompassion)
		same(t, it.State, survey.AssessmentScheduled)
		same(t, it.Window.Opens.Equal(day("2026-03-16")), true)
	})
}

func TestWhatIsDueIsInOrderAndOnlyForTheArm(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		waiting, taking := s.enrol(t, "waitlist", 1)[0], s.enrol(t, "course", 1)[0]
		waves := func(a survey.Actor) (keys []string) {
			items, err := s.cases.Assessments.Due(t.Context(), a)
			noError(t, err)
			for _, it := range items {
				if len(keys) == 0 || keys[len(keys)-1] != it.Wave.Key {
					keys = append(keys, it.Wave.Key)
				}
			}
			return keys
		}
		same(t, waves(waiting), []string{"pre", "post", "followup_3m"})
		same(t, waves(taking), []string{
			"pre", "week_01", "week_02", "week_03", "week_04", "week_05", "week_06", "week_07", "week_08", "post", "followup_3m",
		})
	})
}

func TestTheNextThingToDoIsOpenOrTheNextToOpen(t *testing.T) {
	t.Parallel()
	item := func(id string, state survey.AssessmentState, opens int) survey.DueItem {
		it := survey.DueItem{State: state}
		it.Assessment.ID = survey.AssessmentID(id)
		it.Window.Opens = time.Unix(int64(opens), 0)
		return it
	}
	for name, c := range map[string]struct {
		items []survey.DueItem
		want  string
	}{
		"nothing":    {nil, ""},
		"all done":   {[]survey.DueItem{item("a", survey.AssessmentSubmitted, 1), item("b", survey.AssessmentExpired, 1)}, ""},
		"the first":  {[]survey.DueItem{item("a", survey.AssessmentSubmitted, 1), item("b", survey.AssessmentPartly, 1), item("c", survey.AssessmentOpen, 1)}, "b"},
		"open first": {[]survey.DueItem{item("a", survey.AssessmentScheduled, 9), item("b", survey.AssessmentOpen, 1)}, "b"},
		"the next": {[]survey.DueItem{
			item("a", survey.AssessmentScheduled, 9), item("b", survey.AssessmentScheduled, 3), item("c", survey.AssessmentScheduled, 3),
		}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := survey.NextDue(c.items)
			same(t, []any{string(got.Assessment.ID), ok}, []any{c.want, c.want != ""})
		})
	}
}
