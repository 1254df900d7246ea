package filedata

import (
	"context"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/report/paper"
)

// Details are what a file holds, scale by scale: for checking that it was read
// and scored as meant, and for every reader who is used to another effect size.
type Details struct {
	Scales       []ScaleRow       `json:"scales"`
	Items        []ItemRow        `json:"items,omitempty"`
	Bands        []BandRow        `json:"bands,omitempty"`
	Correlations []CorrelationRow `json:"correlations,omitempty"`
	// Effects are of the change within groups, Contrasts of its difference
	// between two; Differences compare two groups at a file's only wave.
	Effects     []EffectRow     `json:"effects,omitempty"`
	Contrasts   []ContrastRow   `json:"contrasts,omitempty"`
	Differences []DifferenceRow `json:"differences,omitempty"`
	CutOffs     []CutOffRow     `json:"cut_offs,omitempty"`
}

// ScaleRow describes a scale at a wave in a group; no group: everyone.
type ScaleRow struct {
	Scale   string               `json:"scale"`
	Name    string               `json:"name"`
	Wave    string               `json:"wave"`
	Group   string               `json:"group,omitempty"`
	Items   int                  `json:"items,omitempty"`
	N       int                  `json:"n"`
	Missing int                  `json:"missing"`
	Scores  analysis.Description `json:"-"`
	Mean    analysis.Estimate    `json:"mean"`
	MeanCI  analysis.Interval    `json:"mean_ci"`
	SD      analysis.Estimate    `json:"sd"`
	Median  analysis.Estimate    `json:"median"`
	Min     analysis.Estimate    `json:"min"`
	Max     analysis.Estimate    `json:"max"`
	// Alpha is Cronbach's of those who answered every item, with Feldt's
	// interval.
	Alpha   analysis.Estimate `json:"alpha"`
	AlphaCI analysis.Interval `json:"alpha_ci"`
}

// ItemRow describes an item as the scale counts it.
type ItemRow struct {
	Scale          string                 `json:"scale"`
	Wave           string                 `json:"wave"`
	Item           string                 `json:"item"`
	Turned         bool                   `json:"turned"`
	N              int                    `json:"n"`
	Mean           analysis.Estimate      `json:"mean"`
	SD             analysis.Estimate      `json:"sd"`
	RestR          analysis.Estimate      `json:"r_rest"`
	AlphaIfDeleted analysis.Estimate      `json:"alpha_if_deleted"`
	Answers        []analysis.AnswerCount `json:"answers,omitempty"`
}

