package mixed

// definiteTolerance is the share of a diagonal element that must be left of it
// when a matrix is factored; below, it is singular but for rounding.
const definiteTolerance = 1e-14

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
