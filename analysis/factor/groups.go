package factor

import (
	"context"
	"fmt"

	"tidemark/analysis"
)

// GroupInvariance asks whether one factor is measured alike in several groups:
// the configural, metric and scalar models of lavaan's group.equal, by maximum
// likelihood on complete cases. groups has a label per person; an empty one is
// missing. Items and options are as in CFA; items that do not vary in a group
// are not dropped, because the models would differ.
//
// Not estimable: fewer than two groups, fewer than three items, an item that
// does not vary in a group, linearly dependent items in a group. The error is
// that of the context.
func GroupInvariance(ctx context.Context, items [][]float64, groups []string, opt Options) (InvarianceResult, error) {
	r := InvarianceResult{K: len(items)}
	scales, units, why := r.split(items, groups, opt)
	var samples []sample
	for g := range scales {
		if why != "" {
			break
		}
		var s sample
		s, why = newSample(scales[g].Columns, units)
		samples = append(samples, s)
	}
	if why != "" {
		r.withhold(why, opt.level())
		return r, nil
	}
	parts := make([]part, len(samples))
	for g, s := range samples {
		parts[g] = newPart(s.cov, s.mean)
	}
	build := func(to Level) model {
		m := model{structure: structure{items: r.K, factors: 1, means: true, groups: make([][]element, len(parts))}}
		m.measurement(parts, to, func(g int) (group, item, factor int) { return g, 0, 0 })
		return m
	}
	if err := r.ladder(ctx, build, samples, units, opt.level()); err != nil {
		return InvarianceResult{}, fmt.Errorf("compare groups: %w", err)
	}
	return r, nil
}

// split prepares the items of every group in units of all people.
func (r *InvarianceResult) split(items [][]float64, groups []string, opt Options) ([]analysis.Scale, units, analysis.Reason) {
	all, why := opt.scale(items)
	if why != "" {
		return nil, units{}, why
	}
	for _, x := range items {
		if len(x) != len(groups) {
			return nil, units{}, analysis.ReasonInvalidOption
		}
	}
	var names []string
	members := map[string][]int{}
	for i, g := range groups {
		if g == "" {
			continue
		}
		if members[g] == nil {
			names = append(names, g)
		}
		members[g] = append(members[g], i)
	}
	var scales []analysis.Scale
	for _, name := range names {
		own := make([][]float64, len(items))
		for i, x := range items {
			for _, p := range members[name] {
				own[i] = append(own[i], x[p])
			}
		}
		s, fault := opt.scale(own)
		why = analysis.FirstReason(why, fault)
		scales = append(scales, s)
		r.Parts = append(r.Parts, Part{Name: name, N: s.N, Dropped: s.Dropped})
		r.N += s.N
	}
	r.Excluded = len(groups) - r.N
	if why = analysis.FirstReason(why, r.needs(all)); why != "" {
		return nil, units{}, why
	}
	u := unitsOf(all.Columns)
	return scales, u, u.fault()
}

// needs says what the groups lack to be compared.
func (r *InvarianceResult) needs(all analysis.Scale) analysis.Reason {
	switch {
	case all.N == 0:
		return analysis.ReasonNoData
	case r.K < 3:
		return analysis.ReasonItemsTooFew3
	case len(r.Parts) < 2:
		return analysis.ReasonEmptyGroup
	}
	for _, p := range r.Parts {
		switch {
		case p.N == 0:
			return analysis.ReasonEmptyGroup
		case p.N < 2:
			return analysis.ReasonGroupTooFew2
		case len(p.Dropped) > 0:
			return analysis.ReasonZeroVariance
		}
	}
	return ""
}

