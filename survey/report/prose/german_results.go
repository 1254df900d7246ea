package prose

import (
	"maps"
	"slices"

	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

func (v german) results(f *facts) []draft {
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
				p.begin().put("{} {} {}.", plural(n, "Eine", capital(zahl(n))), plural(n, "Zielgröße", "Zielgrößen"), v.is(why, n))
			}
		}
	}
	main := func(p *paragraphs) {
		v.primary(p.begin(), f.finding(f.main()))
		v.support(p.begin(), f.support(f.main()))
		each(plan.Primary)(p)
	}
	first, rest := "Primäre Zielgröße", "Explorative Zielgrößen"
	if !f.leads() {
		first = "Erste Zielgröße (nicht die primäre des Plans)"
	}
	if !f.p.Plan.Locked() {
		first, rest = "Erste Zielgröße (explorativ)", "Weitere Zielgrößen (explorativ)"
	}
	return []draft{
		{"Teilnehmende und fehlende Werte", func(p *paragraphs) {
			v.flow(p.begin(), f)
			v.baseline(p.begin(), f)
			v.pattern(p.begin(), f)
		}},
		{first, main},
		{"Sekundäre Zielgrößen", each(plan.Secondary)},
		{rest, each(plan.Exploratory)},
		{"Veränderung einzelner Personen", func(p *paragraphs) {
			for _, o := range f.changed() {
				v.reliable(p.begin(), f, o)
			}
			for _, o := range f.responding() {
				v.responders(p.begin(), f, o)
			}
		}},
		{"Kursdurchgänge", func(p *paragraphs) { v.runs(p, f) }},
		{"Umfang der Teilnahme und Veränderung", func(p *paragraphs) { v.doses(p.begin(), f) }},
		{"Teilgruppen", func(p *paragraphs) { v.subgroups(p.begin(), f) }},
		{"Messung über die Zeit", func(p *paragraphs) { v.invariance(p.begin(), f) }},
		{"Unerwünschte Wirkungen", func(p *paragraphs) { v.unwanted(p.begin(), f) }},
		{"Was dieses Design hätte finden können", func(p *paragraphs) { v.power(p.begin(), f) }},
	}
}

func (v german) primary(w *line, x *finding) {
	if x.verdict == nothing {
		return
	}
	subject := "Für die Skala " + quoted(label(x.o.Scale))
	switch {
	case x.verdict == hidden || x.verdict == absent:
		what := "die Veränderung" + v.within(x.o)
		if x.between() {
			what = "der Unterschied zwischen " + v.group(x.o.Arm) + " und " + v.group(x.o.Against) + " in der Veränderung"
		}
		w.put("{}: {} {} {}.", subject, capital(what), v.span(x), v.is(x.e.Value.Reason, 1))
		return
	case x.between():
		v.leadBetween(w, x, subject)
		estimand := "Unterschied in der Veränderung"
		if x.e.Estimator == plan.ANCOVA {
			estimand = "Unterschied nach dem Kurs bei gleichen Werten davor"
		}
		w.more(": {} {} Punkte", estimand, w.n.decimal(x.e.Value.Value, x.places))
	default:
		v.leadWithin(w, x, subject)
		w.more(": Veränderung {} Punkte", w.n.decimal(x.e.Value.Value, x.places))
	}
	v.numbers(w, x)
}

func (v german) leadBetween(w *line, x *finding, subject string) {
	means := func(arm string) string { return meansOf(w, x, arm, "*M* = {} auf {}") }
	how := map[verdict]string{better: "günstiger", worse: "ungünstiger"}
	if x.neutral {
		how = map[verdict]string{better: "höher", worse: "niedriger"}
	}
	switch x.verdict {
	case better, worse:
		w.put("{} fiel die Veränderung {} in {}", subject, v.span(x), v.group(x.o.Arm)).more(means(x.o.Arm)).
			more(" {} aus als in {}", how[x.verdict], v.group(x.o.Against)).more(means(x.o.Against))
	default:
		w.put("{} unterschied sich die Veränderung {} nicht klar zwischen {}", subject, v.span(x), v.group(x.o.Arm)).more(means(x.o.Arm)).
			more(" und {}", v.group(x.o.Against)).more(means(x.o.Against))
	}
}

func (v german) leadWithin(w *line, x *finding, subject string) {
	means := meansOf(w, x, x.o.Arm, "*M* = {} auf {}")
	if x.verdict != better && x.verdict != worse {
		w.put("{} veränderten sich die Werte {}{} nicht klar", subject, v.span(x), v.within(x.o)).more(means)
		return
	}
	w.put("{} {} die Werte {}{}", subject, v.moved(x), v.span(x), v.within(x.o)).more(means)
}

