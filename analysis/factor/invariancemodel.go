package factor

import "math"

// model is a structure with a start for its parameters.
type model struct {
	structure
	start []float64
	// alphas are the parameters of the latent means by part, fixed in the first.
	alphas []int
	// covariances are the parameters that a cautious start sets to zero.
	covariances []int
}

// add makes a parameter with a start.
func (m *model) add(start float64) int {
	m.start = append(m.start, start)
	return m.free()
}

// startFor returns the start, without covariances if they make Σ indefinite.
func (m *model) startFor(d *discrepancy) []float64 {
	for range 2 {
		if d.at(m.start, false) {
			break
		}
		for _, k := range m.covariances {
			m.start[k] = 0
		}
	}
	return m.start
}

// part is one group or wave as the start sees it: the covariances and means of
// its items.
type part struct {
	cov, mean           []float64
	loadings, residuals []float64
}

func newPart(cov, mean []float64) part {
	p := part{cov: cov, mean: mean}
	p.loadings, p.residuals = firstGuess(cov, len(mean))
	return p
}

// latent starts the factor of each part: 1 and 0 in the first, else by the best
// rescaling of the first part's loadings, and by the mean shift of the items.
func latent(parts []part, g int) (variance, mean float64) {
	var cross, square, shift, weight float64
	for i, l := range parts[0].loadings {
		cross += l * parts[g].loadings[i]
		square += l * l
		shift += l * (parts[g].mean[i] - parts[0].mean[i])
		weight += l * l
	}
	if square == 0 {
		return 1, 0
	}
	ratio := cross / square
	return math.Max(0.05, ratio*ratio), shift / weight
}

// measurement adds loadings, intercepts, residual variances, factor variances
// and means of every part. place gives a part's group, its first item and its
// factor.
func (m *model) measurement(parts []part, to Level, place func(part int) (group, item, factor int)) {
	k := len(parts[0].mean)
	sharedLoadings, sharedIntercepts := make([]int, k), make([]int, k)
	for i := range k {
		sharedLoadings[i], sharedIntercepts[i] = fixed, fixed
		if to != Configural {
			sharedLoadings[i] = m.add(parts[0].loadings[i])
		}
		if to == Scalar {
			sharedIntercepts[i] = m.add(parts[0].mean[i])
		}
	}
	for g, p := range parts {
		group, item, f := place(g)
		put := func(e element) { m.groups[group] = append(m.groups[group], e) }
		variance, shift := latent(parts, g)
		for i := range k {
			l, nu := sharedLoadings[i], sharedIntercepts[i]
			if l == fixed {
				l = m.add(p.loadings[i])
			}
			if nu == fixed {
				nu = m.add(p.mean[i])
			}
			put(element{kind: loading, i: item + i, j: f, param: l})
			put(element{kind: intercept, i: item + i, param: nu})
			put(element{kind: residual, i: item + i, j: item + i, param: m.add(p.residuals[i])})
		}
		psi := element{kind: covariance, i: f, j: f, param: fixed, value: 1}
		if g > 0 && to != Configural {
			psi.param = m.add(variance)
		}
		put(psi)
		alpha := element{kind: mean, i: f, param: fixed}
		if g > 0 && to == Scalar {
			alpha.param = m.add(shift)
		}
		put(alpha)
		m.alphas = append(m.alphas, alpha.param)
	}
}
