package prose

import (
	"strings"

	"tidemark/analysis/factor"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

func (v german) reliable(w *line, f *facts, o *paper.Outcome) {
	x := f.finding(o)
	up, down := "mit Verbesserung", "mit Verschlechterung"
	if x.neutral {
		up, down = "mit Zunahme", "mit Abnahme"
	}
	for i := range o.Change.Groups {
		c := &o.Change.Groups[i]
		r := &c.Reliable
		if !r.Threshold.OK() || c.Pairs == 0 {
			continue
		}
		if len(w.s) == 0 {
			w.put("Reliable Veränderung auf {} {}:", v.scale(o.Scale), v.span(x))
		} else {
			w.more(";")
		}
		var parts []string
		for _, part := range []struct {
			report.Count
			verb string
		}{{r.Better, up}, {r.Same, "ohne reliable Veränderung"}, {r.Worse, down}} {
			if !part.Hidden {
				parts = append(parts, v.tally(part.Count, c.Pairs)+" "+part.verb)
			}
		}
		switch {
		case len(parts) == 0:
			w.put("in {} (*n* = {}) sind die Zahlen zu klein, um gezeigt zu werden", v.group(c.Group), w.n.count(c.Pairs))
		case len(parts) < 3:
			w.put("in {} (*n* = {}) {}; wie sich die übrigen verteilen, wird nicht gezeigt", v.group(c.Group), w.n.count(c.Pairs), w.n.list(parts))
		default:
			w.put("in {} (*n* = {}) {}", v.group(c.Group), w.n.count(c.Pairs), w.n.list(parts))
		}
	}
	if len(w.s) > 0 {
		w.more(".")
	}
}

// tally is "11 (55 %)", or says that the number is hidden.
func (v german) tally(c report.Count, of int) string {
	if c.Hidden {
		return "einer zu kleinen Zahl, um sie zu zeigen,"
	}
	n := v.numerals()
	return n.count(c.N) + " (" + n.share(c.N, of) + ")"
}

func (v german) responders(w *line, f *facts, o *paper.Outcome) {
	r := o.Responders
	if len(r.Everyone) == 0 {
		return
	}
	w.put("Eine Veränderung zum Besseren um mindestens {} Punkte auf {} {} zeigte sich", w.n.plain(r.Threshold), v.scale(o.Scale), v.span(f.finding(o)))
	for i, a := range r.Everyone {
		w.more(w.n.joint(i, len(r.Everyone), " ")+"bei {} in {} (*n* = {}", v.tally(a.Responded, a.N), v.group(a.Arm), w.n.count(a.N))
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
		w.put("Die Differenz der Anteile {}.", v.is(d.Value.Reason, 1))
	default:
		w.put("Die Differenz der Anteile beträgt {} Prozentpunkte", w.n.decimal(100*d.Value.Value, 0))
		if d.CI.OK() {
			w.more(", {}", w.n.percentInterval(d.CI))
		}
		switch {
		case d.NNT.OK() && d.ThroughInfinity:
			w.more("; die Number Needed to Treat ist {}, und ihr Intervall reicht vom Nutzen bis zum Schaden", w.n.decimal(d.NNT.Value, 1))
		case d.NNT.OK() && d.NNTCI.OK():
			w.more("; die Number Needed to Treat ist {}, {}", w.n.decimal(d.NNT.Value, 1), w.n.interval(d.NNTCI, 1))
		}
		w.more(".")
	}
}

func (v german) subgroups(w *line, f *facts) {
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
		part := v.part(f, &s) + ": " + w.n.decimal(e.Value.Value, o.Places()) + " Punkte"
		if e.CI.OK() {
			part += ", " + w.n.interval(e.CI, o.Places())
		}
		parts = append(parts, part)
	}
	if len(parts) > 0 {
		w.put("In Teilen der Personen beträgt, nach der Veränderung aller mit beiden Werten geschätzt, {}: {}.", v.question(f, o), strings.Join(parts, "; "))
	}
	if unknown > 0 {
		w.put(plural(unknown, "Für einen Teil lässt sich keine Schätzung angeben oder zeigen.", "Für {} Teile lässt sich keine Schätzung angeben oder zeigen."), zahl(unknown))
	}
	w.put("Teile unterscheiden sich zufällig: Ein Unterschied zwischen ihnen ist eine Frage, kein Befund.")
}

func (v german) part(f *facts, s *paper.SubgroupRow) string {
	switch s.Of.Kind {
	case plan.SubgroupRun:
		return "Kursdurchgang " + quoted(s.Label)
	case plan.SubgroupScale:
		name, cut := quoted(f.scaleName(s.Of.Key))+" vor dem Kurs ", v.numerals().plain(s.Cut)
		if s.Below {
			return name + "unter " + cut
		}
		return name + "ab " + cut
	case plan.SubgroupColumn:
	}
	return quoted(s.By) + " " + quoted(s.Label)
}

