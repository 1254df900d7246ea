package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/plan"
)

func (s *stage) book(t *testing.T) survey.PlanBook {
	t.Helper()
	b, err := s.cases.Plans.Book(t.Context(), s.researcher, s.study.ID)
	noError(t, err)
	return b
}

// locked writes and locks a plan.
func (s *stage) locked(t *testing.T, d survey.DraftPlan) survey.Plan {
	t.Helper()
	p, err := s.cases.Plans.Write(t.Context(), s.researcher, s.study.ID, d)
	noError(t, err)
	p, err = s.cases.Plans.Lock(t.Context(), s.researcher, s.study.ID, p.Revision)
	noError(t, err)
	return p
}

// answerAfter lets n people answer one questionnaire after the course.
func (s *stage) answerAfter(t *testing.T, n int) {
	t.Helper()
	people := s.consenting(t, n)
	s.at(day("2026-04-25").Add(12 * time.Hour))
	for _, a := range people {
		it := s.due(t, a, "post", "self_compassion")
		err := s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 12, 3))
		noError(t, err)
	}
}

func TestAPlanBeginsFromTheStudy(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		b := s.book(t)
		same(t, len(b.Versions), 0)
		same(t, b.Default.Primary, []plan.Outcome{{Scale: "sc_total", Pre: "pre", Post: "post", Arm: "course", Against: "waitlist"}})
		same(t, len(b.Default.Check(&b.Design)), 0)
		same(t, b.Design.Meetings, 8)
		_, err := s.cases.Plans.InForce(t.Context(), s.researcher, s.study.ID)
		wantError(t, err, survey.ErrNotFound)
	})
}

func TestALockedPlanSaysWhatWasThereToBeSeen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		first := s.locked(t, survey.DraftPlan{Content: s.book(t).Default})
		same(t, first.Lock.Seen, survey.DataSeen{})
		same(t, first.Lock.Seen.NoOutcome() && first.Lock.Seen.Unseen(), true)
		same(t, first.Lock.Hash, first.Content.Hash())
		same(t, first.Lock.By.Name, "Somebody")
		same(t, first.Lock.Program, "test program")

		s.answerAfter(t, 2)
		for _, action := range []survey.Action{survey.ActionReportViewed, survey.ActionReportViewed, survey.ActionExported} {
			noError(t, s.cases.Studies.NoteUse(t.Context(), s.researcher, s.study.ID, action, ""))
		}
		amended := first.Content
		amended.Alpha = 0.01
		second := s.locked(t, survey.DraftPlan{Content: amended, Reason: "a stricter level"})
		same(t, second.Lock.Seen, survey.DataSeen{PostSubmitted: 2, PostPeople: 2, ReportsOpened: 2, Exports: 1})
		same(t, second.Version, 2)
		same(t, s.book(t).Versions, []survey.Plan{second, first})
		inForce, err := s.cases.Plans.InForce(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, inForce, second)
		old, err := s.cases.Plans.Version(t.Context(), s.researcher, s.study.ID, 1)
		noError(t, err)
		same(t, old, first)
	})
}

func TestALockedPlanChangesOnlyByAnAmendmentWithAReason(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		p := s.locked(t, survey.DraftPlan{Content: s.book(t).Default, Reason: "none is needed for the first"})
		same(t, p.Reason, "")
		write := func(d survey.DraftPlan) error {
			_, err := s.cases.Plans.Write(t.Context(), s.researcher, s.study.ID, d)
			return err
		}
		s.unchanged(t, func() {
			wantFaults(t, write(survey.DraftPlan{Content: p.Content, Reason: " "}), survey.FieldErrors{"reason": "plan.reason_missing"})
			wantError(t, write(survey.DraftPlan{Content: p.Content, Reason: "why", Revision: p.Revision}), survey.ErrConflict)
			_, err := s.cases.Plans.Lock(t.Context(), s.researcher, s.study.ID, p.Revision)
			wantError(t, err, survey.ErrConflict)
			wantError(t, s.cases.Plans.Discard(t.Context(), s.researcher, s.study.ID, p.Revision), survey.ErrConflict)
		})
		noError(t, write(survey.DraftPlan{Content: p.Content, Reason: "why"}))
		draft, ok := s.book(t).Draft()
		same(t, ok, true)
		noError(t, s.cases.Plans.Discard(t.Context(), s.researcher, s.study.ID, draft.Revision))
		same(t, s.book(t).Versions, []survey.Plan{p})
	})
}

func TestADraftIsNotWrittenOverUnseen(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		write := func(revision int, alpha float64) (survey.Plan, error) {
			content := s.book(t).Default
			content.Alpha = alpha
			return s.cases.Plans.Write(t.Context(), s.researcher, s.study.ID, survey.DraftPlan{Revision: revision, Content: content})
		}
		first, err := write(0, 0.05)
		noError(t, err)
		_, err = write(0, 0.04) // both began with nothing
		wantError(t, err, survey.ErrConflict)
		second, err := write(first.Revision, 0.03)
		noError(t, err)
		_, err = write(first.Revision, 0.02)
		wantError(t, err, survey.ErrConflict)
		_, err = s.cases.Plans.Lock(t.Context(), s.researcher, s.study.ID, first.Revision)
		wantError(t, err, survey.ErrConflict)
		draft, _ := s.book(t).Draft()
		same(t, draft, second)
	})
}

func TestAFaultyPlanIsNotKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		content := s.book(t).Default
		content.Alpha = 5
		s.unchanged(t, func() {
			_, err := s.cases.Plans.Write(t.Context(), s.researcher, s.study.ID, survey.DraftPlan{Content: content})
			wantFaults(t, err, survey.FieldErrors{"alpha": "plan.bad_alpha"})
		})
		same(t, len(s.book(t).Versions), 0)
	})
}

func TestADraftAnnouncesNothing(t *testing.T) {
	t.Parallel()
	d := survey.PlanDesign(survey.StudyDesign{}, 0)
	content := plan.Default(d)
	content.Primary = []plan.Outcome{{Scale: "x", Pre: "a", Post: "b"}}
	r := plan.Result{Outcome: content.Primary[0]}
	same(t, survey.Plan{Content: content}.Standing(r), plan.Exploratory)
	same(t, survey.Plan{Content: content, Lock: &survey.PlanLock{}}.Standing(r), plan.Primary)
}
