package survey_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"tidemark/survey"
)

func TestPausesBetweenWrongPasswordsGrowAndKeepNoOwnerOut(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		try := func(c survey.Client, given string) error {
			_, _, err := quick.SignIns.ByPassword(t.Context(), c, "owner@example.org", given)
			return err
		}
		mine := from("192.0.2.1")
		mine.Device = s.cases.SignIns.NewDevice(survey.User{Email: "owner@example.org"})
		// Somebody elsewhere gives a hundred wrong ones, as fast as they are let.
		elsewhere, begun := from("198.51.100.7"), s.clock()
		var pauses []time.Duration
		for wrong := 0; wrong < 100; {
			err := try(elsewhere, "a wrong password")
			if errors.Is(err, survey.ErrNotSignedIn) {
				wrong++
				continue
			}
			fault, ok := errors.AsType[*survey.TooManyError](err)
			if !ok || fault.After <= 0 || fault.After > 15*time.Minute {
				t.Fatalf("after %d wrong ones: %v", wrong, err)
			}
			pauses = append(pauses, fault.After)
			s.at(s.clock().Add(fault.After))
			noError(t, try(mine, password)) // the owner is in at once, each time
		}
		for i, want := range []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256} {
			if pauses[i] != want*time.Second {
				t.Errorf("pause %d is %v", i+1, pauses[i])
			}
		}
		if took := s.clock().Sub(begun); took < 12*time.Hour {
			t.Errorf("a hundred guesses took %v", took)
		}
		noError(t, try(from("203.0.113.9"), password)) // also on a new browser, from another network
	})
}

func TestOfManyGuessesAtOnceOneIsLookedAtAfterAPause(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick := s.hasten()
		s.withPassword(t, "owner@example.org")
		same(t, guess(t, quick, from("192.0.2.1"), "owner@example.org", 9), 5)
		s.at(s.clock().Add(time.Second))
		var wait sync.WaitGroup
		looked := make(chan int, 8)
		for range cap(looked) {
			wait.Go(func() { looked <- guess(t, quick, from("192.0.2.1"), "owner@example.org", 1) })
		}
		wait.Wait()
		close(looked)
		n := 0
		for one := range looked {
			n += one
		}
		same(t, n, 1)
	})
}

func TestANetworkIsLimitedWhicheverAccountsItTries(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		quick, looked := s.hasten(), 0
		for i := range 30 {
			looked += guess(t, quick, from("192.0.2.1"), fmt.Sprintf("somebody-%d@example.org", i), 1)
		}
		same(t, looked, 20)
	})
}
