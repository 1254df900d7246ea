package analysis

import "math"

// hageman is the fixed critical value of Hageman & Arrindell (1999).
const hageman = 1.65

// Direction says which way a score moves when a person gets better.
type Direction int

// The directions of benefit.
const (
	HigherIsBetter Direction = 1
	LowerIsBetter  Direction = -1
)

// Valid reports whether d is a known direction.
func (d Direction) Valid() bool { return d == HigherIsBetter || d == LowerIsBetter }

// Norms describes a reference population in the unit of the scores.
type Norms struct{ Mean, SD float64 }

// ReliableChangeOptions steers ReliableChange.
type ReliableChangeOptions struct {
	// Reliability of the measure, 0 < r < 1; a published value is preferable
	// to the sample's own.
	Reliability float64
	// Direction of benefit; required.
	Direction Direction
	// Critical is the value |RCI| must exceed; 0 means 1.96.
	Critical float64
	// SD replaces the sample SD at pre in the standard errors, for instance by
	// a published norm SD; 0 means the sample's.
	SD float64
	// Functional are norms of a population without the problem, if known.
	Functional *Norms
}

// ReliableChangeResult is what ReliableChange returns. Slices have one entry
// per complete pair, in the order of the data.
type ReliableChangeResult struct {
	// Pairs counts the complete pairs, Excluded those with a missing half.
	Pairs    int
	Excluded int

	MeanPre, MeanPost, SDPre, SDPost Estimate

	// SEM = SD·√(1 − r) is the standard error of measurement, SDiff = SEM·√2
	// that of a difference, MDC95 = 1.96·SDiff the smallest detectable change
	// and SEPrediction = SD·√(1 − r²); all in the unit of the scores.
	SEM, SDiff, MDC95, SEPrediction Estimate

	// JT is the index of Jacobson & Truax (1991), the default.
	JT ChangeIndex
	// GLN (Gulliksen, Lord & Novick) measures the distance of post from the
	// true score expected from pre, HLL (Hsu, Linn & Lord) regards regression
	// to the mean with the post mean, EN (Edwards & Nunnally; Speer 1992)
	// divides by SEM, NK (Nunnally & Kotsch 1983) by the SE of a difference
	// from the estimated true score.
	GLN, HLL, EN, NK ChangeIndex
	// HA is the individual index of Hageman & Arrindell (1999) with its fixed
	// critical value 1.65, RDD the reliability of the difference it rests on.
	HA  ChangeIndex
	RDD Estimate

	// CutoffA lies 2 SDs from the clinical mean in the direction of benefit,
	// CutoffB 2 functional SDs from the functional mean, CutoffC between both,
	// weighted by their SDs (Jacobson & Truax 1991). B and C need norms.
	CutoffA, CutoffB, CutoffC CutOff
}

// ChangeIndex is one index of reliable change.
type ChangeIndex struct {
	// Values are the index per pair, positive for an increase; empty if Reason
	// is set.
	Values []float64
	Reason Reason
	// Critical is the value that must be exceeded.
	Critical float64
	// Improved, Unchanged and Deteriorated count the pairs, in the direction
	// of benefit.
	Improved, Unchanged, Deteriorated int
}

// OK reports whether the index exists.
func (c ChangeIndex) OK() bool { return c.Reason == "" }

// ChangeClass is a person's outcome by reliable change and cut-off.
type ChangeClass string

// The outcomes of Jacobson & Truax (1991), with the mirror image of recovery.
const (
	// Recovered: improved reliably and crossed the cut-off.
	Recovered ChangeClass = "recovered"
	// Improved: improved reliably without crossing.
	Improved ChangeClass = "improved"
	// Unchanged: no reliable change.
	Unchanged ChangeClass = "unchanged"
	// Deteriorated: deteriorated reliably without crossing.
	Deteriorated ChangeClass = "deteriorated"
	// Harmed: deteriorated reliably and crossed back.
	Harmed ChangeClass = "harmed"
)

