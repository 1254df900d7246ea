package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
)

// A request reads who asks before it writes. Here the person leaves in between,
// on another device or another server.
func TestWhatWasUnderWayWhenAPersonLeftIsNotKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		underWay := s.consenting(t, 1)[0]
		it := s.due(t, underWay, "pre", selfCompassion)
		_, err := s.cases.Assessments.Save(ctx, underWay, it.Assessment.ID, answers(it.Definition, 2, 4))
		noError(t, err)
		noError(t, s.cases.Enrolments.Withdraw(ctx, s.again(t, underWay.Participation.Enrolment.ID)))
		s.at(s.clock().Add(time.Second))
		s.unchanged(t, func() {
			_, err := s.cases.Assessments.Save(ctx, underWay, it.Assessment.ID, answers(it.Definition, 1, 1))
			wantError(t, err, survey.ErrWithdrawn)
			wantError(t, s.cases.Assessments.Submit(ctx, underWay, it.Assessment.ID, answers(it.Definition, 12, 1)), survey.ErrWithdrawn)
		})
		if got := s.due(t, s.again(t, underWay.Participation.Enrolment.ID), "pre", selfCompassion); !got.Assessment.SubmittedAt.IsZero() {
			t.Error("it counts as sent")
		}
	})
}

func TestAConsentUnderWayWhenAPersonLeftIsNotKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		underWay := s.enrol(t, "course", 1)[0]
		noError(t, s.cases.Enrolments.Withdraw(ctx, underWay))
		s.unchanged(t, func() {
			wantError(t, s.cases.Enrolments.Consent(ctx, underWay, s.study.ConsentVersion), survey.ErrWithdrawn)
		})
		same(t, s.again(t, underWay.Participation.Enrolment.ID).Participation.ConsentVersion, 0)
	})
}
