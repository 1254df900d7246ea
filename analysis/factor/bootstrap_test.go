package factor

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheBootstrapDoesNotDependOnTheNumberOfCores(t *testing.T) {
	items := simulated(7, 60, 1, 0.8, 0.6, 0.9)
	opt := OmegaOptions{Resamples: 200, Seed: 11}
	want := omega(t, items, opt)
	before := runtime.GOMAXPROCS(1)
	got := omega(t, items, opt)
	runtime.GOMAXPROCS(before)
	if d := cmp.Diff(got, want); d != "" {
		t.Errorf("on one core (-got +want):\n%s", d)
	}
	if !(want.CI.Low < want.Omega.Value && want.Omega.Value < want.CI.High) {
		t.Errorf("got %v in %v", want.Omega, want.CI)
	}
	opt.Interval, opt.Seed = Percentile, 12
	if other := omega(t, items, opt); other.CI == want.CI || !other.CI.OK() || other.CI.High > 1 {
		t.Errorf("percentile interval of another seed: got %v beside %v", other.CI, want.CI)
	}
}

func TestTheBootstrapStopsWhenTheContextEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := Omega(ctx, simulated(8, 50, 1, 1, 1), OmegaOptions{Resamples: 1000})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v", err)
	}
}

// The interval should cover the true ω in 95 % of samples: in 114 of 120, give or
// take 2.4.
func TestTheBootstrapIntervalCoversTheTrueOmega(t *testing.T) {
	t.Parallel()
	const samples = 120
	l := []float64{1, 0.8, 0.7, 0.9}
	sum := 0.0
	for _, v := range l {
		sum += v
	}
	truth, covered := sum*sum/(sum*sum+float64(len(l))), 0
	for s := range uint64(samples) {
		r := omega(t, simulated(100+s, 150, l...), OmegaOptions{Resamples: 300, Seed: s})
		if r.CI.OK() && r.CI.Low <= truth && truth <= r.CI.High {
			covered++
		}
	}
	if covered < 106 {
		t.Errorf("the interval covers the true value in %d of %d samples", covered, samples)
	}
}

func TestTheBootstrapTellsHowFarItIs(t *testing.T) {
	t.Parallel()
	last, of := 0, 0
	r := omega(t, simulated(3, 80, 1, 0.8, 0.7, 0.9), OmegaOptions{Resamples: 300, Progress: func(done, total int) {
		if done <= last {
			t.Errorf("told of %d after %d", done, last)
		}
		last, of = done, total
	}})
	if !r.CI.OK() || last != 300 || of != 300 {
		t.Errorf("told of %d of %d samples, interval %v", last, of, r.CI)
	}
}
