package missing

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/stat/distuv"

	"tidemark/analysis/internal/spd"
)

// collinear is the share of a predictor's variance that must not be explained
// by the ones already in the regression for it to enter.
const collinear = 1e-8

// matcher imputes one column at a time by predictive mean matching; its working
// space is used again.
type matcher struct {
	random *rand.Rand
	donors int

	donorList []donor
	sorting   []donor
	columns   []float64 // centred predictors in the observed rows, one by one
	fitted    []float64
	rest      []float64 // residuals
	products  []float64
	right     []float64
	means     []float64
	kept      []int
	factor    []float64
	slopes    []float64
	drawn     []float64
}

func newMatcher(random *rand.Rand, donors int) *matcher {
	return &matcher{random: random, donors: donors}
}

// grown returns s with length n, all zero.
func grown(s []float64, n int) []float64 {
	if cap(s) < n {
		return make([]float64, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// impute replaces y at the absent rows.
func (m *matcher) impute(y []float64, predictors [][]float64, observed, absent []int) {
	if len(absent) == 0 {
		return
	}
	centre := m.regress(y, predictors, observed)
	sigma := m.draw(len(observed))
	m.donorList = m.donorList[:0]
	for i, row := range observed {
		m.donorList = append(m.donorList, donor{centre + m.fitted[i], y[row]})
	}
	// Donors with equal predictions stand in random order: the shuffle makes every
	// order of them equally likely, and sorting, stable or not, cannot tell them
	// apart.
	m.random.Shuffle(len(m.donorList), func(a, b int) {
		m.donorList[a], m.donorList[b] = m.donorList[b], m.donorList[a]
	})
	m.sortDonors()
	shift := centre + sigma/math.Sqrt(float64(len(observed)))*m.random.NormFloat64()
	for _, row := range absent {
		predicted := shift
		for k, j := range m.kept {
			predicted += m.drawn[k] * (predictors[j][row] - m.means[j])
		}
		y[row] = m.nearest(predicted)
	}
}

// regress fits y on the predictors in the observed rows and returns the mean of
// y. Predictors enter from the most to the least correlated, as long as they add
// something and leave a degree of freedom. It leaves deviations from that mean,
// fitted and residual.
func (m *matcher) regress(y []float64, predictors [][]float64, observed []int) float64 {
	p, n := len(predictors), len(observed)
	m.means, m.products, m.right = grown(m.means, p), grown(m.products, p*p), grown(m.right, p)
	m.columns, m.rest, m.fitted = grown(m.columns, n*p), grown(m.rest, n), grown(m.fitted, n)
	centre := gather(y, observed, m.rest)
	for j, x := range predictors {
		column := m.columns[j*n : (j+1)*n]
		m.means[j] = gather(x, observed, column)
		m.right[j] = floats.Dot(column, m.rest)
		for k := range j + 1 {
			m.products[j*p+k] = floats.Dot(column, m.columns[k*n:(k+1)*n])
		}
	}
	m.choose(p, n)
	q := len(m.kept)
	m.slopes = grown(m.slopes, q)
	for k, j := range m.kept {
		m.slopes[k] = m.right[j]
	}
	spd.Solve(m.factor, q, m.slopes)
	for k, j := range m.kept {
		floats.AddScaled(m.fitted, m.slopes[k], m.columns[j*n:(j+1)*n])
	}
	floats.Sub(m.rest, m.fitted)
	return centre
}

// gather writes the rows of x as deviations from their mean, which it returns.
func gather(x []float64, rows []int, out []float64) float64 {
	sum := 0.0
	for i, row := range rows {
		out[i] = x[row]
		sum += x[row]
	}
	mean := sum / float64(len(rows))
	floats.AddConst(-mean, out)
	return mean
}

// choose fills in which predictors enter and the Cholesky factor of their
// products.
func (m *matcher) choose(p, n int) {
	at := func(j, k int) float64 { return m.products[max(j, k)*p+min(j, k)] }
	order := make([]int, 0, p)
	strength := make([]float64, p)
	for j := range p {
		// What rounding leaves of a constant is not variance.
		if s := at(j, j); s > 1e-24*float64(n)*m.means[j]*m.means[j] && s > 0 {
			strength[j] = math.Abs(m.right[j]) / math.Sqrt(s)
			order = append(order, j)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(strength[b], strength[a]) })
	m.kept = m.kept[:0]
	m.factor, m.drawn = grown(m.factor, p*p), grown(m.drawn, p)
	rows := make([]float64, 0, p*p) // of the factor, growing
	for _, j := range order {
		q := len(m.kept)
		if q >= n-2 {
			break
		}
		row := make([]float64, q+1)
		rest := at(j, j)
		start := 0
		for k, other := range m.kept {
			s := at(j, other)
			for l, v := range rows[start : start+k] {
				s -= v * row[l]
			}
			row[k] = s / rows[start+k]
			rest -= row[k] * row[k]
			start += k + 1
		}
		if rest <= collinear*at(j, j) {
			continue
		}
		row[q] = math.Sqrt(rest)
		rows = append(rows, row...)
		m.kept = append(m.kept, j)
	}
	q, start := len(m.kept), 0
	for k := range q {
		copy(m.factor[k*q:k*q+k+1], rows[start:start+k+1])
		start += k + 1
	}
}

// draw draws residual variance and slopes from their posterior under the usual
// vague prior, σ² = RSS/χ² and β = β̂ + σ·L⁻ᵀz, and returns σ.
func (m *matcher) draw(n int) float64 {
	q := len(m.kept)
	rss := floats.Dot(m.rest, m.rest)
	df := float64(max(n-q-1, 1))
	sigma := math.Sqrt(rss / distuv.ChiSquared{K: df, Src: m.random}.Rand())
	m.drawn = m.drawn[:q]
	for k := range m.drawn {
		m.drawn[k] = sigma * m.random.NormFloat64()
	}
	spd.Backward(m.factor, q, m.drawn)
	floats.Add(m.drawn, m.slopes)
	return sigma
}
