package store_test

import (
	"testing"

	"tidemark/survey"
	"tidemark/survey/storetest"
)

func TestTheStoreKeepsItsContract(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		storetest.Run(t, func(t testing.TB) survey.Store { return open(t) })
	})
}
