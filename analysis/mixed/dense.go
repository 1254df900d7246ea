package mixed

import "math"

// Small dense matrices are row-major slices. A symmetric matrix may be packed:
// element (i, j) with i ≥ j stands at i(i+1)/2 + j.

// packed returns the place of an element of a packed symmetric matrix.
func packed(i, j int) int {
	if i < j {
		i, j = j, i
	}
	return i*(i+1)/2 + j
}

// packedLen is the length of a packed symmetric matrix of order n.
func packedLen(n int) int { return n * (n + 1) / 2 }

// fold returns how often an element of a packed matrix stands in the full one.
func fold(i, j int) float64 {
	if i == j {
		return 1
	}
	return 2
}

// cholesky replaces the lower triangle of a symmetric matrix of order n by its
// factor and reports whether the matrix is positive definite beyond rounding.
func cholesky(a []float64, n int) bool {
	const tolerance = 1e-14
	for j := range n {
		whole := a[j*n+j]
		d := whole
		for k := range j {
			d -= a[j*n+k] * a[j*n+k]
		}
		if !(d > tolerance*whole) || math.IsInf(d, 1) {
			return false
		}
		d = math.Sqrt(d)
		a[j*n+j] = d
		for i := j + 1; i < n; i++ {
			v := a[i*n+j]
			for k := range j {
				v -= a[i*n+k] * a[j*n+k]
			}
			a[i*n+j] = v / d
		}
	}
	return true
}

// logDet returns twice the sum of the logarithms of a factor's diagonal.
func logDet(l []float64, n int) float64 {
	s := 0.0
	for i := range n {
		s += math.Log(l[i*n+i])
	}
	return 2 * s
}

// forward solves L·x = b in place.
func forward(l []float64, n int, b []float64) {
	for i := range n {
		v := b[i]
		for k := range i {
			v -= l[i*n+k] * b[k]
		}
		b[i] = v / l[i*n+i]
	}
}

// backward solves Lᵀ·x = b in place.
func backward(l []float64, n int, b []float64) {
	for i := n - 1; i >= 0; i-- {
		v := b[i]
		for k := i + 1; k < n; k++ {
			v -= l[k*n+i] * b[k]
		}
		b[i] = v / l[i*n+i]
	}
}

// inverse writes the inverse of L·Lᵀ in full.
func inverse(l []float64, n int, out []float64) {
	column := make([]float64, n)
	for j := range n {
		clear(column)
		column[j] = 1
		forward(l, n, column)
		backward(l, n, column)
		for i := range n {
			out[i*n+j] = column[i]
		}
	}
	for i := range n {
		for j := range i {
			v := (out[i*n+j] + out[j*n+i]) / 2
			out[i*n+j], out[j*n+i] = v, v
		}
	}
}

// quadratic returns xᵀ·A·y for a full matrix of order n.
func quadratic(a []float64, n int, x, y []float64) float64 {
	s := 0.0
	for i := range n {
		row := 0.0
		for j := range n {
			row += a[i*n+j] * y[j]
		}
		s += x[i] * row
	}
	return s
}

// product returns A·B for matrices of order n.
func product(a, b []float64, n int) []float64 {
	out := make([]float64, n*n)
	for i := range n {
		for k := range n {
			v := a[i*n+k]
			for j := range n {
				out[i*n+j] += v * b[k*n+j]
			}
		}
	}
	return out
}
