package figure

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestScaleIsMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1000, 1000).Draw(t, "lo")
		s := scale{lo: lo, hi: lo + rapid.Float64Range(0.1, 1000).Draw(t, "span"), top: 12, bottom: 300}
		a, b := rapid.Float64Range(-3000, 3000).Draw(t, "a"), rapid.Float64Range(-3000, 3000).Draw(t, "b")
		if a > b {
			a, b = b, a
		}
		if s.at(a) < s.at(b) {
			t.Fatalf("%g is drawn above %g", a, b)
		}
		if y := s.at(a); y < 12-1e-9 || y > 300+1e-9 {
			t.Fatalf("%g is drawn at %g, outside of the plot", a, y)
		}
	})
}

func TestTightRangeHoldsTheDataOnRoundTicks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name           string
		dataLo, dataHi float64
		lo, hi         float64
		want           []float64
	}{
		{"a course on 1 to 5", 2.45, 3.5, 1, 5, []float64{2, 2.5, 3, 3.5}},
		{"the whole scale", 1, 5, 1, 5, []float64{1, 2, 3, 4, 5}},
		{"no spread widens to a quarter", 3, 3, 1, 5, []float64{2.5, 3, 3.5}},
		{"no spread at the end", 5, 5, 1, 5, []float64{4, 4.5, 5}},
		{"sum score", 8, 14, 0, 27, []float64{6, 8, 10, 12, 14, 16}},
		{"per cent", 31, 66, 0, 100, []float64{30, 40, 50, 60, 70}},
	} {
		lo, hi, ticks := tightRange(tc.dataLo, tc.dataHi, tc.lo, tc.hi)
		if diff := cmp.Diff(ticks, tc.want); diff != "" {
			t.Errorf("%s: range %g to %g (-got +want):\n%s", tc.name, lo, hi, diff)
		}
	}
}

func TestTightRangeNeverCutsDataNorLeavesTheScale(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-100, 100).Draw(t, "lo")
		hi := lo + rapid.Float64Range(0.5, 500).Draw(t, "span")
		a, b := rapid.Float64Range(lo, hi).Draw(t, "a"), rapid.Float64Range(lo, hi).Draw(t, "b")
		if a > b {
			a, b = b, a
		}
		axisLo, axisHi, ticks := tightRange(a, b, lo, hi)
		eps := 1e-5 * (hi - lo)
		if axisLo > a+eps || axisHi < b-eps {
			t.Fatalf("axis %g to %g cuts data %g to %g", axisLo, axisHi, a, b)
		}
		if axisLo < lo || axisHi > hi {
			t.Fatalf("axis %g to %g leaves the scale %g to %g", axisLo, axisHi, lo, hi)
		}
		if len(ticks) < 2 || len(ticks) > 7 {
			t.Fatalf("%d ticks: %v", len(ticks), ticks)
		}
	})
}

func TestNumbersAreWrittenForReaders(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		v        float64
		decimals int
		want     string
	}{
		{-0.014, 2, "−0.01"}, {-0.001, 2, "0.00"}, {math.Copysign(0, -1), 0, "0"}, {2.675, 1, "2.7"}, {-12, 0, "−12"},
	} {
		if got := number(tc.v, tc.decimals); got != tc.want {
			t.Errorf("number(%g, %d) = %q, want %q", tc.v, tc.decimals, got, tc.want)
		}
	}
	if diff := cmp.Diff(tickLabels([]float64{2, 2.5, 3}), []string{"2.0", "2.5", "3.0"}); diff != "" {
		t.Errorf("ticks (-got +want):\n%s", diff)
	}
}

func TestPercentNeverRoundsAFewAway(t *testing.T) {
	t.Parallel()
	for fraction, want := range map[float64]string{0: "0%", 0.001: "<1%", 0.41: "41%", 0.999: ">99%", 1: "100%"} {
		if got := percent(fraction); got != want {
			t.Errorf("percent(%g) = %q, want %q", fraction, got, want)
		}
	}
}

func TestChangeBarFillsItsWidthInProportion(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 500)
		c := ChangeBar{Better: Share{N: n.Draw(t, "better")}, Same: Share{N: n.Draw(t, "same")}, Worse: Share{N: n.Draw(t, "worse")}}
		total := float64(c.Better.N + c.Same.N + c.Worse.N)
		d := c.Draw(SizeStandard)
		var widths []float64
		reached := 0.0
		for _, m := range d.Marks {
			p, ok := m.(Polygon)
			if !ok {
				continue
			}
			lo, hi := math.Inf(1), math.Inf(-1)
			for _, q := range p.Points {
				lo, hi = min(lo, q.X), max(hi, q.X)
			}
			if lo-reached > 2.001 || lo < reached-1e-9 {
				t.Fatalf("segment from %g after one to %g", lo, reached)
			}
			reached = hi
			widths = append(widths, hi-lo)
		}
		if len(widths) != 3 || math.Abs(reached-d.Width) > 1e-6 {
			t.Fatalf("%d segments up to %g of %g", len(widths), reached, d.Width)
		}
		for i, count := range []int{c.Better.N, c.Same.N, c.Worse.N} {
			// The least width and the gap cost at most 10 units of 480.
			if want := float64(count) / total * d.Width; math.Abs(widths[i]-want) > 10 || widths[i] < 1.5 {
				t.Fatalf("segment %d is %g wide, want about %g", i, widths[i], want)
			}
		}
	})
}

func TestEveryShareOfAChangeBarIsNamed(t *testing.T) {
	t.Parallel()
	c := ChangeBar{Better: Share{N: 2}, Same: Share{N: 996}, Worse: Share{N: 2}}
	var bodies []string
	below := 0
	d := c.Draw(SizeCompact)
	for _, m := range d.Marks {
		if text, ok := m.(Text); ok {
			bodies = append(bodies, text.Body)
			if text.At.Y > 30 {
				below++
			}
		}
	}
	if len(bodies) != 3 || below != 2 {
		t.Errorf("labels %q, %d below the bar; want 3, 2 of them below", bodies, below)
	}
}

func TestPathsRoundWithoutDrift(t *testing.T) {
	t.Parallel()
	// Ten steps of 0.04 must end at 0.4, though each rounds to nothing.
	path := make([]Point, 11)
	for i := range path {
		path[i] = Point{X: 10 + 0.04*float64(i), Y: 5}
	}
	want := "M10 5l0 0l.1 0l0 0l.1 0l0 0l0 0l.1 0l0 0l.1 0l0 0"
	if got := pathData([][]Point{path}); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := pathData([][]Point{{{1, 2}}, {{0.5, -3}, {4, 4}}}), "M1 2h0m-.5-5l3.5 7"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestTextIsShortenedToItsRoom(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom([]rune("abc mW漢é "))).Draw(t, "s")
		style := TextStyle{Size: 13}
		width := rapid.Float64Range(20, 200).Draw(t, "width")
		for _, line := range append(wrap(s, style, width), shorten(s, style, width)) {
			if textWidth(line, style) > width {
				t.Fatalf("%q is wider than %g", line, width)
			}
		}
	})
}
