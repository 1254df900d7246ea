package analysis

// PairedResult gathers the statistics of one outcome measured before and after.
type PairedResult struct {
	Pre, Post, Change Description
	T                 PairedTResult
	Rank              WilcoxonResult
	Effects           PairedEffectSizes
}

// Paired computes the whole pre/post table of one outcome: descriptives of the
// complete pairs and of their change (whose Shapiro–Wilk test is the one that
// matters for the t test), paired t test, signed-rank test and effect sizes, all
// with intervals at the same level. The parts say themselves what is not
// estimable.
func Paired(pre, post []float64, level float64) PairedResult {
	p := newPairs(pre, post)
	a, b := newMoments(p.pre, 0), newMoments(p.post, 0)
	change := newMoments(p.change, p.magnitude)
	return PairedResult{
		Pre:     describe(p.pre, 0, a, level, p.fault),
		Post:    describe(p.post, 0, b, level, p.fault),
		Change:  describe(p.change, 0, change, level, p.fault),
		T:       pairedT(p, a, b, change, level),
		Rank:    wilcoxon(p, level),
		Effects: pairedEffects(p, a, b, change, level),
	}
}
