package spd

import "math"

// Factor replaces the lower triangle of the n × n matrix a by its Cholesky
// factor L, a = L·Lᵀ, and reports whether a is positive definite: whether each
// pivot exceeds tol times the diagonal element it came from. The upper triangle
// is neither read nor changed.
func Factor(a []float64, n int, tol float64) bool {
	for j := range n {
		row := a[j*n : j*n+j+1]
		pivot := row[j]
		for _, v := range row[:j] {
			pivot -= v * v
		}
		if !(pivot > tol*row[j]) || math.IsInf(pivot, 1) {
			return false
		}
		d := math.Sqrt(pivot)
		row[j] = d
		for i := j + 1; i < n; i++ {
			below := a[i*n : i*n+j+1]
			s := below[j]
			for k, v := range row[:j] {
				s -= v * below[k]
			}
			below[j] = s / d
		}
	}
	return true
}

// LogDet is log|L·Lᵀ| of a factor.
func LogDet(l []float64, n int) float64 {
	sum := 0.0
	for j := range n {
		sum += math.Log(l[j*n+j])
	}
	return 2 * sum
}

// Forward solves L·x = b in place.
func Forward(l []float64, n int, b []float64) {
	for i := range n {
		row := l[i*n : i*n+i+1]
		s := b[i]
		for k, v := range row[:i] {
			s -= v * b[k]
		}
		b[i] = s / row[i]
	}
}

// Backward solves Lᵀ·x = b in place.
func Backward(l []float64, n int, b []float64) {
	for i := n - 1; i >= 0; i-- {
		b[i] /= l[i*n+i]
		v := b[i]
		for k := range i {
			b[k] -= l[i*n+k] * v
		}
	}
}

// Solve solves L·Lᵀ·x = b in place.
func Solve(l []float64, n int, b []float64) {
	Forward(l, n, b)
	Backward(l, n, b)
}

// Invert writes the full inverse of L·Lᵀ to out, which must not overlap l.
func Invert(l []float64, n int, out []float64) {
	column := make([]float64, n)
	for j := range n {
		clear(column)
		column[j] = 1
		Solve(l, n, column)
		for i := j; i < n; i++ {
			out[i*n+j], out[j*n+i] = column[i], column[i]
		}
	}
}