// Valid reports whether c is a known class.
func (c ChangeClass) Valid() bool {
	switch c {
	case Recovered, Improved, Unchanged, Deteriorated, Harmed:
		return true
	}
	return false
}

// CutOff is a clinical cut-off with the classes it gives, by the JT index.
type CutOff struct {
	Value Estimate
	// Classes has one entry per pair; empty if the cut-off or the index does
	// not exist.
	Classes []ChangeClass

	Recovered, Improved, Unchanged, Deteriorated, Harmed int
}

// ReliableChange asks, person by person, whether a change exceeds what error
// of measurement explains. Pairs with a missing half are dropped and counted.
// A change is reliable if Direction·index > Critical, strictly.
//
// Not estimable: every index without two pairs, without spread at pre or with
// a reliability outside (0, 1); HA in addition without spread at post or when
// RDD ≤ 0; cut-offs B and C without norms.
func ReliableChange(pre, post []float64, opt ReliableChangeOptions) ReliableChangeResult {
	p := newPairs(pre, post)
	a, b := newMoments(p.pre, 0), newMoments(p.post, 0)
	one, two := FirstReason(p.fault, a.needs(1)), FirstReason(p.fault, a.needs(2))
	r := ReliableChangeResult{
		Pairs:    a.n,
		Excluded: p.excluded,
		MeanPre:  KnownUnless(one, a.mean),
		MeanPost: KnownUnless(one, b.mean),
		SDPre:    KnownUnless(two, a.sd()),
		SDPost:   KnownUnless(two, b.sd()),
	}
	critical := opt.Critical
	if critical == 0 {
		critical = 1.96
	}
	why := opt.fault(critical)
	sd := opt.SD
	if sd == 0 {
		sd = a.sd()
		why = FirstReason(two, why, a.needsSpread(2))
	}
	why = FirstReason(one, why)
	r.standardErrors(why, sd, opt.Reliability)
	r.indices(why, p, a, b, sd, opt, critical)
	r.cutOffs(p, opt)
	return r
}

// fault returns the reason why the options cannot be used, or "".
func (o ReliableChangeOptions) fault(critical float64) Reason {
	bad := !(o.Reliability > 0 && o.Reliability < 1) || !o.Direction.Valid() ||
		!(critical > 0) || !Finite(critical) || !(o.SD >= 0) || !Finite(o.SD)
	if o.Functional != nil {
		bad = bad || !Finite(o.Functional.Mean) || !(o.Functional.SD > 0) || !Finite(o.Functional.SD)
	}
	if bad {
		return ReasonInvalidOption
	}
	return ""
}

// standardErrors fills in the errors of measurement.
func (r *ReliableChangeResult) standardErrors(why Reason, sd, reliability float64) {
	sem := sd * math.Sqrt(1-reliability)
	r.SEM = KnownUnless(why, sem)
	r.SDiff = KnownUnless(why, sem*math.Sqrt2)
	r.MDC95 = KnownUnless(why, 1.96*sem*math.Sqrt2)
	r.SEPrediction = KnownUnless(why, sd*math.Sqrt((1-reliability)*(1+reliability)))
}