func (v german) invariance(w *line, f *facts) {
	for _, i := range f.p.Invariance {
		name := "der Skala " + quoted(f.scaleName(i.Scale))
		if i.MetricReading == factor.Unread {
			w.put("Ob mit {} beide Male dasselbe gemessen wurde, ließ sich nicht prüfen.", name)
			continue
		}
		if i.PoorFit() {
			w.put("Bei {} beschrieb schon ein Faktor die Antworten schlecht (Comparative Fit Index {}, *n* = {}); ihn über die Zeit gleichzusetzen zeigt daher wenig.",
				name, w.n.unit(configural(&i), 3), w.n.count(i.N))
			continue
		}
		w.put("Bei {} (*n* = {}) ", name, w.n.count(i.N))
		switch {
		case i.MetricReading == factor.Fails:
			w.more("hingen die Fragen vor und nach dem Kurs unterschiedlich zusammen; eine Veränderung des Werts kann eine Veränderung seiner Bedeutung sein.")
		case i.ScalarReading == factor.Holds:
			w.more("sprach nichts dagegen, dass die Fragen beide Male dasselbe bedeuteten.")
		case i.ScalarReading == factor.Fails:
			w.more("veränderten sich einige Fragen mehr oder weniger als die übrigen; die Veränderung des Mittelwerts ist zusammen mit der einzelner Fragen zu lesen.")
		default:
			w.more("gibt es Anzeichen, aber keine sicheren, dass sich einige Fragen mehr oder weniger veränderten als die übrigen.")
		}
		var steps []string
		for _, l := range i.Levels {
			if l.DeltaCFI.OK() {
				what := " bei gleichen Achsenabschnitten"
				if l.Level == "metric" {
					what = " bei gleichen Ladungen"
				}
				steps = append(steps, w.n.unit(l.DeltaCFI.Value, 3)+what)
			}
		}
		if len(steps) > 0 {
			w.put("Der Comparative Fit Index änderte sich um {}.", w.n.list(steps))
		}
	}
}

func (v german) unwanted(w *line, f *facts) {
	u := f.p.Unwanted
	if u == nil || len(u.Effects) == 0 {
		return
	}
	w.put("Fragen nach unerwünschten Wirkungen (Befragung {}) wurden von {} beantwortet.", quoted(u.Wave), plural(u.People, "einer Person", zahl(u.People)+" Personen"))
	if u.Any.Hidden {
		w.put("So wenige, oder alle bis auf so wenige, gaben eine an, dass die Zahl nicht gezeigt wird.")
	} else {
		w.put("Mindestens eine wurde von {} angegeben", v.tally(u.Any, u.People))
		if u.ShareCI.OK() {
			w.more(", {}", w.n.percentInterval(u.ShareCI))
		}
		w.more(".")
	}
	for _, e := range u.Effects {
		if !e.Any.Hidden && e.N > 0 {
			w.put("{} wurde von {} bejaht.", quoted(e.Text), v.tally(e.Any, e.N))
		}
	}
	w.put("Wer die Studie verließ, beantwortete diese Fragen nicht und kann sie wegen einer solchen Wirkung verlassen haben.")
}

func (v german) power(w *line, f *facts) {
	x := f.p.Power
	if x == nil || !x.Detectable80.OK() || x.Course == 0 {
		return
	}
	if x.Control > 0 {
		w.put("Mit {} und {} Personen mit beiden Werten und Werten vor dem Kurs, die mit denen danach korrelieren", w.n.count(x.Course), w.n.count(x.Control))
		if x.R.OK() {
			w.more(" (*r* = {})", w.n.unit(x.R.Value, 2))
		}
		w.more(", findet eine Kovarianzanalyse einen Unterschied von {} Standardabweichungen", w.n.decimal(x.Detectable80.Value, 2))
	} else {
		w.put("Mit {} Personen mit beiden Werten findet ein *t*-Test für abhängige Stichproben eine Veränderung von {} Standardabweichungen der Veränderungen",
			w.n.count(x.Course), w.n.decimal(x.Detectable80.Value, 2))
	}
	if x.Points80.OK() {
		w.more(" ({} Punkte)", w.n.decimal(x.Points80.Value, f.main().Places()))
	}
	w.more(" mit 80 % Teststärke bei α = {}", w.n.unit(x.Alpha, 2))
	if x.Control > 0 {
		w.more(" [shieh2020]")
	}
	w.more(". Das folgt aus der Zahl der Personen, nicht aus der beobachteten Wirkung [hoenig2001].")
}
