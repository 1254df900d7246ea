package prose

import (
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// parts are the methods for what looks into the course: its runs, and how much of
// it people took.
func (v english) parts(w *line, f *facts) {
	if len(f.p.Pooled) > 0 {
		w.put("Course runs are put together by a random-effects model (restricted maximum likelihood) with the interval of <hartung2001>; " +
			"differences between runs are judged by the test of <cochran1954> and by *I*² [higgins2002].")
	}
	if len(f.p.Doses) > 0 {
		w.put("The change is related to how much of the course people took by linear regression, adjusted for the score before the course.")
	}
}

func (v english) runs(p *paragraphs, f *facts) {
	for i := range f.p.Pooled {
		x := &f.p.Pooled[i]
		o, ok := f.p.Outcome(x.Outcome)
		if !ok {
			continue
		}
		v.pooled(p.begin(), f, o, x)
	}
}

func (v english) pooled(w *line, f *facts, o *paper.Outcome, x *paper.Pooled) {
	if !x.Effect.OK() {
		w.put("Over the course runs, {} is {}.", v.question(f, o), v.unknown(x.Effect.Reason))
		return
	}
	w.put("Over {}, {} was {} points", counted(len(x.Runs), "course run"), v.question(f, o), w.n.decimal(x.Effect.Value, o.Places()))
	if x.CI.OK() {
		w.more(", {}", w.n.interval(x.CI, o.Places()))
	}
	if x.P.OK() {
		w.more(", *p* {}", w.n.p(x.P.Value))
	}
	w.more(".")
	if x.Tau.OK() {
		w.put("Between runs the standard deviation is τ = {} points", w.n.decimal(x.Tau.Value, o.Places()))
		if x.I2.OK() {
			w.more(", *I*² = {}{}", w.n.decimal(100*x.I2.Value, 0), w.n.percentSign())
		}
		if x.Q.OK() && x.QDF.OK() && x.QP.OK() {
			w.more(", *Q*({}) = {}, *p* {}", w.n.freedom(x.QDF.Value), w.n.decimal(x.Q.Value, 2), w.n.p(x.QP.Value))
		}
		w.more(".")
	}
	if x.Prediction.OK() {
		w.put("In another run like these, the estimate is expected between {} and {} points.",
			w.n.decimal(x.Prediction.Low, o.Places()), w.n.decimal(x.Prediction.High, o.Places()))
	}
}

func (v english) doses(w *line, f *facts) {
	for i := range f.p.Doses {
		x := &f.p.Doses[i]
		o, ok := f.p.Outcome(x.Outcome)
		if !ok {
			continue
		}
		if !x.Slope.OK() {
			w.put("How {} and the change in {} go together is {}.", report.Within(x.Name), scaleWithin(o), v.unknown(x.Slope.Reason))
			continue
		}
		w.put("For each further {}, the change in {} differed by {} points", v.unit(x), scaleWithin(o), w.n.bound(x.Slope.Value, 3))
		v.slope(w, x)
	}
	if len(w.s) > 0 {
		w.put("People chose how much they did: this shows what goes together, not what causes what.")
	}
}

func (v english) slope(w *line, x *paper.DoseResponse) {
	if x.CI.OK() {
		w.more(", {}", w.n.interval(x.CI, 3))
	}
	if x.P.OK() {
		w.more(", *p* {}", w.n.p(x.P.Value))
	}
	if x.R.OK() {
		w.more(", *r* = {}", w.n.unit(x.R.Value, 2))
	}
	if x.Rho.OK() {
		w.more(", rank correlation {}", w.n.unit(x.Rho.Value, 2))
	}
	w.more(" (*n* = {}", w.n.count(x.N))
	if x.Mean.OK() && x.SD.OK() {
		w.more("; *M* = {}, *SD* = {}", w.n.decimal(x.Mean.Value, 1), w.n.decimal(x.SD.Value, 1))
	}
	w.more(").")
}

// unit is one more of a dose.
func (english) unit(x *paper.DoseResponse) string {
	switch x.Key {
	case paper.DoseMeetings:
		return "meeting attended"
	case paper.DosePractice:
		return "minute of practice a week"
	}
	return "unit of " + report.Within(x.Name)
}
