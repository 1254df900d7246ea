package survey_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

func TestAnAnswerOfAnotherDeviceIsNotOverwrittenUnseen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		first, second := it.Definition.Items[0].Code, it.Definition.Items[1].Code
		save := func(g survey.Given) survey.Sheet {
			t.Helper()
			sheet, err := s.cases.Assessments.SaveGiven(t.Context(), a, it.Assessment.ID, g)
			noError(t, err)
			return sheet
		}
		value := instrument.NumberValue
		save(survey.Given{Answers: instrument.Answers{first: value(4)}, Base: map[string]string{first: ""}})
		// The other device opened the page before.
		sheet := save(survey.Given{
			Answers: instrument.Answers{first: value(2), second: value(5)}, Base: map[string]string{first: "", second: ""},
		})
		same(t, sheet.Conflicts, instrument.Answers{first: value(4)})
		sheet, err := s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
		noError(t, err)
		same(t, sheet.Answers, instrument.Answers{first: value(4), second: value(5)})
		// Nor is one taken back unseen.
		sheet = save(survey.Given{Answers: instrument.Answers{first: {}}, Base: map[string]string{first: ""}})
		same(t, sheet.Conflicts, instrument.Answers{first: value(4)})
		// The same answer on both is none; seen and meant, it is overwritten.
		sheet = save(survey.Given{Answers: instrument.Answers{first: value(4)}, Base: map[string]string{first: ""}})
		same(t, len(sheet.Conflicts), 0)
		sheet = save(survey.Given{Answers: instrument.Answers{first: value(2)}, Base: map[string]string{first: "4"}})
		same(t, len(sheet.Conflicts), 0)
		var before []float64
		noError(t, s.store.EachReplaced(t.Context(), s.study.ID, func(r *survey.ResponseRow) error { before = append(before, r.Value); return nil }))
		same(t, before, []float64{4})
	})
}

// Two devices answer one question at random, each knowing what it last saw. No
// answer is ever replaced by one whose device had not seen it.
func TestNoInterleavingOfTwoDevicesLosesAnAnswerUnseen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		code := it.Definition.Items[0].Code
		r := rand.New(rand.NewPCG(4, 4))
		stored, refused := "", 0
		seen := [2]string{}
		for range 300 {
			device := r.IntN(2)
			given := instrument.NumberValue(float64(1 + r.IntN(5)))
			sheet, err := s.cases.Assessments.SaveGiven(t.Context(), a, it.Assessment.ID, survey.Given{
				Answers: instrument.Answers{code: given}, Base: map[string]string{code: seen[device]},
			})
			noError(t, err)
			conflict, isConflict := sheet.Conflicts[code]
			switch stale := seen[device] != stored && given.Stamp() != stored; {
			case isConflict != stale:
				t.Fatalf("stored %q, seen %q, given %q: conflict %v", stored, seen[device], given.Stamp(), isConflict)
			case isConflict:
				refused++
				same(t, conflict.Stamp(), stored)
				if r.IntN(2) == 0 {
					seen[device] = stored // shown both, and keeps the other's
				}
			default:
				stored, seen[device] = given.Stamp(), given.Stamp()
			}
		}
		if refused < 30 {
			t.Errorf("only %d of 300 saves were stale", refused)
		}
	})
}

// A browser's background copy of an answer may come late. What the person did after
// it stands, also where that looks as it did before.
func TestAnAnswerThatWaitedDoesNotUndoWhatCameAfterIt(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		code, value := it.Definition.Items[0].Code, instrument.NumberValue
		stored := instrument.Value{}
		save := func(v instrument.Value, base string, waited bool) bool {
			t.Helper()
			sheet, err := s.cases.Assessments.SaveGiven(t.Context(), a, it.Assessment.ID, survey.Given{
				Answers: instrument.Answers{code: v}, Base: map[string]string{code: base}, Waited: waited,
			})
			noError(t, err)
			_, refused := sheet.Conflicts[code]
			if !refused {
				stored = v
			}
			sheet, err = s.cases.Assessments.Sheet(t.Context(), a, it.Assessment.ID)
			noError(t, err)
			same(t, sheet.Answers[code], stored)
			return !refused
		}
		for i, step := range []struct {
			v      instrument.Value
			base   string
			waited bool
			taken  bool
		}{
			{value(1), "", true, true},             // the tab is gone
			{value(1), "", true, true},             // and again: the same
			{instrument.Value{}, "1", false, true}, // taken back on the page
			{value(1), "", true, false},            // the copy of before
			{value(4), "", false, true},            // given on the page
			{instrument.Value{}, "1", true, false}, // the copy of having taken it back
			{value(5), "4", true, true},            // never left before
			{value(4), "5", false, true},           // back to what was
			{value(5), "4", true, false},           // the copy
			{value(4), "", true, true},             // the same as is there
			{instrument.Value{}, "4", false, true}, // the page knows what it does
		} {
			if got := save(step.v, step.base, step.waited); got != step.taken {
				t.Errorf("step %d: taken %v, want %v", i, got, step.taken)
			}
		}
	})
}

func TestAVisitThatCannotBeIsNotNoted(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		code, now := it.Definition.Items[0].Code, s.clock()
		for _, v := range []survey.Visit{
			{}, {Page: 0, Opened: now}, {Page: 1}, {Page: 1, Opened: now.Add(time.Hour)}, {Page: 1, Opened: now.AddDate(-1, 0, 0)},
			{Page: 2, Opened: now.Add(-time.Minute), Left: true}, {Page: 1, Opened: now.Add(-2 * time.Minute)},
		} {
			_, err := s.cases.Assessments.SaveGiven(t.Context(), a, it.Assessment.ID, survey.Given{Visit: v})
			noError(t, err)
		}
		_, err := s.cases.Assessments.SaveGiven(t.Context(), a, it.Assessment.ID, survey.Given{
			Answers: instrument.Numbers{code: 3}.Answers(), Visit: survey.Visit{Page: 1, Opened: now.Add(-time.Minute)},
		})
		noError(t, err)
		var got []survey.PageVisit
		noError(t, s.store.EachPageVisit(t.Context(), s.study.ID, func(v *survey.PageVisit) error { got = append(got, *v); return nil }))
		same(t, got, []survey.PageVisit{
			{AssessmentID: it.Assessment.ID, Page: 1, OpenedAt: now.Add(-time.Minute), AnsweredAt: now},
			{AssessmentID: it.Assessment.ID, Page: 2, OpenedAt: now.Add(-time.Minute), LeftAt: now},
		})
	})
}
