package prose

import (
	"tidemark/survey/report/paper"
)

func (v german) parts(w *line, f *facts) {
	if len(f.p.Pooled) > 0 {
		w.put("Kursdurchgänge werden mit einem Modell zufälliger Effekte (Restricted Maximum Likelihood) und dem Intervall von <hartung2001> zusammengefasst; " +
			"Unterschiede zwischen ihnen werden nach dem Test von <cochran1954> und nach *I*² beurteilt [higgins2002].")
	}
	if len(f.p.Doses) > 0 {
		w.put("Die Veränderung wird durch lineare Regression, adjustiert für den Wert vor dem Kurs, darauf bezogen, wie viel vom Kurs die Personen in Anspruch nahmen.")
	}
}

func (v german) runs(p *paragraphs, f *facts) {
	for i := range f.p.Pooled {
		x := &f.p.Pooled[i]
		o, ok := f.p.Outcome(x.Outcome)
		if !ok {
			continue
		}
		v.pooled(p.begin(), f, o, x)
	}
}

func (v german) pooled(w *line, f *facts, o *paper.Outcome, x *paper.Pooled) {
	if !x.Effect.OK() {
		w.put("Über die Kursdurchgänge hinweg: {} {}.", capital(v.question(f, o)), v.is(x.Effect.Reason, 1))
		return
	}
	w.put("Über {} Kursdurchgänge hinweg beträgt {} {} Punkte", zahl(len(x.Runs)), v.question(f, o), w.n.decimal(x.Effect.Value, o.Places()))
	if x.CI.OK() {
		w.more(", {}", w.n.interval(x.CI, o.Places()))
	}
	if x.P.OK() {
		w.more(", *p* {}", w.n.p(x.P.Value))
	}
	w.more(".")
	if x.Tau.OK() {
		w.put("Zwischen den Durchgängen beträgt die Standardabweichung τ = {} Punkte", w.n.decimal(x.Tau.Value, o.Places()))
		if x.I2.OK() {
			w.more(", *I*² = {}{}", w.n.decimal(100*x.I2.Value, 0), w.n.percentSign())
		}
		if x.Q.OK() && x.QDF.OK() && x.QP.OK() {
			w.more(", *Q*({}) = {}, *p* {}", w.n.freedom(x.QDF.Value), w.n.decimal(x.Q.Value, 2), w.n.p(x.QP.Value))
		}
		w.more(".")
	}
	if x.Prediction.OK() {
		w.put("In einem weiteren Durchgang dieser Art ist die Schätzung zwischen {} und {} Punkten zu erwarten.",
			w.n.decimal(x.Prediction.Low, o.Places()), w.n.decimal(x.Prediction.High, o.Places()))
	}
}

func (v german) doses(w *line, f *facts) {
	for i := range f.p.Doses {
		x := &f.p.Doses[i]
		o, ok := f.p.Outcome(x.Outcome)
		if !ok {
			continue
		}
		if !x.Slope.OK() {
			w.put("Wie {} mit der Veränderung {} zusammenhängt, {}.", v.dose(x), v.scale(o.Scale), v.is(x.Slope.Reason, 1))
			continue
		}
		w.put("Je {} unterschied sich die Veränderung {} um {} Punkte", v.unit(x), v.scale(o.Scale), w.n.bound(x.Slope.Value, 3))
		v.slope(w, x)
	}
	if len(w.s) > 0 {
		w.put("Wie viel sie taten, bestimmten die Personen selbst: Das zeigt, was zusammengeht, nicht, was die Ursache wovon ist.")
	}
}

func (v german) slope(w *line, x *paper.DoseResponse) {
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
		w.more(", Rangkorrelation {}", w.n.unit(x.Rho.Value, 2))
	}
	w.more(" (*n* = {}", w.n.count(x.N))
	if x.Mean.OK() && x.SD.OK() {
		w.more("; *M* = {}, *SD* = {}", w.n.decimal(x.Mean.Value, 1), w.n.decimal(x.SD.Value, 1))
	}
	w.more(").")
}

// unit is one more of a dose, to follow "je".
func (german) unit(x *paper.DoseResponse) string {
	switch x.Key {
	case paper.DoseMeetings:
		return "weiterem besuchten Treffen"
	case paper.DosePractice:
		return "weiterer Minute Übung in der Woche"
	}
	return "weiterer Einheit von " + quoted(x.Name)
}

func (german) dose(x *paper.DoseResponse) string {
	switch x.Key {
	case paper.DoseMeetings:
		return "die Zahl der besuchten Treffen"
	case paper.DosePractice:
		return "die Übung zu Hause"
	}
	return quoted(x.Name)
}