// WaveInvariance asks whether one factor is measured alike at several waves:
// waves[w][i][p] is person p's answer to item i at wave w. It is one model with a
// factor per wave; factors correlate freely, and so do the residuals of the same
// item at different waves (Widaman, Ferrer & Conger 2010). The comparison model
// of CFI and TLI is that of uncorrelated items, lavaan's default. Only people
// who answered every item at every wave enter. names label the waves.
//
// Not estimable: as GroupInvariance, or items that depend linearly on each other
// over all waves, as they must with fewer people than items times waves. The
// error is that of the context.
func WaveInvariance(ctx context.Context, waves [][][]float64, names []string, opt Options) (InvarianceResult, error) {
	r := InvarianceResult{}
	all, units, why := r.join(waves, names, opt)
	var s sample
	if why == "" {
		s, why = newSample(all.Columns, units)
	}
	if why != "" {
		r.withhold(why, opt.level())
		return r, nil
	}
	parts := make([]part, len(waves))
	for w := range parts {
		parts[w] = newPart(block(s, w*r.K, r.K))
	}
	build := func(to Level) model {
		m := model{structure: structure{items: len(s.mean), factors: len(parts), means: true, groups: make([][]element, 1)}}
		m.measurement(parts, to, func(w int) (group, item, factor int) { return 0, w * r.K, w })
		m.overTime(parts, s)
		return m
	}
	if err := r.ladder(ctx, build, []sample{s}, units, opt.level()); err != nil {
		return InvarianceResult{}, fmt.Errorf("compare waves: %w", err)
	}
	return r, nil
}

// block is the covariance and mean of k items from one on.
func block(s sample, from, k int) (cov, mean []float64) {
	p := len(s.mean)
	for i := from; i < from+k; i++ {
		cov = append(cov, s.cov[i*p+from:i*p+from+k]...)
	}
	return cov, s.mean[from : from+k]
}

// overTime adds what connects the waves of a one-group model.
func (m *model) overTime(parts []part, s sample) {
	k, p := len(parts[0].mean), len(s.mean)
	for w := range parts {
		for v := range w {
			var cross, own, other float64
			for i, l := range parts[w].loadings {
				own += l * l
				other += parts[v].loadings[i] * parts[v].loadings[i]
				for j, h := range parts[v].loadings {
					if i != j {
						cross += l * h * s.cov[(w*k+i)*p+v*k+j]
					}
				}
			}
			start := 0.0
			if own*other > 0 {
				start = min(max(cross/(own*other)*float64(k)/float64(k-1), -0.9), 0.9)
			}
			psi := m.add(start)
			m.covariances = append(m.covariances, psi)
			m.groups[0] = append(m.groups[0], element{kind: covariance, i: w, j: v, param: psi})
			for i := range k {
				theta := m.add(0)
				m.groups[0] = append(m.groups[0], element{kind: residual, i: w*k + i, j: v*k + i, param: theta})
			}
		}
	}
}

// join prepares the items of all waves as one scale. An item is measured in the
// same units at every wave, those of the first.
func (r *InvarianceResult) join(waves [][][]float64, names []string, opt Options) (analysis.Scale, units, analysis.Reason) {
	if len(waves) > 0 {
		r.K = len(waves[0])
	}
	wide := opt
	wide.Names, wide.Keys = nil, nil
	var items [][]float64
	why := analysis.Reason("")
	if len(names) != len(waves) ||
		len(opt.Keys) > 0 && len(opt.Keys) != r.K || len(opt.Names) > 0 && len(opt.Names) != r.K {
		why = analysis.ReasonInvalidOption
	}
	for _, w := range waves {
		if len(w) != r.K {
			why = analysis.ReasonInvalidOption
		}
		items = append(items, w...)
		wide.Keys = append(wide.Keys, opt.Keys...)
	}
	if why != "" {
		return analysis.Scale{}, units{}, why
	}
	all, why := wide.scale(items)
	r.N, r.Excluded = all.N, all.Excluded
	for _, name := range names {
		r.Parts = append(r.Parts, Part{Name: name, N: all.N})
	}
	switch {
	case why != "":
	case r.K < 3:
		why = analysis.ReasonItemsTooFew3
	case len(waves) < 2:
		why = analysis.ReasonColumnsTooFew2
	case all.N == 0:
		why = analysis.ReasonNoData
	case all.N < 2:
		why = analysis.ReasonTooFew2
	case len(all.Dropped) > 0:
		why = analysis.ReasonZeroVariance
	}
	if why != "" {
		return all, units{}, why
	}
	u := unitsOf(all.Columns)
	for i := r.K; i < len(u.sd); i++ {
		u.centre[i], u.sd[i] = u.centre[i%r.K], u.sd[i%r.K]
	}
	return all, u, u.fault()
}