// BandRow counts the people whose score lies in a band.
type BandRow struct {
	Scale string  `json:"scale"`
	Wave  string  `json:"wave"`
	Group string  `json:"group,omitempty"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
	N     int     `json:"n"`
	Of    int     `json:"of"`
}

// CorrelationRow is Pearson's r of two scales at a wave.
type CorrelationRow struct {
	A    string            `json:"a"`
	B    string            `json:"b"`
	Wave string            `json:"wave"`
	N    int               `json:"n"`
	R    analysis.Estimate `json:"r"`
	CI   analysis.Interval `json:"r_ci"`
	P    analysis.Estimate `json:"p"`
}

// mostCorrelated is how many scales are correlated with each other.
const mostCorrelated = 20

// Level is the coverage of all intervals; Thresholds are those of the plan.
type describing struct {
	f       *File
	level   float64
	details *Details
}

// Describe makes the details. The error is that of the context.
func (f *File) Describe(ctx context.Context, p *paper.Paper) (*Details, error) {
	d := &describing{f, p.Level, &Details{}}
	for i := range f.scales {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		d.scale(&f.scales[i])
	}
	d.correlations()
	d.effects(p)
	if len(f.Data.Waves) == 1 && f.Control != "" {
		d.differences()
	}
	return d.details, nil
}

// groups are everyone, and each arm where there are several.
func (d *describing) groups() []int {
	groups := []int{everyone}
	if len(d.f.Data.Arms) > 1 {
		for a := range d.f.Data.Arms {
			groups = append(groups, a)
		}
	}
	return groups
}

const everyone = -1

// of takes the entries of a group.
func (d *describing) of(group int, values []float64) []float64 {
	if group == everyone {
		return values
	}
	var out []float64
	for i, v := range values {
		if d.f.Data.People[i].Arm == group {
			out = append(out, v)
		}
	}
	return out
}

func (d *describing) name(group int) string {
	if group == everyone {
		return ""
	}
	return d.f.Data.Arms[group].Name
}

func (d *describing) scale(s *scale) {
	for w, values := range s.values {
		if values == nil {
			continue
		}
		for _, g := range d.groups() {
			d.scaleRow(s, w, g)
		}
		if s.items() {
			d.items(s, w)
		}
	}
}

func (d *describing) scaleRow(s *scale, wave, group int) {
	values := d.of(group, s.values[wave])
	e := analysis.Describe(values, d.level)
	r := ScaleRow{
		Scale: s.outcome.Key, Name: s.outcome.title(), Wave: d.f.Data.Waves[wave].Name, Group: d.name(group), Items: len(s.codes),
		N: e.N, Missing: e.Missing, Scores: e, Mean: e.Mean, MeanCI: e.MeanCI, SD: e.SD, Median: e.Median, Min: e.Min, Max: e.Max,
		Alpha: analysis.Unknown(analysis.ReasonNotApplicable), AlphaCI: analysis.NoInterval(analysis.ReasonNotApplicable, d.level),
	}
	if s.items() && len(s.codes) > 1 {
		items := make([][]float64, len(s.codes))
		for k, item := range s.turned[wave] {
			items[k] = d.of(group, item)
		}
		a := analysis.Alpha(items, analysis.AlphaOptions{Names: s.codes, Level: d.level})
		r.Alpha, r.AlphaCI = a.Alpha, a.Feldt
	}
	d.details.Scales = append(d.details.Scales, r)
	for _, b := range s.outcome.Bands {
		row := BandRow{Scale: r.Scale, Wave: r.Wave, Group: r.Group, From: b.From, To: b.To, Of: e.N}
		for _, v := range values {
			if known(v) && v >= b.From-1e-9 && v <= b.To+1e-9 {
				row.N++
			}
		}
		d.details.Bands = append(d.details.Bands, row)
	}
}

func (d *describing) items(s *scale, wave int) {
	a := analysis.Alpha(s.turned[wave], analysis.AlphaOptions{Names: s.codes, Level: d.level})
	for k, code := range s.codes {
		r := ItemRow{Scale: s.outcome.Key, Wave: d.f.Data.Waves[wave].Name, Item: code, Turned: s.keys[k] < 0}
		i := slices.IndexFunc(a.Items, func(i analysis.AlphaItem) bool { return i.Name == code })
		if i >= 0 {
			it := a.Items[i]
			r.N, r.Mean, r.SD, r.RestR, r.AlphaIfDeleted, r.Answers = it.N, it.Mean, it.SD, it.RestR, it.AlphaIfDeleted, it.Answers
		} else { // constant, or nobody answered
			e := analysis.Describe(s.turned[wave][k], d.level)
			none := analysis.Unknown(analysis.FirstReason(e.Mean.Reason, analysis.ReasonZeroVariance))
			r.N, r.Mean, r.SD, r.RestR, r.AlphaIfDeleted = e.N, e.Mean, e.SD, none, none
		}
		d.details.Items = append(d.details.Items, r)
	}
}

// correlations are of every two scales at each wave.
func (d *describing) correlations() {
	scales := d.f.scales
	if len(scales) > mostCorrelated {
		return
	}
	for w, wave := range d.f.Data.Waves {
		for i := range scales {
			for j := i + 1; j < len(scales); j++ {
				x, y := scales[i].values[w], scales[j].values[w]
				if x == nil || y == nil {
					continue
				}
				c := analysis.Correlate(x, y, d.level)
				d.details.Correlations = append(d.details.Correlations, CorrelationRow{
					A: scales[i].outcome.Key, B: scales[j].outcome.Key, Wave: wave.Name, N: c.Pairs, R: c.Pearson.R, CI: c.Pearson.CI, P: c.Pearson.P,
				})
			}
		}
	}
}
