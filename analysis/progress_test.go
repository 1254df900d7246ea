package analysis

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// longWork are the computations of this package that take a while, each with 3,000
// draws.
func longWork() map[string]func(ctx context.Context, progress func(done, total int)) (any, error) {
	random := rand.New(rand.NewPCG(3, 1))
	normal := shapes()[0]
	pre, post := normal.pairs(random, 60, 0.3)
	b := func(progress func(done, total int)) BootstrapOptions {
		return BootstrapOptions{Resamples: 3000, Seed: 4, Progress: progress}
	}
	p := func(progress func(done, total int)) PermutationOptions {
		return PermutationOptions{Draws: 3000, Seed: 4, Sample: true, Progress: progress}
	}
	return map[string]func(ctx context.Context, progress func(done, total int)) (any, error){
		"bootstrap of dz": func(ctx context.Context, progress func(done, total int)) (any, error) {
			return BootstrapDz(ctx, pre, post, b(progress))
		},
		"bootstrap of a mediation": func(ctx context.Context, progress func(done, total int)) (any, error) {
			return MediateBootstrap(ctx, pre, post, pre[30:], b(progress))
		},
		"permutation of pairs": func(ctx context.Context, progress func(done, total int)) (any, error) {
			return PermutePairs(ctx, pre, post, p(progress))
		},
		"permutation of groups": func(ctx context.Context, progress func(done, total int)) (any, error) {
			return PermuteGroups(ctx, pre, post, p(progress))
		},
	}
}

func TestLongWorkTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	for name, work := range longWork() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := work(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			var told []int
			got, err := work(t.Context(), func(done, total int) {
				told = append(told, done)
				if total != 3000 {
					t.Errorf("of %d, want 3000", total)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(told) < 5 || !slices.IsSorted(told) || told[len(told)-1] != 3000 {
				t.Errorf("progress is told as %v", told)
			}
			if d := cmp.Diff(got, want); d != "" {
				t.Errorf("being watched changes the result (-got +want):\n%s", d)
			}
		})
	}
}

func TestWhoIsToldOfProgressCanStopTheWork(t *testing.T) {
	t.Parallel()
	for name, work := range longWork() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			calls := 0
			_, err := work(ctx, func(int, int) { calls++; cancel() })
			if !errors.Is(err, context.Canceled) || calls != 1 {
				t.Errorf("got %v after %d calls", err, calls)
			}
		})
	}
}
