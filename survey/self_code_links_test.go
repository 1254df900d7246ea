package survey_test

import (
	"testing"

	"tidemark/survey"
)

// twice is somebody who came once with each of two codes that are near.
func (c coded) twice(t *testing.T) (first, second survey.Actor) {
	t.Helper()
	_, other := c.codedRun(t, "Run 2", survey.EntrySettings{})
	a := c.enter(t, c.key, true, "a", "b", "u", "7", "3", "1").Participation.Enrolment.ID
	c.at(c.clock().Add(1))
	b := c.enter(t, other, true, "a", "b", "u", "8", "3", "1").Participation.Enrolment.ID
	c.enter(t, c.key, true, "x", "y", "z", "20", "11", "4") // somebody else
	actors := []survey.Actor{c.again(t, a), c.again(t, b)}
	for i, p := range actors {
		noError(t, c.cases.Enrolments.Consent(t.Context(), p, p.Participation.Study.ConsentVersion))
		actors[i] = c.again(t, p.Participation.Enrolment.ID)
	}
	return actors[0], actors[1]
}

// give answers everything of a questionnaire with a value.
func (c coded) give(t *testing.T, a survey.Actor, wave, instrument string, value float64) survey.AssessmentID {
	t.Helper()
	it := c.due(t, a, wave, instrument)
	noError(t, c.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, len(it.Definition.Items), value)))
	return it.Assessment.ID
}

// holds is what is submitted in a participation, by its first answer.
func (c coded) holds(t *testing.T, a survey.Actor) map[string]float64 {
	t.Helper()
	items, err := c.store.Due(t.Context(), c.study.ID, a.Participation.Enrolment.ID)
	noError(t, err)
	held := map[string]float64{}
	for _, it := range items {
		if it.Assessment.SubmittedAt.IsZero() {
			continue
		}
		responses, err := c.store.Responses(t.Context(), c.study.ID, it.Assessment.ID)
		noError(t, err)
		held[it.Wave.Key+" "+string(it.Instrument)] = responses[0].Value
	}
	return held
}

func (c coded) book(t *testing.T) survey.SelfCodeBook {
	t.Helper()
	b, err := c.cases.SelfCodes.Book(t.Context(), c.researcher, c.study.ID)
	noError(t, err)
	return b
}

