package store

import "testing"

// A long answer stands aside every so many rows, and an answer of few never.
func TestALongAnswerStandsAside(t *testing.T) {
	t.Parallel()
	times := 0
	q := query{pace: func() { times++ }}
	for n := 1; n <= 10*rowsAtOnce; n++ {
		q.paced(n)
		query{}.paced(n)
	}
	if times != 10 {
		t.Errorf("it stood aside %d times", times)
	}
}
