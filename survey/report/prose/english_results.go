package prose

import (
	"maps"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

func (v english) results(f *facts) []draft {
	each := func(as plan.Standing) func(*paragraphs) {
		return func(p *paragraphs) {
			unseen := map[analysis.Reason]int{}
			for _, o := range f.standing(as) {
				x := f.finding(o)
				if why := x.e.Value.Reason; why != "" {
					unseen[why]++
					continue
				}
				v.primary(p.begin(), x)
			}
			for _, why := range slices.Sorted(maps.Keys(unseen)) {
				n := unseen[why]
				p.begin().put(plural(n, "{} outcome is {}.", "{} outcomes are {}."), capital(number(n)), v.unknown(why))
			}
		}
	}
	main := func(p *paragraphs) {
		v.primary(p.begin(), f.finding(f.main()))
		v.support(p.begin(), f.support(f.main()))
		each(plan.Primary)(p)
	}
	first, rest := "Primary outcome", "Exploratory outcomes"
	if !f.leads() {
		first = "First outcome (not the plan’s primary one)"
	}
	if !f.p.Plan.Locked() {
		first, rest = "First outcome (exploratory)", "Further outcomes (exploratory)"
	}
	return []draft{
		{"Participants and missing data", func(p *paragraphs) {
			v.flow(p.begin(), f)
			v.baseline(p.begin(), f)
			v.pattern(p.begin(), f)
		}},
		{first, main},
		{"Secondary outcomes", each(plan.Secondary)},
		{rest, each(plan.Exploratory)},
		{"Change of single people", func(p *paragraphs) {
			for _, o := range f.changed() {
				v.reliable(p.begin(), f, o)
			}
			for _, o := range f.responding() {
				v.responders(p.begin(), f, o)
			}
		}},
		{"Course runs", func(p *paragraphs) { v.runs(p, f) }},
		{"Amount of the course and change", func(p *paragraphs) { v.doses(p.begin(), f) }},
		{"Subgroups", func(p *paragraphs) { v.subgroups(p.begin(), f) }},
		{"Measurement over time", func(p *paragraphs) { v.invariance(p.begin(), f) }},
		{"Unwanted effects", func(p *paragraphs) { v.unwanted(p.begin(), f) }},
		{"What this design could have found", func(p *paragraphs) { v.power(p.begin(), f) }},
	}
}

// primary is the sentence for a paper on the primary estimate of an outcome.
func (v english) primary(w *line, x *finding) {
	if x.verdict == nothing {
		return
	}
	subject := "For " + report.Within(label(x.o.Scale)) + " " + v.span(x)
	switch {
	case x.verdict == hidden || x.verdict == absent:
		what := "the change" + v.within(x.o)
		if x.between() {
			what = "the difference in change between " + v.group(x.o.Arm) + " and " + v.group(x.o.Against)
		}
		w.put("{}, {} is {}.", subject, what, v.unknown(x.e.Value.Reason))
		return
	case x.between():
		v.leadBetween(w, x, subject)
		w.more(": "+v.estimand(x)+" {} points", w.n.decimal(x.e.Value.Value, x.places))
	default:
		v.leadWithin(w, x, subject)
		w.more(": change {} points", w.n.decimal(x.e.Value.Value, x.places))
	}
	v.numbers(w, x)
}

// estimand is what the number between arms is.
func (english) estimand(x *finding) string {
	if x.e.Estimator == plan.ANCOVA {
		return "difference after the course at equal scores before"
	}
	return "difference in change"
}

func (v english) leadBetween(w *line, x *finding, subject string) {
	means := func(arm string) string { return meansOf(w, x, arm, "*M* = {} to {}") }
	switch x.verdict {
	case better, worse:
		w.put("{}, the change was {} in {}", subject, v.compared(x), v.group(x.o.Arm)).more(means(x.o.Arm)).
			more(" than in {}", v.group(x.o.Against)).more(means(x.o.Against))
	default:
		w.put("{}, the change did not differ clearly between {}", subject, v.group(x.o.Arm)).more(means(x.o.Arm)).
			more(" and {}", v.group(x.o.Against)).more(means(x.o.Against))
	}
}

func (v english) leadWithin(w *line, x *finding, subject string) {
	verb := v.moved(x)
	if x.verdict != better && x.verdict != worse {
		verb = "did not change clearly"
	}
	w.put("{}, scores {}{}", subject, verb, v.within(x.o)).more(meansOf(w, x, x.o.Arm, "*M* = {} to {}"))
}

// numbers ends a sentence with the interval, the test and the effect size.
func (v english) numbers(w *line, x *finding) {
	e := x.e
	if e.CI.OK() {
		w.more(", {}", w.n.interval(e.CI, x.places))
	}
	if e.T.OK() && e.DF.OK() {
		w.more(", *t*({}) = {}", w.n.freedom(e.DF.Value), w.n.decimal(e.T.Value, 2))
	}
	if e.P.OK() {
		w.more(", *p* {}", w.n.p(e.P.Value))
		if x.f.family(x.o.As) > 1 && e.PAdjusted.OK() && x.adjusted() {
			w.more(" (adjusted *p* {})", w.n.p(e.PAdjusted.Value))
		}
	}
	if x.o.G.OK() {
		w.more(", *g* = {}", w.n.decimal(x.o.G.Value, 2))
		if x.o.GCI.OK() {
			w.more(", {}", w.n.interval(x.o.GCI, 2))
		}
	}
	if !e.CI.OK() {
		w.more("; an interval is {}", v.unknown(e.CI.Reason))
	}
	w.more(".")
}

func (v english) flow(w *line, f *facts) {
	for _, a := range f.p.Flow.Arms {
		for i, s := range a.Steps {
			if i == 0 {
				w.put("In {} ({}), the survey was answered", v.group(a.Arm), people(a.Allocated))
			}
			w.more(w.n.joint(i, len(a.Steps), " ")+"{} by {}", v.at(f, f.byName(s.Wave)), v.step(s))
		}
		if len(a.Steps) > 0 {
			w.more(".")
		}
	}
	if n := f.erased(); n > 0 {
		w.put("The data of {} were erased at their own request; they are counted here and nowhere else.", people(n))
	}
	o := f.main()
	if o == nil {
		return
	}
	_, post := f.finding(o).moments()
	switch lost, over, _ := f.loss(post); {
	case over > 0 && lost == 0:
		w.put("Of those whose survey {} was over, nobody had left the study or let it pass.", v.at(f, post))
	case over > 0:
		w.put("Of those whose survey {} was over, {} ({} of {}) had left the study or let it pass.",
			v.at(f, post), w.n.share(lost, over), w.n.count(lost), w.n.count(over))
	}
	for _, a := range f.p.Flow.Arms {
		if o.Arm == "" || a.Arm == o.Arm || a.Arm == o.Against {
			w.put("In {}, {} had a score of {} at any wave and {} at both.", v.group(a.Arm), w.n.count(a.Analysed), scaleWithin(o), w.n.count(a.Completers))
		}
	}
}

// step is who answered, of those whose survey is over.
func (v english) step(s paper.FlowStep) string {
	n := v.numerals()
	over, pending := s.Answered+s.Lost+s.Withdrawn+s.Declined, s.Open+s.NotYet
	text := n.count(s.Answered) + " of " + n.count(over)
	switch {
	case over > 0 && pending > 0:
		return text + " (" + n.share(s.Answered, over) + "; not over yet for " + n.count(pending) + ")"
	case over > 0:
		return text + " (" + n.share(s.Answered, over) + ")"
	case pending > 0:
		return text + " (not over yet for " + n.count(pending) + ")"
	}
	return text
}

func (v english) baseline(w *line, f *facts) {
	r, ok := f.baselineRow()
	if !ok {
		return
	}
	name := report.Within(f.scaleName(r.Key))
	if r.Difference.OK() && len(f.p.Arms) > 1 {
		w.put("Before the course, {} and {} differed in {} by *d* = {} (the first minus the second).", v.group(f.p.Arms[0].Name), v.group(f.p.Arms[1].Name), name, w.n.decimal(r.Difference.Value, 2))
	}
	if r.Loss.OK() {
		w.put("Before the course, those who were lost differed from those who stayed by *d* = {}", w.n.decimal(r.Loss.Value, 2))
		if r.LossCI.OK() {
			w.more(", {}", w.n.interval(r.LossCI, 2))
		}
		w.more(" (lost minus stayed).")
	} else if r.Lost.N > 0 && r.Loss.Reason != "" {
		w.put("How those who were lost differed before the course from those who stayed is {}.", v.unknown(r.Loss.Reason))
	}
}

func (v english) pattern(w *line, f *facts) {
	m := f.p.Missing
	if !m.P.OK() {
		return
	}
	w.put("Little’s test of missing completely at random gave χ²({}) = {}, *p* {}", w.n.freedom(m.DF.Value), w.n.decimal(m.ChiSquare.Value, 2), w.n.p(m.P.Value))
	if m.P.Value < f.p.Plan.Content.Alpha {
		w.more("; the scores were not missing completely at random.")
		return
	}
	w.more("; this does not show that the loss was harmless.")
}
