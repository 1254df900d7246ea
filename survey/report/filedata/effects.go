package filedata

import (
	"slices"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report/paper"
)

// EffectRow is the change of a scale between two waves in a group, with every
// standardised effect by its name.
type EffectRow struct {
	Scale string `json:"scale"`
	Name  string `json:"name"`
	Pre   string `json:"pre"`
	Post  string `json:"post"`
	Group string `json:"group,omitempty"`
	N     int    `json:"n"`

	MeanPre  analysis.Estimate `json:"mean_pre"`
	SDPre    analysis.Estimate `json:"sd_pre"`
	MeanPost analysis.Estimate `json:"mean_post"`
	SDPost   analysis.Estimate `json:"sd_post"`
	R        analysis.Estimate `json:"r"`
	Change   analysis.Estimate `json:"change"`
	ChangeSD analysis.Estimate `json:"change_sd"`
	CI       analysis.Interval `json:"change_ci"`
	T        analysis.Estimate `json:"t"`
	DF       analysis.Estimate `json:"df"`
	P        analysis.Estimate `json:"p"`

	// G are corrected by the exact factor of Hedges (1981); GzApprox is by its
	// approximation 1 − 3/(4df − 1), which other programs use. Dav divides by the
	// root mean square of the two SDs (Cumming 2012), DavMeanSD by their mean
	// (Lakens 2013).
	Dz        analysis.Estimate `json:"d_z"`
	DzCI      analysis.Interval `json:"d_z_ci"`
	Gz        analysis.Estimate `json:"g_z"`
	GzApprox  analysis.Estimate `json:"g_z_approx"`
	DavMeanSD analysis.Estimate `json:"d_av_mean_sd"`
	Dav       analysis.Estimate `json:"d_av"`
	DavCI     analysis.Interval `json:"d_av_ci"`
	Gav       analysis.Estimate `json:"g_av"`
	Drm       analysis.Estimate `json:"d_rm"`
	Dpre      analysis.Estimate `json:"d_pre"`
}

// ContrastRow compares the change of two groups, course minus control.
type ContrastRow struct {
	Scale    string `json:"scale"`
	Name     string `json:"name"`
	Pre      string `json:"pre"`
	Post     string `json:"post"`
	Course   string `json:"course"`
	Control  string `json:"control"`
	NCourse  int    `json:"n_course"`
	NControl int    `json:"n_control"`

	Difference analysis.Estimate `json:"difference"`
	Welch      MeanTest          `json:"welch"`
	Student    MeanTest          `json:"student"`
	// DPPC2 is the effect of Morris (2008): the difference in change over the
	// pooled SD before, corrected.
	DPPC2   analysis.Estimate `json:"d_ppc2"`
	DPPC2CI analysis.Interval `json:"d_ppc2_ci"`
	// Ancova is the difference later at equal earlier scores.
	Ancova   analysis.Estimate `json:"ancova"`
	AncovaCI analysis.Interval `json:"ancova_ci"`
	AncovaT  analysis.Estimate `json:"ancova_t"`
	AncovaP  analysis.Estimate `json:"ancova_p"`
}

// DifferenceRow compares the scores of two groups at one wave.
type DifferenceRow struct {
	Scale      string            `json:"scale"`
	Course     string            `json:"course"`
	Control    string            `json:"control"`
	NCourse    int               `json:"n_course"`
	NControl   int               `json:"n_control"`
	Difference analysis.Estimate `json:"difference"`
	Welch      MeanTest          `json:"welch"`
	Student    MeanTest          `json:"student"`
	D          analysis.Estimate `json:"d"`
	DCI        analysis.Interval `json:"d_ci"`
	G          analysis.Estimate `json:"g"`
	GCI        analysis.Interval `json:"g_ci"`
	// GApprox is by the approximate correction, see EffectRow.
	GApprox analysis.Estimate `json:"g_approx"`
}

// times multiplies two numbers that may not exist.
func times(a, b analysis.Estimate) analysis.Estimate {
	return analysis.KnownUnless(analysis.FirstReason(a.Reason, b.Reason), a.Value*b.Value)
}

// MeanTest is a t test of a difference.
type MeanTest struct {
	T  analysis.Estimate `json:"t"`
	DF analysis.Estimate `json:"df"`
	P  analysis.Estimate `json:"p"`
	CI analysis.Interval `json:"ci"`
}

