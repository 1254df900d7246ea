package factor

import (
	"math"

	"gonum.org/v1/gonum/floats"

	"tidemark/analysis"
	"tidemark/analysis/dist"
)

// FitIndices say how well a model reproduces the moments, by lavaan's
// definitions.
type FitIndices struct {
	// ChiSquare is N times the minimum of the discrepancy, a likelihood ratio
	// against saturated moments; a model without degrees of freedom fits exactly
	// and has no P.
	ChiSquare, DF, P analysis.Estimate
	// CFI (Bentler 1990) and TLI (Tucker & Lewis 1973) compare with uncorrelated
	// items; 1 is perfect.
	CFI, TLI analysis.Estimate
	// RMSEA (Steiger & Lind 1980) is √(max(0, χ² − df)/(N·df)), times √groups
	// where there are several; its interval has a level of 90 %, and PClose tests
	// that it is at most 0.05.
	RMSEA   analysis.Estimate
	RMSEACI analysis.Interval
	PClose  analysis.Estimate
	// SRMR is the root mean square of the residuals of correlations, and of means
	// in standard deviations where the model has means (Bentler 1995); over
	// groups, the mean weighted by their size.
	SRMR analysis.Estimate
	// LogLikelihood is in the units of the items; AIC and BIC count Parameters.
	LogLikelihood, AIC, BIC analysis.Estimate
	Parameters              int
	// Iterations of the search for the minimum.
	Iterations int
	// Reason says why there is no fit. ReasonImproper leaves the indices in place:
	// they describe the minimum, which has a negative variance.
	Reason analysis.Reason
}

const rmseaLevel = 0.90

// withhold marks every index as not estimable.
func (f *FitIndices) withhold(why analysis.Reason) {
	f.Reason = why
	for _, e := range []*analysis.Estimate{
		&f.ChiSquare, &f.DF, &f.P, &f.CFI, &f.TLI, &f.RMSEA, &f.PClose, &f.SRMR, &f.LogLikelihood, &f.AIC, &f.BIC,
	} {
		*e = analysis.Unknown(why)
	}
	f.RMSEACI = analysis.NoInterval(why, rmseaLevel)
}

// newFitIndices describes a solution.
func newFitIndices(d *discrepancy, at solution, u units) FitIndices {
	var f FitIndices
	if at.reason != "" {
		f.withhold(at.reason)
		f.Iterations = at.iterations
		return f
	}
	n, groups := total(d.samples), float64(len(d.samples))
	df := float64(d.s.degrees())
	x := n * at.value
	if df == 0 {
		x = 0
	}
	f.Parameters, f.Iterations = d.s.params, at.iterations
	f.ChiSquare, f.DF = analysis.Known(x), analysis.Known(df)
	f.P = analysis.KnownUnless(withoutDF(df), dist.ChiSquareTail(x, df))
	f.compare(d, x, df)
	f.approximate(x, df, n, groups)
	f.SRMR = analysis.Known(rootMeanResidual(d, at.params))
	f.likelihood(d, at, u)
	if items, factors := d.s.improper(at.params); len(items) > 0 || factors {
		f.Reason = analysis.ReasonImproper
	}
	return f
}

// withoutDF is the reason why a model that must fit has no test.
func withoutDF(df float64) analysis.Reason {
	if df > 0 {
		return ""
	}
	return analysis.ReasonSaturated
}

// compare fills in the indices relative to uncorrelated items.
func (f *FitIndices) compare(d *discrepancy, x, df float64) {
	p := d.s.items
	base, baseDF := 0.0, float64(len(d.samples)*p*(p-1)/2)
	for _, s := range d.samples {
		diagonal := 0.0
		for i := range p {
			diagonal += math.Log(s.cov[i*p+i])
		}
		base += s.n * (diagonal - s.logDet)
	}
	worse := math.Max(x-df, 0)
	f.CFI = analysis.Known(1)
	if worst := math.Max(worse, base-baseDF); worst > 0 {
		f.CFI = analysis.Known(1 - worse/worst)
	}
	f.TLI = analysis.Known(1)
	if df > 0 && base != baseDF {
		f.TLI = analysis.Known(1 - (x-df)/df/((base-baseDF)/baseDF))
	}
}

// approximate fills in RMSEA with its interval and test.
func (f *FitIndices) approximate(x, df, n, groups float64) {
	if df == 0 {
		f.RMSEA, f.RMSEACI = analysis.Known(0), analysis.NewInterval(0, 0, rmseaLevel)
		f.PClose = analysis.Unknown(analysis.ReasonSaturated)
		return
	}
	of := func(ncp float64) float64 { return math.Sqrt(math.Max(0, ncp) / (n * df) * groups) }
	f.RMSEA = analysis.Known(of(x - df))
	tail := (1 - rmseaLevel) / 2
	low := dist.ChiSquareNoncentrality(x, df, 1-tail)
	high := dist.ChiSquareNoncentrality(x, df, tail)
	f.RMSEACI = analysis.NewInterval(of(low), of(high), rmseaLevel)
	_, p := dist.NoncentralChiSquare(x, df, n*df*0.05*0.05/groups)
	f.PClose = analysis.Known(p)
}

// rootMeanResidual is SRMR.
func rootMeanResidual(d *discrepancy, at []float64) float64 {
	p, n := d.s.items, total(d.samples)
	d.at(at, false)
	srmr := 0.0
	for g, s := range d.samples {
		w := &d.groups[g]
		w.m.implied(p, d.s.factors, w.sigma, w.lambdaPsi, w.mu)
		sum, count := 0.0, p*(p+1)/2
		for i := range p {
			for j := range i + 1 {
				r := (s.cov[i*p+j] - w.sigma[i*p+j]) / math.Sqrt(s.cov[i*p+i]*s.cov[j*p+j])
				sum += r * r
			}
			if d.s.means {
				sum += w.off[i] * w.off[i] / s.cov[i*p+i]
			}
		}
		if d.s.means {
			count += p
		}
		srmr += s.n / n * math.Sqrt(sum/float64(count))
	}
	return srmr
}

// likelihood fills in log-likelihood and information criteria; means that the
// model leaves alone are at their estimates and not counted.
func (f *FitIndices) likelihood(d *discrepancy, at solution, u units) {
	p, n := float64(d.s.items), total(d.samples)
	sum := p*math.Log(2*math.Pi) + at.value + p
	for _, s := range d.samples {
		sum += s.n / n * s.logDet
	}
	logs := make([]float64, len(u.sd))
	for i, sd := range u.sd {
		logs[i] = math.Log(sd)
	}
	ll := -n/2*sum - n*floats.Sum(logs)
	q := float64(d.s.params)
	f.LogLikelihood = analysis.Known(ll)
	f.AIC, f.BIC = analysis.Known(2*q-2*ll), analysis.Known(q*math.Log(n)-2*ll)
}
