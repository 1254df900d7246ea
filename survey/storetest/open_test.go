package storetest_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/storetest"
)

func TestEachGivesEveryTestAnEmptyDatabaseOfItsOwn(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		for range 2 {
			s := open(t)
			if err := s.CheckSchema(t.Context()); err != nil {
				t.Error(err)
			}
			users, err := s.Users(t.Context())
			if err != nil || len(users) != 0 {
				t.Errorf("got %d users and error %v, want none", len(users), err)
			}
			err = s.InTx(t.Context(), func(tx survey.Tx) error {
				return tx.CreateUser(t.Context(), survey.User{ID: "u", Email: "u@example.org", CreatedAt: time.Unix(1, 0)})
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}