func newMeanTest(t analysis.MeanTest) MeanTest { return MeanTest{t.T, t.DF, t.P, t.CI} }

// CutOffRow is reliable and clinically significant change of a group by Jacobson
// and Truax (1991).
type CutOffRow struct {
	Scale string `json:"scale"`
	Pre   string `json:"pre"`
	Post  string `json:"post"`
	Group string `json:"group,omitempty"`
	N     int    `json:"n"`

	Reliability float64           `json:"reliability"`
	SD          analysis.Estimate `json:"sd"`
	SEM         analysis.Estimate `json:"sem"`
	SDiff       analysis.Estimate `json:"s_diff"`
	// Threshold is the least reliable change, in points.
	Threshold analysis.Estimate `json:"least_reliable_change"`
	CutOffA   analysis.Estimate `json:"cut_off_a"`
	CutOffB   analysis.Estimate `json:"cut_off_b"`
	CutOffC   analysis.Estimate `json:"cut_off_c"`
	// Recovered changed reliably and crossed the cut-off, Improved only changed.
	Recovered    int `json:"recovered"`
	Improved     int `json:"improved_only"`
	Unchanged    int `json:"unchanged"`
	Deteriorated int `json:"deteriorated"`
}

// effects follow the outcomes of the paper, each pair of waves of a scale once.
func (d *describing) effects(p *paper.Paper) {
	type pair struct{ scale, pre, post string }
	seen := map[pair]bool{}
	for i := range p.Outcomes {
		o := p.Outcomes[i].Planned
		if seen[pair{o.Scale, o.Pre, o.Post}] {
			continue
		}
		seen[pair{o.Scale, o.Pre, o.Post}] = true
		s, pre, post, ok := d.find(o.Scale, o.Pre, o.Post)
		if !ok {
			continue
		}
		for _, g := range d.groups() {
			d.effect(s, pre, post, g)
			d.cutOffs(p, s, pre, post, g)
		}
		if d.f.Control != "" {
			d.contrast(s, pre, post)
		}
	}
}

func (d *describing) find(key, pre, post string) (s *scale, before, after int, ok bool) {
	before, after = -1, -1
	for w := range d.f.Data.Waves {
		switch d.f.Data.Waves[w].Key {
		case pre:
			before = w
		case post:
			after = w
		}
	}
	for i := range d.f.scales {
		if d.f.scales[i].outcome.Key == key {
			s = &d.f.scales[i]
		}
	}
	ok = s != nil && before >= 0 && after >= 0 && s.values[before] != nil && s.values[after] != nil
	return s, before, after, ok
}

func (d *describing) effect(s *scale, pre, post, group int) {
	p := analysis.Paired(d.of(group, s.values[pre]), d.of(group, s.values[post]), d.level)
	e := p.Effects
	d.details.Effects = append(d.details.Effects, EffectRow{
		Scale: s.outcome.Key, Name: s.outcome.title(), Pre: d.f.Data.Waves[pre].Name, Post: d.f.Data.Waves[post].Name, Group: d.name(group),
		N: p.T.Pairs, MeanPre: p.Pre.Mean, SDPre: p.Pre.SD, MeanPost: p.Post.Mean, SDPost: p.Post.SD, R: p.T.R,
		Change: p.T.MeanChange, ChangeSD: p.T.SDChange, CI: p.T.CI, T: p.T.T, DF: p.T.DF, P: p.T.P,
		Dz: e.Dz, DzCI: e.DzCI, Gz: e.Gz, GzApprox: times(e.Dz, e.JApprox), DavMeanSD: e.DavMeanSD, Dav: e.Dav, DavCI: e.DavCI, Gav: e.Gav, Drm: e.Drm, Dpre: e.Dpre,
	})
}

// compared are the positions of the groups compared.
func (d *describing) compared() (course, control int) {
	for a := range d.f.Data.Arms {
		switch d.f.Data.Arms[a].Key {
		case d.f.Course:
			course = a
		case d.f.Control:
			control = a
		}
	}
	return course, control
}

