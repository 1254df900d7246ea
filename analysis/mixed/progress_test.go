package mixed

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// fits are the two kinds of models, with somebody who watches.
func fits(t *testing.T) map[string]func(ctx context.Context, progress func(int)) (iterations int, all []Coefficient, err error) {
	t.Helper()
	l := simulated(2, 60, 4, 0.1)
	return map[string]func(ctx context.Context, progress func(int)) (int, []Coefficient, error){
		"mixed": func(ctx context.Context, progress func(int)) (int, []Coefficient, error) {
			r, err := LMM(ctx, build(t, "y ~ week + (week | id)", l.columns()), LMMOptions{Progress: progress})
			return r.Iterations, r.Coefficients, err
		},
		"marginal": func(ctx context.Context, progress func(int)) (int, []Coefficient, error) {
			r, err := MMRM(ctx, build(t, "y ~ factor(week)", l.columns(), "id", "week"), MMRMOptions{Covariance: HeterogeneousAR1, Progress: progress})
			return r.Iterations, r.Coefficients, err
		},
	}
}

func TestAFitTellsItsIterations(t *testing.T) {
	t.Parallel()
	for name, fit := range fits(t) {
		_, want, err := fit(t.Context(), nil)
		must(t, err)
		var told []int
		iterations, got, err := fit(t.Context(), func(n int) { told = append(told, n) })
		must(t, err)
		if len(told) < 2 || !slices.IsSorted(told) || told[0] < 1 || told[len(told)-1] != iterations {
			t.Errorf("%s: %d iterations are told as %v", name, iterations, told)
		}
		if d := cmp.Diff(got, want, cmpopts.EquateNaNs()); d != "" {
			t.Errorf("%s: being watched changes the fit (-got +want):\n%s", name, d)
		}
		ctx, cancel := context.WithCancel(t.Context())
		calls := 0
		if _, _, err = fit(ctx, func(int) { calls++; cancel() }); !errors.Is(err, context.Canceled) || calls != 1 {
			t.Errorf("%s: stopped at the first iteration, got %v after %d calls", name, err, calls)
		}
		cancel()
	}
}
