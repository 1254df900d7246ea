package figure

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

func finite(vs ...float64) bool {
	for _, v := range vs {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// usableRange reports whether lo..hi can carry an axis: ordered, and neither
// so wide nor so narrow that arithmetic on it loses its meaning.
func usableRange(lo, hi float64) bool {
	if !finite(lo, hi) || lo >= hi {
		return false
	}
	magnitude := max(math.Abs(lo), math.Abs(hi))
	return magnitude <= 1e12 && hi-lo > 1e-9*magnitude && hi-lo > 1e-9
}

// scale maps values to heights: lo to bottom, hi to top, and what lies beyond
// to the nearer edge.
type scale struct{ lo, hi, top, bottom float64 }

func (s scale) at(v float64) float64 {
	t := min(max((v-s.lo)/(s.hi-s.lo), 0), 1)
	return s.bottom - t*(s.bottom-s.top)
}

// niceStep is the smallest of 1, 2, 5 × 10^k that cuts span into at most
// intervals parts.
func niceStep(span float64, intervals int) float64 {
	raw := span / float64(intervals)
	mag := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 5} {
		if m*mag >= raw*(1-1e-9) {
			return m * mag
		}
	}
	return 10 * mag
}

// stepTicks are the multiples of step within lo..hi.
func stepTicks(lo, hi, step float64) []float64 {
	var ticks []float64
	first := math.Ceil(lo/step - 1e-6)
	for k := 0.0; k < 100; k++ {
		v := (first + k) * step
		if v > hi+1e-6*step {
			break
		}
		ticks = append(ticks, v)
	}
	return ticks
}

// scaleTicks are the given ticks within lo..hi, or round ones when none is.
func scaleTicks(given []float64, lo, hi float64) []float64 {
	var ticks []float64
	for _, v := range given {
		if finite(v) && v >= lo && v <= hi {
			ticks = append(ticks, v)
		}
	}
	if len(ticks) == 0 {
		return stepTicks(lo, hi, niceStep(hi-lo, 6))
	}
	slices.Sort(ticks)
	return slices.Compact(ticks)
}

// tightRange is the range of a trend's axis: round ticks just around dataLo
// and dataHi, within the scale's lo..hi, and never less than a quarter of the
// scale, so that a trivial change does not look steep.
func tightRange(dataLo, dataHi, lo, hi float64) (axisLo, axisHi float64, ticks []float64) {
	dataLo, dataHi = min(max(dataLo, lo), hi), min(max(dataHi, lo), hi)
	if least := (hi - lo) / 4; dataHi-dataLo < least {
		middle := min(max((dataLo+dataHi)/2, lo+least/2), hi-least/2)
		dataLo, dataHi = middle-least/2, middle+least/2
	}
	// Where a scale ends between round numbers, few steps could leave one
	// tick or none within it.
	for intervals := 4; len(ticks) < 2 && intervals <= 16; intervals *= 2 {
		step := niceStep(dataHi-dataLo, intervals)
		axisLo = max(lo, math.Floor(dataLo/step+1e-6)*step)
		axisHi = min(hi, math.Ceil(dataHi/step-1e-6)*step)
		ticks = stepTicks(axisLo, axisHi, step)
	}
	return axisLo, axisHi, ticks
}

// tickLabels writes all ticks with the same number of decimals, at most 3.
func tickLabels(ticks []float64) []string {
	decimals := 0
	for _, v := range ticks {
		for decimals < 3 {
			p := math.Pow(10, float64(decimals))
			if math.Abs(v*p-math.Round(v*p)) < 1e-6 {
				break
			}
			decimals++
		}
	}
	labels := make([]string, len(ticks))
	for i, v := range ticks {
		labels[i] = number(v, decimals)
	}
	return labels
}

// number writes v with a true minus sign and never as minus zero; beyond all
// scales as a power of ten.
func number(v float64, decimals int) string {
	s := strconv.FormatFloat(v, 'f', decimals, 64)
	if math.Abs(v) >= 1e12 {
		s = strconv.FormatFloat(v, 'e', 1, 64)
	}
	digits, negative := strings.CutPrefix(s, "-")
	if negative && strings.Trim(digits, "0.") != "" {
		return "−" + digits
	}
	return digits
}
