package survey_test

import (
	"errors"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// TestASubmittedAnswerIsPutRightWithAReason: the answer, the scores and the history
// follow; the trail says what it was and why, to those who may know, and until the person
// is erased; the chain is whole before and after.
func TestASubmittedAnswerIsPutRightWithAReason(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, c := t.Context(), s.cases.Corrections
		person := s.consenting(t, 1)[0]
		it := s.due(t, person, "pre", selfCompassion)
		id, item := it.Assessment.ID, it.Definition.Items[0].Code
		given := answers(it.Definition, len(it.Definition.Items), 2)
		_, err := c.Sheet(ctx, s.researcher, s.study.ID, id)
		wantError(t, err, survey.ErrNotFound) // not submitted yet
		noError(t, s.cases.Assessments.Submit(ctx, person, id, given))
		before, err := s.store.Scores(ctx, s.study.ID, id)
		noError(t, err)
		book, err := c.Find(ctx, s.researcher, s.study.ID, person.Participation.Enrolment.Code)
		noError(t, err)
		same(t, len(book.Submitted), 1)

		right := survey.NewCorrection{Item: item, Value: instrument.NumberValue(4), Was: "2", Reason: "  Misread on <paper>. "}
		for name, bad := range map[string]struct {
			change func(*survey.NewCorrection)
			want   error
		}{
			"no reason":       {func(n *survey.NewCorrection) { n.Reason = " - " }, survey.FieldErrors{"reason": "correction.no_reason"}},
			"a long reason":   {func(n *survey.NewCorrection) { n.Reason = strings.Repeat("x", 1001) }, survey.FieldErrors{"reason": "correction.long_reason"}},
			"the same":        {func(n *survey.NewCorrection) { n.Value = instrument.NumberValue(2) }, survey.FieldErrors{"value": "correction.same"}},
			"no option":       {func(n *survey.NewCorrection) { n.Value = instrument.NumberValue(99) }, survey.FieldErrors{"value": instrument.MessageNotAnOption}},
			"changed since":   {func(n *survey.NewCorrection) { n.Was = "3" }, survey.ErrConflict},
			"no such item":    {func(n *survey.NewCorrection) { n.Item = "nothing" }, survey.ErrNotFound},
			"another's words": {func(n *survey.NewCorrection) { n.Value = instrument.TextValue("four") }, survey.FieldErrors{"value": instrument.MessageNotAnOption}},
		} {
			n := right
			bad.change(&n)
			err := c.Make(ctx, s.researcher, s.study.ID, id, n)
			if want, ok := errors.AsType[survey.FieldErrors](bad.want); ok {
				if got := faultsOf(err); len(got) != 1 || got["reason"] != want["reason"] || (got["value"] == "") != (want["value"] == "") {
					t.Errorf("%s: %v", name, err)
				}
				continue
			}
			wantError(t, err, bad.want)
		}
		noError(t, c.Make(ctx, s.researcher, s.study.ID, id, right))

		sheet, err := c.Sheet(ctx, s.researcher, s.study.ID, id)
		noError(t, err)
		same(t, sheet.Answers[item], instrument.NumberValue(4))
		after, err := s.store.Scores(ctx, s.study.ID, id)
		noError(t, err)
		same(t, len(after), len(before))
		changed := false
		for i := range after {
			changed = changed || after[i].Value != before[i].Value
		}
		same(t, changed, true)
		replaced := 0
		noError(t, s.store.EachReplaced(ctx, s.study.ID, func(r *survey.ResponseRow) error {
			if r.Item == item && r.Value == 2 {
				replaced++
			}
			return nil
		}))
		same(t, replaced, 1)

		lines, err := c.List(ctx, s.researcher, s.study.ID, 10)
		noError(t, err)
		same(t, len(lines), 1)
		same(t, []string{lines[0].Text.Old, lines[0].Text.New, lines[0].Text.Reason}, []string{"2", "4", "Misread on <paper>."})
		page, err := s.cases.Audits.Page(ctx, s.admin, survey.AuditFilter{Action: survey.ActionCorrected, Study: &s.study.ID, Limit: 5})
		noError(t, err)
		same(t, []any{len(page.Lines), page.Lines[0].Withheld, page.Lines[0].Text}, []any{1, true, survey.AuditText{}})

		whole := func(erased int) {
			t.Helper()
			_, err := s.cases.Audits.Seal(ctx, survey.SystemActor("test"))
			noError(t, err)
			reports, err := s.cases.Audits.Verify(ctx, s.admin, survey.AuditVerification{Only: &s.study.ID})
			noError(t, err)
			same(t, []any{len(reports), reports[0].Whole(), reports[0].Erased}, []any{1, true, erased})
		}
		whole(0)
		s.erase(t, s.again(t, person.Participation.Enrolment.ID))
		whole(1)
		lines, err = c.List(ctx, s.researcher, s.study.ID, 10)
		noError(t, err)
		same(t, []any{len(lines), lines[0].Text}, []any{1, survey.AuditText{}})
	})
}
