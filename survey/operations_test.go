package survey_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
)

// another is a server of its own over the stage's database.
func (s *stage) another(mode *survey.Mode, meter survey.Meter) *survey.UseCases {
	return survey.NewUseCases(survey.Env{
		Store: s.store, Now: s.clock, Keys: quickKeys{s.keys}, Mode: mode, Meter: meter,
		NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
	})
}

func TestReadOnlyHoldsOnEveryServerAndEnds(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		given := answers(it.Definition, 3, 4)
		there := s.another(nil, nil)
		s.withPassword(t, "ada@example.org")

		noError(t, there.Operations.SetReadOnly(ctx, s.admin, true))
		noError(t, there.Operations.SetReadOnly(ctx, s.admin, true)) // twice is no fault, and one line
		same(t, []bool{there.Mode.ReadOnly(), s.cases.Mode.ReadOnly()}, []bool{true, false})
		mode, err := s.cases.Operations.Refresh(ctx, system())
		noError(t, err)
		same(t, []any{mode.On, mode.By.ID, s.cases.Mode.ReadOnly()}, []any{true, string(s.admin.User.ID), true})

		for name, change := range map[string]func() error{
			"save":   func() error { return second(s.cases.Assessments.Save(ctx, a, it.Assessment.ID, given)) },
			"submit": func() error { return s.cases.Assessments.Submit(ctx, a, it.Assessment.ID, given) },
			"a run":  func() error { return second(s.cases.Runs.Create(ctx, s.leader, s.study.ID, newRun())) },
			"an account": func() error {
				return second(s.cases.Users.Create(ctx, s.admin, survey.NewUser{Email: "eve@example.org"}))
			},
			"sealing the trail": func() error { return second(s.cases.Audits.Seal(ctx, system())) },
		} {
			if err := change(); !errors.Is(err, survey.ErrReadOnly) {
				t.Errorf("%s: %v, want %v", name, err, survey.ErrReadOnly)
			}
		}
		sheet, err := s.cases.Assessments.Sheet(ctx, a, it.Assessment.ID)
		noError(t, err)
		same(t, len(sheet.Answers), 0)
		_, _, err = there.SignIns.ByPassword(ctx, from("192.0.2.1"), "ada@example.org", password)
		noError(t, err)
		// Looking at data is noted even then.
		noError(t, there.Studies.NoteUse(ctx, s.researcher, s.study.ID, survey.ActionReportViewed, ""))
		noError(t, there.Operations.Probe(ctx, system()))

		noError(t, s.cases.Operations.SetReadOnly(ctx, s.admin, false))
		_, err = s.cases.Assessments.Save(ctx, a, it.Assessment.ID, given)
		noError(t, err)
		lines := map[survey.Action]int{}
		events, err := s.cases.Audits.Page(ctx, s.admin, survey.AuditFilter{Limit: 200})
		noError(t, err)
		for _, e := range events.Lines {
			lines[e.Action]++
		}
		same(t, []int{lines[survey.ActionReadOnlyBegun], lines[survey.ActionReadOnlyEnded]}, []int{1, 1})
	})
}

func TestAServerThatWasStartedReadOnlyStaysSo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		mode := survey.NewMode()
		mode.Hold()
		u := s.another(mode, nil)
		noError(t, u.Operations.SetReadOnly(t.Context(), s.admin, false))
		_, err := u.Operations.Refresh(t.Context(), system())
		noError(t, err)
		_, err = u.Runs.Create(t.Context(), s.leader, s.study.ID, newRun())
		same(t, []bool{u.Mode.ReadOnly(), errors.Is(err, survey.ErrReadOnly)}, []bool{true, true})
		standing, err := u.Operations.Standing(t.Context(), s.admin)
		noError(t, err)
		same(t, []bool{standing.Started, standing.Mode.On, standing.ReadOnly()}, []bool{true, false, true})
	})
}

func TestServersAreMissedWhenTheyAreNotHeardOf(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, u := t.Context(), s.cases.Operations
		begun := s.clock()
		noError(t, u.Beat(ctx, system(), survey.Replica{ID: "one", StartedAt: begun}))
		s.at(begun.Add(survey.MissedAfter + time.Second))
		noError(t, u.Beat(ctx, system(), survey.Replica{ID: "two", StartedAt: s.clock()}))
		missed := func() map[string]bool {
			standing, err := u.Standing(ctx, s.admin)
			noError(t, err)
			list := map[string]bool{}
			for _, r := range standing.Replicas {
				list[r.ID] = standing.Missed(r)
			}
			return list
		}
		same(t, missed(), map[string]bool{"one": true, "two": false})
		s.at(begun.Add(24*time.Hour + 10*time.Second))
		noError(t, u.Beat(ctx, system(), survey.Replica{ID: "three", StartedAt: s.clock()}))
		noError(t, u.Leave(ctx, system(), "three"))
		same(t, missed(), map[string]bool{"two": true})
	})
}

// tally is a meter.
type tally struct {
	saved, submitted int
	throttled        []string
}

func (c *tally) Saved()                    { c.saved++ }
func (c *tally) Submitted()                { c.submitted++ }
func (c *tally) Throttled(what string)     { c.throttled = append(c.throttled, what) }
func (c *tally) Delivered(survey.Delivery) {}

func TestWhatHappensIsCountedOnceItIsKept(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		c := &tally{}
		u := s.another(nil, c)
		ctx := context.WithoutCancel(t.Context())
		a := s.consenting(t, 1)[0]
		it := s.due(t, a, "pre", selfCompassion)
		given := answers(it.Definition, 3, 4)
		_, err := u.Assessments.Save(ctx, a, it.Assessment.ID, given)
		noError(t, err)
		noError(t, u.Assessments.Submit(ctx, a, it.Assessment.ID, given))
		_, err = u.Assessments.Save(ctx, a, it.Assessment.ID, given)
		wantError(t, err, survey.ErrSubmitted)
		same(t, guess(t, u, from("192.0.2.7"), "nobody@example.org", 7), 5)
		same(t, []any{c.saved, c.submitted, c.throttled}, []any{1, 1, []string{"pause between sign-ins", "pause between sign-ins"}})
	})
}