func (d *describing) contrast(s *scale, pre, post int) {
	course, control := d.compared()
	x0, x1 := d.of(course, s.values[pre]), d.of(course, s.values[post])
	y0, y1 := d.of(control, s.values[pre]), d.of(control, s.values[post])
	t := analysis.WelchT(differences(x0, x1), differences(y0, y1), d.level)
	m := analysis.PrePostControl(x0, x1, y0, y1, d.level)
	arm := make([]float64, len(x0)+len(y0))
	for i := range x0 {
		arm[i] = 1
	}
	a := analysis.Ancova(arm, append(slices.Clip(x0), y0...), append(slices.Clip(x1), y1...), d.level)
	d.details.Contrasts = append(d.details.Contrasts, ContrastRow{
		Scale: s.outcome.Key, Name: s.outcome.title(), Pre: d.f.Data.Waves[pre].Name, Post: d.f.Data.Waves[post].Name,
		Course: d.name(course), Control: d.name(control), NCourse: t.NX, NControl: t.NY,
		Difference: t.Difference, Welch: newMeanTest(t.Welch), Student: newMeanTest(t.Student), DPPC2: m.DPPC2, DPPC2CI: m.CI,
		Ancova: a.Effect, AncovaCI: a.CI, AncovaT: a.T, AncovaP: a.P,
	})
}

func differences(pre, post []float64) []float64 {
	out := make([]float64, len(pre))
	for i := range out {
		out[i] = post[i] - pre[i]
	}
	return out
}

// differences compares the groups of a file with one wave.
func (d *describing) differences() {
	course, control := d.compared()
	for i := range d.f.scales {
		s := &d.f.scales[i]
		x, y := d.of(course, s.values[0]), d.of(control, s.values[0])
		t, e := analysis.WelchT(x, y, d.level), analysis.IndependentEffects(x, y, d.level)
		d.details.Differences = append(d.details.Differences, DifferenceRow{
			Scale: s.outcome.Key, Course: d.name(course), Control: d.name(control), NCourse: t.NX, NControl: t.NY,
			Difference: t.Difference, Welch: newMeanTest(t.Welch), Student: newMeanTest(t.Student), D: e.D, DCI: e.DCI, G: e.G, GCI: e.GCI, GApprox: times(e.D, e.JApprox),
		})
	}
}

// cutOffs needs a published reliability in the plan.
func (d *describing) cutOffs(p *paper.Paper, s *scale, pre, post, group int) {
	t, ok := p.Plan.Content.Threshold(s.outcome.Key)
	if !ok || t.Reliability.Value == nil || s.outcome.Direction == instrument.Neutral {
		return
	}
	o := analysis.ReliableChangeOptions{Reliability: *t.Reliability.Value, Direction: analysis.HigherIsBetter, Critical: 1.96}
	if s.outcome.Direction == instrument.LowerBetter {
		o.Direction = analysis.LowerIsBetter
	}
	// One threshold for all groups: by the SD of everyone with both scores,
	// unless it was given.
	all := analysis.PairedT(s.values[pre], s.values[post], d.level)
	if o.SD = all.SDPre.Value; t.Reliability.SD != nil {
		o.SD = *t.Reliability.SD
	}
	if t.Norm != nil {
		o.Functional = &analysis.Norms{Mean: t.Norm.Mean, SD: t.Norm.SD}
	}
	r := analysis.ReliableChange(d.of(group, s.values[pre]), d.of(group, s.values[post]), o)
	row := CutOffRow{
		Scale: s.outcome.Key, Pre: d.f.Data.Waves[pre].Name, Post: d.f.Data.Waves[post].Name, Group: d.name(group), N: r.Pairs,
		Reliability: o.Reliability, SD: analysis.Known(o.SD), SEM: r.SEM, SDiff: r.SDiff, Threshold: analysis.Unknown(r.JT.Reason),
		CutOffA: r.CutoffA.Value, CutOffB: r.CutoffB.Value, CutOffC: r.CutoffC.Value,
	}
	if r.JT.OK() {
		row.Threshold = analysis.Known(r.JT.Critical * r.SDiff.Value)
		row.Improved, row.Unchanged, row.Deteriorated = r.JT.Improved, r.JT.Unchanged, r.JT.Deteriorated
		if r.CutoffC.Value.OK() {
			row.Recovered = r.CutoffC.Recovered
			row.Improved -= row.Recovered
		}
	}
	d.details.CutOffs = append(d.details.CutOffs, row)
}