func (v german) numbers(w *line, x *finding) {
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
			w.more(" (adjustiertes *p* {})", w.n.p(e.PAdjusted.Value))
		}
	}
	if x.o.G.OK() {
		w.more(", *g* = {}", w.n.decimal(x.o.G.Value, 2))
		if x.o.GCI.OK() {
			w.more(", {}", w.n.interval(x.o.GCI, 2))
		}
	}
	if !e.CI.OK() {
		w.more("; ein Intervall {}", v.is(e.CI.Reason, 1))
	}
	w.more(".")
}

func (v german) flow(w *line, f *facts) {
	for _, a := range f.p.Flow.Arms {
		for i, s := range a.Steps {
			if i == 0 {
				w.put("In {} ({}) antworteten", v.group(a.Arm), personen(a.Allocated))
			}
			w.more(w.n.joint(i, len(a.Steps), " ")+"{} {}", v.at(f, f.byName(s.Wave)), v.step(s))
		}
		if len(a.Steps) > 0 {
			w.more(".")
		}
	}
	if n := f.erased(); n > 0 {
		w.put("Die Daten von {} wurden auf eigenen Wunsch gelöscht; sie sind hier mitgezählt und sonst nirgends.", plural(n, "einer Person", personen(n)))
	}
	o := f.main()
	if o == nil {
		return
	}
	_, post := f.finding(o).moments()
	switch lost, over, _ := f.loss(post); {
	case over > 0 && lost == 0:
		w.put("Von denen, für die die Befragung {} vorbei war, hatte niemand die Studie verlassen oder sie verstreichen lassen.", v.at(f, post))
	case over > 0:
		w.put("Von denen, für die die Befragung {} vorbei war, hatten {} ({} von {}) die Studie verlassen oder sie verstreichen lassen.",
			v.at(f, post), w.n.share(lost, over), w.n.count(lost), w.n.count(over))
	}
	for _, a := range f.p.Flow.Arms {
		if o.Arm == "" || a.Arm == o.Arm || a.Arm == o.Against {
			w.put("Werte {} lagen in {} zu mindestens einem Zeitpunkt von {} Personen vor, zu beiden Zeitpunkten von {}.",
				v.scale(o.Scale), v.group(a.Arm), w.n.count(a.Analysed), w.n.count(a.Completers))
		}
	}
}

func (v german) step(s paper.FlowStep) string {
	n := v.numerals()
	over, pending := s.Answered+s.Lost+s.Withdrawn+s.Declined, s.Open+s.NotYet
	text := n.count(s.Answered) + " von " + n.count(over)
	switch {
	case over > 0 && pending > 0:
		return text + " (" + n.share(s.Answered, over) + "; für " + n.count(pending) + " noch nicht vorbei)"
	case over > 0:
		return text + " (" + n.share(s.Answered, over) + ")"
	case pending > 0:
		return text + " (für " + n.count(pending) + " noch nicht vorbei)"
	}
	return text
}

func (v german) baseline(w *line, f *facts) {
	r, ok := f.baselineRow()
	if !ok {
		return
	}
	if r.Difference.OK() && len(f.p.Arms) > 1 {
		w.put("Zwischen {} und {} bestand auf {} vor dem Kurs ein Unterschied von *d* = {} (erste minus zweite).", v.group(f.p.Arms[0].Name), v.group(f.p.Arms[1].Name),
			v.scale(f.main().Scale), w.n.decimal(r.Difference.Value, 2))
	}
	if r.Loss.OK() {
		w.put("Verlorene unterschieden sich vor dem Kurs von Gebliebenen um *d* = {}", w.n.decimal(r.Loss.Value, 2))
		if r.LossCI.OK() {
			w.more(", {}", w.n.interval(r.LossCI, 2))
		}
		w.more(" (Verlorene minus Gebliebene).")
	} else if r.Lost.N > 0 && r.Loss.Reason != "" {
		w.put("Wie Verlorene sich vor dem Kurs von Gebliebenen unterschieden, {}.", v.is(r.Loss.Reason, 1))
	}
}

func (v german) pattern(w *line, f *facts) {
	m := f.p.Missing
	if !m.P.OK() {
		return
	}
	w.put("Littles Test auf völlig zufälliges Fehlen ergab χ²({}) = {}, *p* {}", w.n.freedom(m.DF.Value), w.n.decimal(m.ChiSquare.Value, 2), w.n.p(m.P.Value))
	if m.P.Value < f.p.Plan.Content.Alpha {
		w.more("; die Werte fehlten nicht völlig zufällig.")
		return
	}
	w.more("; das zeigt nicht, dass der Verlust harmlos war.")
}