// indices fills in the six indices.
func (r *ReliableChangeResult) indices(why Reason, p pairs, pre, post moments, sd float64, opt ReliableChangeOptions, critical float64) {
	rel, sem := opt.Reliability, r.SEM.Value
	index := func(why Reason, critical float64, f func(a, b float64) float64) ChangeIndex {
		return newChangeIndex(why, p, opt.Direction, critical, f)
	}
	expected := func(a float64) float64 { return pre.mean + rel*(a-pre.mean) }
	r.JT = index(why, critical, func(a, b float64) float64 { return (b - a) / r.SDiff.Value })
	r.GLN = index(why, critical, func(a, b float64) float64 { return (b - expected(a)) / r.SEPrediction.Value })
	r.HLL = index(why, critical, func(a, b float64) float64 {
		return (b - post.mean - rel*(a-pre.mean)) / r.SEPrediction.Value
	})
	r.EN = index(why, critical, func(a, b float64) float64 { return (b - expected(a)) / sem })
	nk := sem * math.Sqrt(1+rel*rel)
	r.NK = index(why, critical, func(a, b float64) float64 { return (b - expected(a)) / nk })

	change := newMoments(p.change, p.magnitude)
	why = FirstReason(why, post.needsSpread(2), change.needsSpread(2))
	ratio := r.SDiff.Value / change.sd()
	rdd := 1 - ratio*ratio
	r.RDD = KnownUnless(why, rdd)
	if why == "" && !(rdd > 0) {
		why = ReasonNegativeRDD
	}
	r.HA = index(why, hageman, func(a, b float64) float64 {
		return ((b-a)*rdd + change.mean*(1-rdd)) / (r.SDiff.Value * math.Sqrt(rdd))
	})
}

// newChangeIndex applies an index to every pair and counts.
func newChangeIndex(why Reason, p pairs, d Direction, critical float64, f func(pre, post float64) float64) ChangeIndex {
	c := ChangeIndex{Reason: why, Critical: critical}
	if !Finite(critical) {
		c.Critical = 0
	}
	if why != "" {
		return c
	}
	values := make([]float64, len(p.pre))
	for i, a := range p.pre {
		values[i] = f(a, p.post[i])
		if !Finite(values[i]) {
			return ChangeIndex{Reason: ReasonOutOfRange, Critical: critical}
		}
	}
	c.Values = values
	for _, v := range values {
		switch v *= float64(d); {
		case v > critical:
			c.Improved++
		case -v > critical:
			c.Deteriorated++
		default:
			c.Unchanged++
		}
	}
	return c
}

// cutOffs fills in the cut-offs and the classes.
func (r *ReliableChangeResult) cutOffs(p pairs, opt ReliableChangeOptions) {
	d := float64(opt.Direction)
	why := FirstReason(r.SDPre.Reason, opt.fault(1))
	sd := r.SDPre.Value
	r.CutoffA = r.cutOff(KnownUnless(why, r.MeanPre.Value+2*d*sd), p, opt.Direction)
	if opt.Functional == nil {
		why = FirstReason(why, ReasonNoNorms)
		r.CutoffB, r.CutoffC = CutOff{Value: Unknown(why)}, CutOff{Value: Unknown(why)}
		return
	}
	f := *opt.Functional
	r.CutoffB = r.cutOff(KnownUnless(why, f.Mean-2*d*f.SD), p, opt.Direction)
	r.CutoffC = r.cutOff(KnownUnless(why, (f.SD*r.MeanPre.Value+sd*f.Mean)/(f.SD+sd)), p, opt.Direction)
}

// cutOff classifies every pair by the JT index and a cut-off. The functional
// side begins strictly beyond the cut-off.
func (r *ReliableChangeResult) cutOff(value Estimate, p pairs, direction Direction) CutOff {
	c := CutOff{Value: value}
	if !value.OK() || !r.JT.OK() {
		return c
	}
	d := float64(direction)
	c.Classes = make([]ChangeClass, len(p.pre))
	for i, index := range r.JT.Values {
		before, after := d*(p.pre[i]-value.Value) > 0, d*(p.post[i]-value.Value) > 0
		switch index *= d; {
		case index > r.JT.Critical && !before && after:
			c.Classes[i] = Recovered
			c.Recovered++
		case index > r.JT.Critical:
			c.Classes[i] = Improved
			c.Improved++
		case -index > r.JT.Critical && before && !after:
			c.Classes[i] = Harmed
			c.Harmed++
		case -index > r.JT.Critical:
			c.Classes[i] = Deteriorated
			c.Deteriorated++
		default:
			c.Classes[i] = Unchanged
			c.Unchanged++
		}
	}
	return c
}