func TestTwoCodesOfOnePersonAreLinkedAndTheLinkIsUndone(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c, ctx := s.coded(t, "codes"), t.Context()
		s.study, s.run = c.study, c.run
		first, second := c.twice(t)
		a, b := first.Participation.Enrolment, second.Participation.Enrolment
		d := c.design(t)
		var keys []string
		for _, id := range d.Waves[0].Sets {
			keys = append(keys, d.Instruments[id].Definition.Key)
		}
		// The first questionnaire twice, the second in the second participation alone.
		firstID := c.give(t, first, "pre", keys[0], 1)
		c.give(t, second, "pre", keys[0], 2)
		c.give(t, second, "pre", keys[1], 2)
		before := [2]map[string]float64{c.holds(t, first), c.holds(t, second)}

		book := c.book(t)
		same(t, []int{book.Codes, len(book.Open), len(book.Decided)}, []int{3, 1, 0})
		p := book.Open[0]
		same(t, []any{p.First.EnrolmentID, p.Second.EnrolmentID, string(p.Verdicts[3])}, []any{a.ID, b.ID, "near"})
		if p.Probability < 0.9 {
			t.Errorf("the probability is %v", p.Probability)
		}
		cmp, err := c.cases.SelfCodes.Compare(ctx, c.researcher, c.study.ID, a.ID, b.ID)
		noError(t, err)
		same(t, []any{len(cmp.Rows), cmp.Rows[0].Both(), cmp.Rows[1].Both()}, []any{2, true, false})

		n := survey.SelfCodeChoice{First: a.ID, Second: b.ID}
		wantFaults(t, c.cases.SelfCodes.Link(ctx, c.researcher, c.study.ID, n), survey.FieldErrors{"reason": "selfcode.no_reason"})
		n.Reason = "told the facilitator"
		wantFaults(t, c.cases.SelfCodes.Link(ctx, c.researcher, c.study.ID, n), survey.FieldErrors{survey.SelfCodeKeepField(firstID): "selfcode.choose"})
		n.Seconds = map[survey.AssessmentID]bool{firstID: true}
		noError(t, c.cases.SelfCodes.Link(ctx, c.researcher, c.study.ID, n))
		wantError(t, c.cases.SelfCodes.Link(ctx, c.researcher, c.study.ID, n), survey.ErrConflict)

		// What the second gave is the first's now, and what the first gave is kept.
		same(t, c.holds(t, first), map[string]float64{"pre " + string(d.Waves[0].Sets[0]): 2, "pre " + string(d.Waves[0].Sets[1]): 2})
		same(t, len(c.holds(t, second)), 1)
		people, err := c.store.Enrolments(ctx, c.study.ID)
		noError(t, err)
		same(t, len(people), 2)
		seen := map[survey.EnrolmentID]int{}
		noError(t, c.store.EachScore(ctx, c.study.ID, nil, func(r *survey.ScoreRow) error { seen[r.EnrolmentID]++; return nil }))
		noError(t, c.store.EachResponse(ctx, c.study.ID, func(r *survey.ResponseRow) error { seen[r.EnrolmentID]++; return nil }))
		noError(t, c.store.EachSubmitted(ctx, c.study.ID, []survey.WaveID{d.Waves[0].ID}, func(r *survey.ResponseRow) error { seen[r.EnrolmentID]++; return nil }))
		noError(t, c.store.EachAssessment(ctx, c.study.ID, func(r *survey.Assessment) error { seen[r.EnrolmentID]++; return nil }))
		progress, err := c.store.StudyProgress(ctx, c.study.ID)
		noError(t, err)
		for _, p := range progress {
			seen[p.EnrolmentID]++
		}
		if seen[b.ID] != 0 || seen[a.ID] == 0 {
			t.Errorf("what is read of the two: %d and %d", seen[a.ID], seen[b.ID])
		}
		runs, err := c.store.Runs(ctx, c.study.ID)
		noError(t, err)
		same(t, runs[0].Enrolled+runs[1].Enrolled, 2)
		// Either code leads to the first; what was open of the second is over.
		same(t, c.enter(t, c.key, false, "a", "b", "u", "8", "3", "1").Cookie != "", true)
		same(t, c.entered(t, "a", "b", "u", "8", "3", "1"), a.ID)
		same(t, c.entered(t, "a", "b", "u", "7", "3", "1"), a.ID)
		_, err = c.cases.Assessments.Save(ctx, second, c.due(t, second, "post", keys[0]).Assessment.ID, nil)
		if err == nil {
			t.Error("a participation that is linked can be answered in")
		}
		// It is undone: everything is as it was.
		decided := c.book(t).Decided
		same(t, len(decided), 1)
		wantFaults(t, c.cases.SelfCodes.Undo(ctx, c.researcher, c.study.ID, decided[0].Decision.ID, " "), survey.FieldErrors{"reason": "selfcode.no_reason"})
		noError(t, c.cases.SelfCodes.Undo(ctx, c.researcher, c.study.ID, decided[0].Decision.ID, "they are sisters"))
		wantError(t, c.cases.SelfCodes.Undo(ctx, c.researcher, c.study.ID, decided[0].Decision.ID, "again"), survey.ErrConflict)
		same(t, [2]map[string]float64{c.holds(t, first), c.holds(t, second)}, before)
		same(t, c.entered(t, "a", "b", "u", "8", "3", "1"), b.ID)
		noError(t, c.cases.SelfCodes.KeepApart(ctx, c.researcher, c.study.ID, n))
		book = c.book(t)
		same(t, []int{len(book.Open), len(book.Decided)}, []int{0, 1})
		for action, want := range map[survey.Action]int{survey.ActionSelfCodesLinked: 1, survey.ActionSelfCodesApart: 1, survey.ActionSelfCodesUndone: 1} {
			got, err := c.store.CountAudit(ctx, c.study.ID, action)
			noError(t, err)
			same(t, got, want)
		}
	})
}

// entered is whose page a code opens.
func (c coded) entered(t *testing.T, values ...string) survey.EnrolmentID {
	t.Helper()
	a, err := c.cases.SignIns.Participant(t.Context(), c.enter(t, c.key, false, values...).Cookie)
	noError(t, err)
	return a.Participation.Enrolment.ID
}

func TestErasureReachesWhatIsLinked(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c, ctx := s.coded(t, "codes"), t.Context()
		s.study, s.run = c.study, c.run
		first, second := c.twice(t)
		d := c.design(t)
		key := d.Instruments[d.Waves[0].Sets[0]].Definition.Key
		id := c.give(t, first, "pre", key, 1)
		c.give(t, second, "pre", key, 2)
		noError(t, c.cases.SelfCodes.Link(ctx, c.researcher, c.study.ID, survey.SelfCodeChoice{
			First: first.Participation.Enrolment.ID, Second: second.Participation.Enrolment.ID, Reason: "the same", Seconds: map[survey.AssessmentID]bool{id: true},
		}))
		_, err := c.cases.Erasures.Erase(ctx, first, "")
		noError(t, err)
		for _, a := range []survey.Actor{first, second} {
			_, err := c.store.Participation(ctx, c.study.ID, a.Participation.Enrolment.ID)
			wantError(t, err, survey.ErrNotFound)
		}
		all, err := c.cases.Erasures.All(ctx, system())
		noError(t, err)
		same(t, []any{len(all), all[0].Linked != all[1].Linked}, []any{2, true})
		runs, err := c.store.Runs(ctx, c.study.ID)
		noError(t, err)
		same(t, runs[0].Enrolled+runs[1].Enrolled, 2) // the other person, and one who was erased
		same(t, c.book(t).Codes, 1)
	})
}
