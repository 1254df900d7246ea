package report

import "tidemark/analysis"

// Change is what happened in one group between two surveys. Means, SDs and
// changes are in points of the scale; change is later minus earlier.
type Change struct {
	Group string `json:"group"` // label; empty: everyone
	// People belong to the group, Pairs of them have both scores, the others
	// are Excluded.
	People   int         `json:"people"`
	Pairs    int         `json:"pairs"`
	Excluded []Exclusion `json:"excluded"`

	// Of the pairs:
	MeanPre    analysis.Estimate `json:"mean_pre"`
	SDPre      analysis.Estimate `json:"sd_pre"`
	MeanPreCI  analysis.Interval `json:"mean_pre_ci"`
	MeanPost   analysis.Estimate `json:"mean_post"`
	SDPost     analysis.Estimate `json:"sd_post"`
	MeanPostCI analysis.Interval `json:"mean_post_ci"`
	R          analysis.Estimate `json:"r"` // correlation of both

	Mean analysis.Estimate `json:"change"`
	SD   analysis.Estimate `json:"change_sd"`
	CI   analysis.Interval `json:"change_ci"`

	// Student's paired t test, two-sided; PHolm is P corrected over the
	// outcome's family.
	T     analysis.Estimate `json:"t"`
	DF    analysis.Estimate `json:"df"`
	P     analysis.Estimate `json:"p"`
	PHolm analysis.Estimate `json:"p_holm"`

	Rank Rank `json:"wilcoxon"`

	// Dz is the mean change over the SD of changes, its interval from the
	// noncentral t distribution (Steiger & Fouladi 1997). Gav is the mean
	// change over the root mean square of both SDs (Cumming 2012), times
	// Hedges' correction; its interval is Bird's (2002).
	Dz    analysis.Estimate `json:"d_z"`
	DzCI  analysis.Interval `json:"d_z_ci"`
	Gav   analysis.Estimate `json:"g_av"`
	GavCI analysis.Interval `json:"g_av_ci"`

	// Normality is the test of Shapiro and Wilk on the changes.
	NormalityW analysis.Estimate `json:"shapiro_wilk_w"`
	NormalityP analysis.Estimate `json:"shapiro_wilk_p"`

	Reliable ReliableChange `json:"reliable_change"`
	Lost     Attrition      `json:"attrition"`

	// The pairs themselves, for figures; never written out.
	pre, post []float64
}

// Rank is the signed-rank test of Wilcoxon, zeros dropped.
type Rank struct {
	V      analysis.Estimate   `json:"v"` // rank sum of increases
	P      analysis.Estimate   `json:"p"`
	Method analysis.RankMethod `json:"method"`
	// RankBiserial is the matched rank-biserial correlation (Kerby 2014).
	RankBiserial analysis.Estimate `json:"rank_biserial"`
	// HodgesLehmann is the median of the Walsh averages, in points.
	HodgesLehmann analysis.Estimate `json:"hodges_lehmann"`
	CI            analysis.Interval `json:"hodges_lehmann_ci"`
}

func newChange(g group, opt Options) Change {
	p := analysis.Paired(g.pre, g.post, opt.Level)
	return Change{
		Group: g.label, People: g.people, Pairs: len(g.pre), Excluded: g.excluded,
		MeanPre: p.Pre.Mean, SDPre: p.Pre.SD, MeanPreCI: p.Pre.MeanCI,
		MeanPost: p.Post.Mean, SDPost: p.Post.SD, MeanPostCI: p.Post.MeanCI,
		R:    p.T.R,
		Mean: p.T.MeanChange, SD: p.T.SDChange, CI: p.T.CI,
		T: p.T.T, DF: p.T.DF, P: p.T.P, PHolm: p.T.P,
		Rank: Rank{
			V: p.Rank.VPlus, P: p.Rank.P, Method: p.Rank.Method, RankBiserial: p.Rank.RankBiserial,
			HodgesLehmann: p.Rank.HodgesLehmann, CI: p.Rank.CI,
		},
		Dz: p.Effects.Dz, DzCI: p.Effects.DzCI, Gav: p.Effects.Gav, GavCI: p.Effects.GavCI,
		NormalityW: p.Change.ShapiroWilk.W, NormalityP: p.Change.ShapiroWilk.P,
		Reliable: newReliableChange(g, opt),
		Lost:     newAttrition(g, opt.Level),
		pre:      g.pre, post: g.post,
	}
}

// estimates are all numbers that come from answers, and intervals likewise.
func (c *Change) estimates() ([]*analysis.Estimate, []*analysis.Interval) {
	r, a := &c.Reliable, &c.Lost
	return []*analysis.Estimate{
			&c.MeanPre, &c.SDPre, &c.MeanPost, &c.SDPost, &c.R, &c.Mean, &c.SD, &c.T, &c.DF, &c.P, &c.PHolm,
			&c.Rank.V, &c.Rank.P, &c.Rank.RankBiserial, &c.Rank.HodgesLehmann,
			&c.Dz, &c.Gav, &c.NormalityW, &c.NormalityP, &r.SD, &r.SDiff, &r.Threshold, &r.CutOff,
			&a.MeanLost, &a.MeanStaying, &a.D,
		}, []*analysis.Interval{
			&c.MeanPreCI, &c.MeanPostCI, &c.CI, &c.Rank.CI, &c.DzCI, &c.GavCI, &a.DCI,
		}
}
