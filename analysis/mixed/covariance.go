package mixed

import (
	"math"

	"tidemark/analysis/internal/spd"
)

// Covariance names a structure of the covariance matrix of a person's visits.
type Covariance string

// The structures, from the most general to the most restricted. "Heterogeneous"
// means a variance per visit. Lags count visits, whatever time lies between
// them.
const (
	// Unstructured: every variance and covariance is free, m(m+1)/2 of them.
	Unstructured Covariance = "us"
	// HeterogeneousToeplitz: a correlation per lag; 2m − 1.
	HeterogeneousToeplitz Covariance = "toeph"
	// Toeplitz: the same with one variance; m.
	Toeplitz Covariance = "toep"
	// HeterogeneousAR1: correlation ρ^lag; m + 1.
	HeterogeneousAR1 Covariance = "ar1h"
	// AR1: the same with one variance; 2.
	AR1 Covariance = "ar1"
	// HeterogeneousCS: compound symmetry, one correlation for all; m + 1.
	HeterogeneousCS Covariance = "csh"
	// CompoundSymmetry: the same with one variance; 2.
	CompoundSymmetry Covariance = "cs"
)

// Ladder returns structures to fall back to when an unstructured covariance
// cannot be estimated, in order.
func Ladder() []Covariance {
	return []Covariance{HeterogeneousToeplitz, AR1, CompoundSymmetry}
}

// Valid reports whether c is one of the structures.
func (c Covariance) Valid() bool {
	switch c {
	case Unstructured, HeterogeneousToeplitz, Toeplitz, HeterogeneousAR1, AR1, HeterogeneousCS, CompoundSymmetry:
		return true
	}
	return false
}

// heterogeneous reports whether each visit has a variance of its own.
func (c Covariance) heterogeneous() bool {
	return c == HeterogeneousToeplitz || c == HeterogeneousAR1 || c == HeterogeneousCS
}

// perLag reports whether each lag has a correlation of its own.
func (c Covariance) perLag() bool { return c == HeterogeneousToeplitz || c == Toeplitz }

// autoregressive reports whether correlations are powers of one.
func (c Covariance) autoregressive() bool { return c == HeterogeneousAR1 || c == AR1 }

// correlations is the number of correlation parameters of m visits.
func (c Covariance) correlations(m int) int {
	switch {
	case m < 2:
		return 0
	case c.perLag():
		return m - 1
	}
	return 1
}

// Parameters is the number of variances and covariances of m visits.
func (c Covariance) Parameters(m int) int {
	switch {
	case c == Unstructured:
		return packedLen(m)
	case c.heterogeneous():
		return m + c.correlations(m)
	}
	return 1 + c.correlations(m)
}

// correlated is S_ab = exp(λ_a + λ_b)·c_ab(ρ). Its parameters are the logarithms
// of the standard deviations, one or m, then the correlations.
type correlated struct {
	kind Covariance
	m    int
}

// sds is the number of standard deviations.
func (c correlated) sds() int {
	if c.kind.heterogeneous() {
		return c.m
	}
	return 1
}

// pair returns the parts of S_ab: the indices of its two standard deviations and
// of its correlation (−1 on the diagonal), exp(λ_a + λ_b), and the correlation
// with its first two derivatives.
func (c correlated) pair(theta []float64, a, b int) (x, y, h int, scale, r, r1, r2 float64) {
	if c.kind.heterogeneous() {
		x, y = a, b
	}
	scale = math.Exp(theta[x] + theta[y])
	lag := a - b
	if lag == 0 {
		return x, y, -1, scale, 1, 0, 0
	}
	h = c.sds()
	if c.kind.perLag() {
		h += lag - 1
	}
	if !c.kind.autoregressive() {
		return x, y, h, scale, theta[h], 1, 0
	}
	rho, n := theta[h], float64(lag)
	r = math.Pow(rho, n)
	r1 = n * math.Pow(rho, n-1)
	if lag > 1 {
		r2 = n * (n - 1) * math.Pow(rho, n-2)
	}
	return x, y, h, scale, r, r1, r2
}

func (c correlated) matrix(theta []float64) []float64 {
	s := make([]float64, c.m*c.m)
	for a := range c.m {
		for b := range a + 1 {
			_, _, _, scale, r, _, _ := c.pair(theta, a, b)
			s[a*c.m+b], s[b*c.m+a] = scale*r, scale*r
		}
	}
	return s
}

func (c correlated) jacobian(theta []float64) [][]float64 {
	out := make([][]float64, len(theta))
	for i := range out {
		out[i] = make([]float64, packedLen(c.m))
	}
	for a := range c.m {
		for b := range a + 1 {
			x, y, h, scale, r, r1, _ := c.pair(theta, a, b)
			j := packed(a, b)
			out[x][j] += scale * r
			out[y][j] += scale * r
			if h >= 0 {
				out[h][j] = scale * r1
			}
		}
	}
	return out
}

func (c correlated) curvature(theta, g []float64) []float64 {
	n := len(theta)
	out := make([]float64, n*n)
	for a := range c.m {
		for b := range a + 1 {
			x, y, h, scale, r, r1, r2 := c.pair(theta, a, b)
			v := g[packed(a, b)] * scale
			for _, i := range [2]int{x, y} {
				out[i*n+x] += v * r
				out[i*n+y] += v * r
				if h >= 0 {
					out[i*n+h] += v * r1
					out[h*n+i] += v * r1
				}
			}
			if h >= 0 {
				out[h*n+h] += v * r2
			}
		}
	}
	return out
}

// start returns parameters near a covariance matrix: its variances, and its
// correlations averaged over the pairs that share one.
func (c correlated) start(s []float64) []float64 {
	m := c.m
	theta := make([]float64, c.sds()+c.kind.correlations(m))
	pooled := 0.0
	for a := range m {
		pooled += s[a*m+a] / float64(m)
	}
	for i := range c.sds() {
		theta[i] = math.Log(pooled) / 2
		if c.kind.heterogeneous() {
			theta[i] = math.Log(s[i*m+i]) / 2
		}
	}
	count := make([]float64, len(theta))
	for a := range m {
		for b := range a {
			lag := a - b
			h := c.sds()
			if c.kind.perLag() {
				h += lag - 1
			}
			if c.kind.autoregressive() && lag > 1 {
				continue
			}
			count[h]++
			theta[h] += s[a*m+b] / math.Sqrt(s[a*m+a]*s[b*m+b])
		}
	}
	for h, n := range count {
		if n > 0 {
			theta[h] /= n
		}
	}
	// Averages of correlations need not fit together: draw them towards zero
	// until they do.
	for range 60 {
		if spd.Factor(c.matrix(theta), m, definiteTolerance) {
			break
		}
		for h := c.sds(); h < len(theta); h++ {
			theta[h] *= 0.8
		}
	}
	return theta
}
