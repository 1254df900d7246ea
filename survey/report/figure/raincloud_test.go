package figure

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestRaincloudLeavesOutWhatIsNotAPair(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	r := Raincloud{Min: 1, Max: 5, Pre: []float64{2, nan, 3, 4, 2}, Post: []float64{3, 3, nan, 4}}
	if got, want := r.Alt(), "2 people on a scale from 1 to 5"; !strings.HasPrefix(got, want) {
		t.Errorf("got %q, want it to begin with %q", got, want)
	}
	if got := r.Table().Rows[0][1]; got != "2" {
		t.Errorf("n is %s, want 2", got)
	}
}

func TestRaincloudSaysWhoIsBeyondTheScale(t *testing.T) {
	t.Parallel()
	r := Raincloud{Min: 1, Max: 5, Pre: []float64{2, 0, 3}, Post: []float64{3, 3, 7}}
	if got, want := r.Alt(), "2 with a score beyond the scale, drawn at its edge."; !strings.HasSuffix(got, want) {
		t.Errorf("got %q, want it to end in %q", got, want)
	}
}

func TestRaincloudCountsEveryoneOnceInItsLines(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 60).Draw(t, "n")
		score := rapid.SampledFrom([]float64{1, 1.5, 2, 3, 4, 5})
		r := Raincloud{Min: 1, Max: 5, Pre: rapid.SliceOfN(score, n, n).Draw(t, "pre"), Post: rapid.SliceOfN(score, n, n).Draw(t, "post")}
		counts := map[Role]int{}
		dots := 0
		for _, m := range r.Draw(SizeStandard).Marks {
			switch m := m.(type) {
			case Lines:
				if m.Paint.Stroke == RoleUp || m.Paint.Stroke == RoleDown || m.Paint.Stroke == RoleSame {
					counts[m.Paint.Stroke] += len(m.Paths)
					for _, path := range m.Paths {
						requireDirection(t, m.Paint.Stroke, path)
					}
				}
			case Dots:
				if m.Paint.Fill == RolePre || m.Paint.Fill == RolePost {
					dots += len(m.At)
				}
			}
		}
		p := r.pairs()
		if counts[RoleUp] != p.up || counts[RoleDown] != p.down || counts[RoleSame] != p.same || p.up+p.down+p.same != n {
			t.Fatalf("lines %v, counted %d up, %d down, %d same of %d", counts, p.up, p.down, p.same, n)
		}
		if dots != 2*n {
			t.Fatalf("%d dots for %d people", dots, n)
		}
	})
}

// requireDirection checks that a line runs the way its colour says.
func requireDirection(t *rapid.T, role Role, path []Point) {
	t.Helper()
	rise := path[0].Y - path[1].Y
	if (role == RoleUp && rise <= 0) || (role == RoleDown && rise >= 0) || (role == RoleSame && rise != 0) {
		t.Fatalf("%s line from %v to %v", role, path[0], path[1])
	}
}

func TestRaincloudWithoutSpreadHasNoCloud(t *testing.T) {
	t.Parallel()
	for name, xs := range map[string][]float64{
		"nobody": {}, "one": {3}, "two": {2, 3}, "constant": {3, 3, 3, 3},
		// A sum of tenths and the number itself differ in the last bit only.
		"constant but for rounding": {0.1 + 0.2, 0.3, 0.3, 0.3},
	} {
		r := Raincloud{Min: 0, Max: 5, Pre: xs, Post: xs}
		for _, m := range r.Draw(SizeStandard).Marks {
			if p, ok := m.(Polygon); ok {
				t.Errorf("%s: drew a shape of %d points", name, len(p.Points))
			}
		}
	}
}

func TestDensityKeepsItsWholeWeightWithinTheScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		xs := rapid.SliceOfN(rapid.Float64Range(1, 5), 3, 50).Draw(t, "xs")
		f := density(xs, 1, 5)
		if f == nil {
			t.Skip("constant")
		}
		// Trapezoids; the kernel is at least one step wide, where they are
		// exact to a few thousandths.
		area := -(f[0] + f[len(f)-1]) / 2
		for _, v := range f {
			area += v
		}
		area *= 4.0 / (densityGrid - 1)
		if math.Abs(area-1) > 0.005 {
			t.Fatalf("area %g, want 1", area)
		}
	})
}

func TestDensityMirrorsWithTheScores(t *testing.T) {
	t.Parallel()
	xs := []float64{1, 1.2, 2, 2.1, 2.2, 3, 4.4}
	mirrored := make([]float64, len(xs))
	for i, x := range xs {
		mirrored[i] = 6 - x
	}
	f, g := density(xs, 1, 5), density(mirrored, 1, 5)
	slices.Reverse(g)
	for i := range f {
		if math.Abs(f[i]-g[i]) > 1e-9 {
			t.Fatalf("at place %d: %g and %g", i, f[i], g[i])
		}
	}
}

func TestBandwidthIsSilvermansRule(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		xs   []float64
		want float64
	}{
		// SD sqrt(2.5) = 1.5811, IQR/1.34 = 1.4925, n^-0.2 = 0.72478.
		{[]float64{1, 2, 3, 4, 5}, 0.9 * (2 / 1.34) * math.Pow(5, -0.2)},
		// IQR 0: the SD, sqrt(0.2), alone.
		{[]float64{3, 3, 3, 3, 4}, 0.9 * math.Sqrt(0.2) * math.Pow(5, -0.2)},
	} {
		if got := bandwidth(tc.xs); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("bandwidth(%v) = %g, want %g", tc.xs, got, tc.want)
		}
	}
}
