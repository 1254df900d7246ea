package main

import "math"

// stream is a portable random stream: x ← 1664525·x + 1013904223 mod 2³² (the
// constants of Numerical Recipes), u = (x + ½)/2³². It is far from the best
// generator there is, and the same in every language.
type stream struct{ x uint32 }

func newStream(seed uint32) *stream { return &stream{seed} }

// uniform is the next number between 0 and 1. It is exact: 33 binary digits.
func (s *stream) uniform() float64 {
	s.x = 1664525*s.x + 1013904223
	return (float64(s.x) + 0.5) / (1 << 32)
}

// normal is the sum of twelve uniforms less 6: mean 0, variance 1, and exact
// again.
func (s *stream) normal() float64 {
	sum := 0.0
	for range 12 {
		sum += s.uniform()
	}
	return sum - 6
}

// normals are the next n normal deviates.
func (s *stream) normals(n int) []float64 {
	z := make([]float64, n)
	for i := range z {
		z[i] = s.normal()
	}
	return z
}

// thousandths rounds to three decimals as R 4 does: of the two neighbours with
// three decimals the nearer one, as doubles see it, or the even one.
func thousandths(x float64) float64 {
	below := math.Floor(1000 * x)
	low, high := below/1000, math.Ceil(1000*x)/1000
	down, up := x-low, high-x
	if down < up || down == up && math.Mod(below, 2) == 0 {
		return low
	}
	return high
}

// halfUp rounds to an integer, halves upwards.
func halfUp(x float64) float64 { return math.Floor(x + 0.5) }

// answer is a rounded answer on a scale from 1 to 5.
func answer(x float64) float64 { return min(max(halfUp(x), 1), 5) }
