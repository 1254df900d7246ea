package analysis

// PairedResult gathers the statistics of one outcome measured before and after.
type PairedResult struct {
	Pre, Post, Change Description
	T                 PairedTResult
	Rank              WilcoxonResult
	Effects           PairedEffectSizes
}

// PairedMeans is PairedT and PairedEffects of the same pairs, which are looked at
// once.
func PairedMeans(pre, post []float64, level float64) (PairedTResult, PairedEffectSizes) {
	s := newPairSummary(pre, post, true)
	return pairedT(s, level), pairedEffects(s, level)
}

// Paired computes the whole pre/post table of one outcome: descriptives of the
// complete pairs and of their change (whose Shapiro–Wilk test is the one that
// matters for the t test), paired t test, signed-rank test and effect sizes, all
// with intervals at the same level. The parts say themselves what is not
// estimable.
func Paired(pre, post []float64, level float64) PairedResult {
	p := newPairs(pre, post)
	s := p.summary()
	return PairedResult{
		Pre:     describe(p.pre, 0, s.pre, level, p.fault),
		Post:    describe(p.post, 0, s.post, level, p.fault),
		Change:  describe(p.change, 0, s.change, level, p.fault),
		T:       pairedT(s, level),
		Rank:    wilcoxon(p, level),
		Effects: pairedEffects(s, level),
	}
}
