package report

import "tidemark/analysis"

// Count is a number of people, or hidden because it is so small that the people
// could be recognised.
type Count struct {
	N      int
	Hidden bool
}

// ReliableChange says for how many people the change exceeds what error of
// measurement explains: |change| > Critical·SDiff with
// SDiff = SD·√2·√(1 − reliability) (Jacobson & Truax 1991).
type ReliableChange struct {
	Reliability analysis.Estimate `json:"reliability"`
	SD          analysis.Estimate `json:"sd"`
	SDiff       analysis.Estimate `json:"s_diff"`
	Critical    float64           `json:"critical"`
	// Threshold is Critical·SDiff, in points.
	Threshold analysis.Estimate `json:"threshold"`
	// Better, Same and Worse count the pairs in the direction of benefit; for
	// a neutral scale Better counts increases. They mean nothing when
	// Threshold has a reason.
	Better Count `json:"better"`
	Same   Count `json:"same"`
	Worse  Count `json:"worse"`
	// Recovered of the better have crossed the cut-off c between both
	// populations; both only with norms.
	CutOff    analysis.Estimate `json:"cut_off_c"`
	Recovered Count             `json:"recovered"`
}

const criticalChange = 1.96

func newReliableChange(g group, opt Options) ReliableChange {
	r := ReliableChange{
		Reliability: opt.Reliability.Value, Critical: criticalChange,
		SD: missing(ReasonNoReliability), SDiff: missing(ReasonNoReliability),
		Threshold: missing(ReasonNoReliability), CutOff: missing(analysis.ReasonNoNorms),
	}
	if opt.Reliability.unset() {
		r.Reliability = missing(ReasonNoReliability)
		return r
	}
	if !r.Reliability.OK() {
		r.SD, r.SDiff, r.Threshold = r.Reliability, r.Reliability, r.Reliability
		return r
	}
	o := analysis.ReliableChangeOptions{
		Reliability: r.Reliability.Value, Direction: opt.Scale.benefit(), Critical: criticalChange, Functional: opt.Norms,
	}
	if r.SD = opt.Reliability.SD; r.SD.OK() {
		o.SD = r.SD.Value
	}
	res := analysis.ReliableChange(g.pre, g.post, o)
	r.SDiff = res.SDiff
	if !res.JT.OK() {
		r.Threshold = missing(res.JT.Reason)
		return r
	}
	r.Threshold = known(res.JT.Critical * res.SDiff.Value)
	r.Better.N, r.Same.N, r.Worse.N = res.JT.Improved, res.JT.Unchanged, res.JT.Deteriorated
	if r.CutOff = res.CutoffC.Value; r.CutOff.OK() {
		r.Recovered.N = res.CutoffC.Recovered
	}
	return r
}

// unset reports whether nothing was said about reliability.
func (r Reliability) unset() bool { return r.Value == (analysis.Estimate{}) }
