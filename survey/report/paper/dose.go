package paper

import (
	"tidemark/analysis"
)

// DoseResponse relates the change of the primary outcome to how much of the
// course people took, adjusted for the score before. People choose their dose, so
// that it need not be the cause of anything.
type DoseResponse struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Outcome string `json:"outcome"`
	Scale   string `json:"scale"`
	N       int    `json:"n"`
	// Slope is the change in points for one more unit.
	Slope analysis.Estimate `json:"slope"`
	CI    analysis.Interval `json:"slope_ci"`
	P     analysis.Estimate `json:"p"`
	// R is Pearson's correlation of dose and change, Rho Spearman's: far apart,
	// a few people make the difference.
	R   analysis.Estimate `json:"r"`
	RCI analysis.Interval `json:"r_ci"`
	Rho analysis.Estimate `json:"rho"`
	// Mean and SD of the dose of the people used.
	Mean analysis.Estimate `json:"dose_mean"`
	SD   analysis.Estimate `json:"dose_sd"`

	band         []analysis.DosePoint
	dose, change []float64 // for the figure
}

// doses relates every dose to the change of an outcome, among the people of the
// arm it is about.
func (d *Dataset) doses(o *Outcome, level float64, minimum int) []DoseResponse {
	m, _ := d.Measure(o.Scale.Key)
	var out []DoseResponse
	for _, dose := range d.Doses {
		amount, pre, post := d.column(), d.column(), d.column()
		for i, p := range d.People {
			if o.arm < 0 || p.Arm == o.arm {
				amount[i], pre[i], post[i] = dose.Values[i], m.Values[o.pre][i], m.Values[o.post][i]
			}
		}
		r := analysis.DoseResponse(amount, pre, post, analysis.DoseOptions{Level: level})
		x := DoseResponse{
			Key: dose.Key, Name: dose.Name, Unit: dose.Unit, Outcome: o.Key, Scale: o.Scale.Name, N: r.N,
			Slope: r.Slope.Estimate, CI: r.Slope.CI, P: r.Slope.P,
			R: r.Correlation.Pearson.R, RCI: r.Correlation.Pearson.CI, Rho: r.Correlation.Spearman.R,
			band: r.Band,
		}
		var used []float64
		for i := range amount {
			if isMissing(amount[i]) || isMissing(pre[i]) || isMissing(post[i]) {
				continue
			}
			used = append(used, amount[i])
			x.dose, x.change = append(x.dose, amount[i]), append(x.change, post[i]-pre[i])
		}
		s := analysis.Describe(used, level)
		x.Mean, x.SD = s.Mean, s.SD
		if why := tooFew(r.N, minimum); why != "" {
			x.hide(why)
		}
		if r.N > 0 {
			out = append(out, x)
		}
	}
	return out
}

func (x *DoseResponse) hide(why analysis.Reason) {
	for _, e := range []*analysis.Estimate{&x.Slope, &x.P, &x.R, &x.Rho, &x.Mean, &x.SD} {
		*e = analysis.Unknown(why)
	}
	x.CI, x.RCI = analysis.NoInterval(why, x.CI.Level), analysis.NoInterval(why, x.RCI.Level)
	x.band, x.dose, x.change = nil, nil, nil
}
