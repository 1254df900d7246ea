package prose

import (
	"strings"

	"tidemark/analysis/factor"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// reliable says for how many people of each group the change exceeds what error
// of measurement explains.
func (v english) reliable(w *line, f *facts, o *paper.Outcome) {
	x := f.finding(o)
	up, down := "improved", "worsened"
	if x.neutral {
		up, down = "rose", "fell"
	}
	for i := range o.Change.Groups {
		c := &o.Change.Groups[i]
		r := &c.Reliable
		if !r.Threshold.OK() || c.Pairs == 0 {
			continue
		}
		if len(w.s) == 0 {
			w.put("By more than measurement error in {} {},", scaleWithin(o), v.span(x))
		} else {
			w.more(";")
		}
		var parts []string
		for _, part := range []struct {
			report.Count
			verb string
		}{{r.Better, up}, {r.Same, "did not change reliably"}, {r.Worse, down}} {
			if !part.Hidden {
				parts = append(parts, v.tally(part.Count, c.Pairs)+" "+part.verb)
			}
		}
		switch {
		case len(parts) == 0:
			w.put("in {} (*n* = {}) the numbers are too small to be shown", v.group(c.Group), w.n.count(c.Pairs))
		case len(parts) < 3:
			w.put("in {} (*n* = {}) {}, and how the others divide is not shown", v.group(c.Group), w.n.count(c.Pairs), w.n.list(parts))
		default:
			w.put("in {} (*n* = {}) {}", v.group(c.Group), w.n.count(c.Pairs), w.n.list(parts))
		}
	}
	if len(w.s) > 0 {
		w.more(".")
	}
}

// tally is "11 (55%)", or says that the number is hidden.
func (v english) tally(c report.Count, of int) string {
	if c.Hidden {
		return "a number too small to show"
	}
	n := v.numerals()
	return n.count(c.N) + " (" + n.share(c.N, of) + ")"
}

func (v english) responders(w *line, f *facts, o *paper.Outcome) {
	r := o.Responders
	if len(r.Everyone) == 0 {
		return
	}
	w.put("In {} {}, a change for the better by {} points or more was seen", scaleWithin(o), v.span(f.finding(o)), w.n.plain(r.Threshold))
	for i, a := range r.Everyone {
		w.more(w.n.joint(i, len(r.Everyone), " ")+"in {} in {}", v.tally(a.Responded, a.N), v.group(a.Arm))
		w.more(" (*n* = {}", w.n.count(a.N))
		if a.Share.OK() && a.CI.OK() {
			w.more("; {}", w.n.percentInterval(a.CI))
		}
		w.more(")")
	}
	w.more(".")
	d := r.Difference
	switch {
	case d == nil:
	case !d.Value.OK():
		w.put("The difference of the shares is {}.", v.unknown(d.Value.Reason))
	default:
		w.put("The difference of the shares is {} percentage points", w.n.decimal(100*d.Value.Value, 0))
		if d.CI.OK() {
			w.more(", {}", w.n.percentInterval(d.CI))
		}
		switch {
		case d.NNT.OK() && d.ThroughInfinity:
			w.more("; the number needed to treat is {}, and its interval reaches from benefit to harm", w.n.decimal(d.NNT.Value, 1))
		case d.NNT.OK() && d.NNTCI.OK():
			w.more("; the number needed to treat is {}, {}", w.n.decimal(d.NNT.Value, 1), w.n.interval(d.NNTCI, 1))
		}
		w.more(".")
	}
}

func (v english) subgroups(w *line, f *facts) {
	o := f.main()
	if o == nil || len(o.Subgroups) == 0 {
		return
	}
	var parts []string
	unknown := 0
	for _, s := range o.Subgroups {
		e := s.Estimate
		if !e.Value.OK() {
			unknown++
			continue
		}
		part := v.part(f, &s) + ": " + w.n.decimal(e.Value.Value, o.Places()) + " points"
		if e.CI.OK() {
			part += ", " + w.n.interval(e.CI, o.Places())
		}
		parts = append(parts, part)
	}
	if len(parts) > 0 {
		w.put("Estimates of {} in parts of the people, from the change of those with both scores, are: {}.",
			v.question(f, o), strings.Join(parts, "; "))
	}
	if unknown > 0 {
		w.put(plural(unknown, "For one part no estimate can be given or shown.", "For {} parts no estimate can be given or shown."), number(unknown))
	}
	w.put("Parts differ by chance: a difference between them is a question, not a finding.")
}

// part names a part of the people.
func (v english) part(f *facts, s *paper.SubgroupRow) string {
	switch s.Of.Kind {
	case plan.SubgroupRun:
		return "course run “" + s.Label + "”"
	case plan.SubgroupScale:
		name, cut := report.Within(f.scaleName(s.Of.Key))+" before the course ", v.numerals().plain(s.Cut)
		if s.Below {
			return name + "below " + cut
		}
		return name + "of " + cut + " or more"
	case plan.SubgroupColumn:
	}
	return s.By + " “" + s.Label + "”"
}

func (v english) invariance(w *line, f *facts) {
	for _, i := range f.p.Invariance {
		name := report.Within(f.scaleName(i.Scale))
		if i.MetricReading == factor.Unread {
			w.put("Whether {} measured the same thing both times could not be tested.", name)
			continue
		}
		if i.PoorFit() {
			w.put("For {}, one factor described the answers poorly already (comparative fit index {}, *n* = {}), so that holding it equal over time shows little.",
				name, w.n.unit(configural(&i), 3), w.n.count(i.N))
			continue
		}
		w.put("For {} (*n* = {}), ", name, w.n.count(i.N))
		switch {
		case i.MetricReading == factor.Fails:
			w.more("the questions hung together differently before and after the course; a change of the score may be a change of its meaning.")
		case i.ScalarReading == factor.Holds:
			w.more("nothing spoke against the questions having meant the same both times.")
		case i.ScalarReading == factor.Fails:
			w.more("some questions moved more or less than the others; the change of the mean is to be read with those of single questions.")
		default:
			w.more("there are signs, not firm ones, that some questions moved more or less than the others.")
		}
		v.steps(w, &i)
	}
}

// steps are how much the fit fell.
func (v english) steps(w *line, i *paper.Invariance) {
	var steps []string
	for _, l := range i.Levels {
		if l.DeltaCFI.OK() {
			what := " with equal intercepts"
			if l.Level == "metric" {
				what = " with equal loadings"
			}
			steps = append(steps, w.n.unit(l.DeltaCFI.Value, 3)+what)
		}
	}
	if len(steps) > 0 {
		w.put("The comparative fit index changed by {}.", w.n.list(steps))
	}
}

func (v english) unwanted(w *line, f *facts) {
	u := f.p.Unwanted
	if u == nil || len(u.Effects) == 0 {
		return
	}
	w.put("Of {} who answered questions about unwanted effects ({}), ", people(u.People), u.Wave)
	if u.Any.Hidden {
		w.more("so few, or all but so few, reported one that the number is not shown.")
	} else {
		w.more("{} reported at least one", v.tally(u.Any, u.People))
		if u.ShareCI.OK() {
			w.more(", {}", w.n.percentInterval(u.ShareCI))
		}
		w.more(".")
	}
	for _, e := range u.Effects {
		if !e.Any.Hidden && e.N > 0 {
			w.put("“{}” was affirmed by {}.", e.Text, v.tally(e.Any, e.N))
		}
	}
	w.put("People who left did not answer these questions, and may have left because of such an effect.")
}

func (v english) power(w *line, f *facts) {
	x := f.p.Power
	if x == nil || !x.Detectable80.OK() || x.Course == 0 {
		return
	}
	if x.Control > 0 {
		w.put("With {} and {} people with both scores, and scores before the course that correlate with those after", w.n.count(x.Course), w.n.count(x.Control))
		if x.R.OK() {
			w.more(" (*r* = {})", w.n.unit(x.R.Value, 2))
		}
		w.more(", an analysis of covariance finds a difference of {} standard deviations", w.n.decimal(x.Detectable80.Value, 2))
	} else {
		w.put("With {} with both scores, a paired *t* test finds a change of {} standard deviations of the changes", people(x.Course), w.n.decimal(x.Detectable80.Value, 2))
	}
	if x.Points80.OK() {
		w.more(" ({} points)", w.n.decimal(x.Points80.Value, f.main().Places()))
	}
	w.more(" with 80% power at α = {}", w.n.unit(x.Alpha, 2))
	if x.Control > 0 {
		w.more(" [shieh2020]")
	}
	w.more(". This is a fact of the number of people, not of the effect that was observed [hoenig2001].")
}
