package parallel

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestEveryPieceIsDoneOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 7, 100} {
		got, want := make([]int, n), make([]int, n)
		for i := range want {
			want[i] = 1
		}
		if err := Do(context.Background(), n, 3, func(from, to int) {
			for i := from; i < to; i++ {
				got[i]++
			}
		}); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(got, want); d != "" {
			t.Errorf("n %d: times done (-got +want):\n%s", n, d)
		}
	}
}

func TestWorkStopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	done := 0
	err := Do(ctx, 1000, 1000/2, func(from, _ int) {
		if from == 0 {
			cancel()
			done++
		}
	})
	if !errors.Is(err, context.Canceled) || done != 1 {
		t.Errorf("got error %v after %d pieces", err, done)
	}
}

func TestStreamsDifferBySeedAndNumber(t *testing.T) {
	t.Parallel()
	seen := map[uint64]bool{}
	for seed := range uint64(20) {
		for replicate := range 20 {
			var p rand.PCG
			Stream(&p, seed, replicate)
			seen[p.Uint64()] = true
		}
	}
	if len(seen) != 400 {
		t.Errorf("got %d different first numbers of 400 streams", len(seen))
	}
}
