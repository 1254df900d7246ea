package survey_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
)

func TestOfTwoDevicesTheLaterTapCounts(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, who := t.Context(), s.enrol(t, "course", 1)[0].Participation.Enrolment.ID
		tap := func(present bool, ago time.Duration, known time.Time) survey.Tapped {
			done, err := s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, survey.Tap{
				Enrolment: who, Meeting: 1, Present: present, Ago: ago, Known: known, Once: survey.Once(uuid.NewString()),
			})
			noError(t, err)
			return done
		}
		stands := func() bool {
			m, err := s.cases.Runs.Meeting(ctx, s.leader, s.study.ID, s.run.ID, 1)
			noError(t, err)
			return m.Rows[0].Present
		}
		first := tap(true, 0, time.Time{})
		same(t, first.Present, true)
		same(t, first.Other == nil, true)
		// A device that had no line for ten minutes says otherwise, and is too late.
		s.at(s.clock().Add(time.Minute))
		late := tap(false, 10*time.Minute, time.Time{})
		same(t, late.Present, true)
		same(t, late.Other != nil && late.Other.Present, true)
		same(t, stands(), true)
		// It says so once more, now that it knows: nothing is in question.
		settled := tap(false, 0, late.NotedAt)
		same(t, settled.Present, false)
		same(t, settled.Other == nil, true)
		// A later tap of a device that did not know wins, and is told of the other.
		s.at(s.clock().Add(time.Minute))
		wins := tap(true, 0, first.NotedAt)
		same(t, wins.Present, true)
		same(t, wins.Other != nil && !wins.Other.Present, true)
		// Two that say the same have nothing to settle.
		same(t, tap(true, time.Hour, time.Time{}).Other == nil, true)
		// A clock that runs ahead notes nothing of tomorrow.
		if ahead := tap(false, -time.Hour, wins.NotedAt); ahead.NotedAt.After(s.clock()) {
			t.Errorf("noted at %v, and it is %v", ahead.NotedAt, s.clock())
		}
	})
}

func TestATapSentAgainCountsOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, who := t.Context(), s.enrol(t, "course", 1)[0].Participation.Enrolment.ID
		one := survey.Tap{Enrolment: who, Meeting: 2, Present: true, Once: survey.Once(uuid.NewString())}
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				done, err := s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, one)
				if err != nil || !done.Present {
					t.Errorf("%v, %v", done.Present, err)
				}
			})
		}
		group.Wait()
		same(t, s.said(t, survey.ActionAttendanceNoted), 1)
		// Between the first sending and the second somebody tapped otherwise: that stands.
		_, err := s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, survey.Tap{Enrolment: who, Meeting: 2, Once: survey.Once(uuid.NewString())})
		noError(t, err)
		done, err := s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, one)
		noError(t, err)
		same(t, done.Present, false)
	})
}

func TestOnlyPeopleOfTheRunAreTapped(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx, who := t.Context(), s.enrol(t, "course", 1)[0].Participation.Enrolment.ID
		second := newRun()
		second.Name = "Second"
		other, err := s.cases.Runs.Create(ctx, s.leader, s.study.ID, second)
		noError(t, err)
		_, err = s.cases.Runs.Tap(ctx, s.leader, s.study.ID, other.ID, survey.Tap{Enrolment: who, Meeting: 1})
		wantError(t, err, survey.ErrNotFound)
		_, err = s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, survey.Tap{Enrolment: "nobody", Meeting: 1})
		wantError(t, err, survey.ErrNotFound)
		for _, meeting := range []int{0, 9, -1} {
			_, err = s.cases.Runs.Tap(ctx, s.leader, s.study.ID, s.run.ID, survey.Tap{Enrolment: who, Meeting: meeting})
			if _, ok := errors.AsType[survey.FieldErrors](err); !ok {
				t.Errorf("meeting %d: %v", meeting, err)
			}
		}
	})
}
