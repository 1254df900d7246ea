package survey_test

import (
	"fmt"
	"testing"

	"tidemark/survey/reminding"
)

func TestThePlanOfARunIsWhatItsPeopleGet(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, box := t.Context(), &waveBox{}
		s.writing(t, func(r *reminding.Rules) { r.Meeting, r.Cap = true, 2 })
		s.invite(t, "ana@example.org")
		plan, err := s.cases.Messages.RunPlan(ctx, s.leader, s.study.ID, s.run.ID)
		noError(t, err)
		var want, got []string
		for _, m := range plan {
			if len(want) == 12 {
				break
			}
			want = append(want, fmt.Sprintf("%s %s %d %s", m.At.In(s.run.Zone()).Format("01-02 15:04"), m.Slot.Kind, m.Slot.Number, m.Wave.Name))
		}
		same(t, want[:5], []string{
			"02-23 12:00 invitation 1 Before the course", "02-25 08:00 reminder 1 Before the course", "02-28 08:00 reminder 2 Before the course",
			"03-01 18:30 meeting 1 ", "03-02 08:00 invitation 1 Week 1",
		})
		// The same is sent to somebody who never answers. Skipping a week moves
		// nothing of it that is over, and the plan follows.
		for len(got) < len(want) {
			for _, l := range s.round(t, box) {
				got = append(got, s.clock().In(s.run.Zone()).Format("01-02 15:04")+l[len("ana@example.org:"):])
			}
			next := s.clock().Add(24 * 60 * 60e9)
			for _, m := range plan {
				if m.At.After(s.clock()) && m.At.Before(next) {
					next = m.At
				}
			}
			s.at(next)
		}
		same(t, got[:len(want)], want)
	})
}
