package prose

import (
	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// german is the voice of German texts. Names that the study gave stand in
// quotation marks behind a noun of ours, so that no sentence needs their gender.
type german struct{}

func (german) numerals() numerals {
	return numerals{
		comma: true, between: "; ", ci: "-KI", percent: "-%", and: "und", day: ".",
		months: []string{
			"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
		},
	}
}

func (german) titles() titles {
	return titles{"In einem Satz", "Stand dieses Berichts", "Methode", "Ergebnisse", "Literatur"}
}

func quoted(name string) string { return "„" + name + "“" }

// group is "der Gruppe „Kurs“", which is both dative and genitive; without a
// name, everyone.
func (german) group(name string) string {
	if name == "" {
		return "der Gesamtgruppe"
	}
	return "der Gruppe " + quoted(name)
}

// at is a wave as a moment in time.
func (german) at(f *facts, w paper.Wave) string {
	switch {
	case w.Kind == survey.WavePre && f.only(w):
		return "vor dem Kurs"
	case w.Kind == survey.WavePost && f.only(w):
		return "nach dem Kurs"
	case w.Kind == survey.WaveFollowUp:
		return "zur Nachbefragung " + quoted(w.Name)
	}
	return "zur Befragung " + quoted(w.Name)
}

// survey is the same as a noun in the dative.
func (v german) survey(f *facts, w paper.Wave) string {
	switch at := v.at(f, w); {
	case at == "vor dem Kurs" || at == "nach dem Kurs":
		return "der Befragung " + at
	case w.Kind == survey.WaveFollowUp:
		return "der Nachbefragung " + quoted(w.Name)
	}
	return "der Befragung " + quoted(w.Name)
}

// span is the time between the waves of an outcome.
func (v german) span(x *finding) string {
	pre, post := x.moments()
	if v.at(x.f, pre) == "vor dem Kurs" && v.at(x.f, post) == "nach dem Kurs" {
		return "zwischen den Befragungen vor und nach dem Kurs"
	}
	return "zwischen " + v.survey(x.f, pre) + " und " + v.survey(x.f, post)
}

func (v german) on(x *finding) string {
	if !x.o.Scale.Bounded() {
		return ""
	}
	n := v.numerals()
	return " (Skala von " + n.plain(x.o.Scale.Min) + " bis " + n.plain(x.o.Scale.Max) + ")"
}

func (german) scale(s report.Scale) string { return "der Skala " + quoted(label(s)) }

func (v german) within(o *paper.Outcome) string {
	if o.Arm == "" {
		return ""
	}
	return " in " + v.group(o.Arm)
}

func (v german) interval(x *finding) string {
	return v.numerals().level(x.e.CI.Level) + "-Konfidenzintervall"
}

func (v german) answer(w *line, x *finding) {
	if x.verdict == nothing {
		w.put("Kein Fragebogen wurde sowohl vor als auch nach dem Kurs beantwortet; über eine Veränderung lässt sich daher nichts berichten.")
		return
	}
	subject := v.scale(x.o.Scale)
	switch {
	case x.verdict == hidden:
		w.put("Es haben so wenige Personen geantwortet, dass die Ergebnisse {} zu ihrem Schutz nicht gezeigt werden.", subject)
	case x.verdict == absent && x.between():
		w.put("Wie sich die Veränderung auf {} {} zwischen {} und {} unterscheidet, lässt sich nicht schätzen: {}.",
			subject, v.span(x), v.group(x.o.Arm), v.group(x.o.Against), v.reason(x.reason))
	case x.verdict == absent:
		w.put("Die Veränderung auf {} {}{} lässt sich nicht schätzen: {}.", subject, v.span(x), v.within(x.o), v.reason(x.reason))
	case x.between():
		v.answerBetween(w, x, subject)
	default:
		v.answerWithin(w, x, subject)
	}
}

func (v german) answerBetween(w *line, x *finding, subject string) {
	arm, against := v.group(x.o.Arm), v.group(x.o.Against)
	points := func(size float64) string { return w.n.bound(size, x.places) }
	switch x.verdict {
	case better, worse:
		size, low, high := x.size, x.low, x.high
		if x.verdict == worse {
			size, low, high = -x.size, -x.high, -x.low
		}
		if x.outright() {
			w.put("{} {} die Werte {} in {} um {} Punkte{} stärker als in {}", capital(v.span(x)), v.moved(x), subject, arm, points(size), v.on(x), against)
		} else {
			w.put("{} veränderten sich die Werte {} in {} um {} Punkte{} {} als in {}", capital(v.span(x)), subject, arm, points(size), v.on(x), v.compared(x), against)
		}
		w.more("; mit den Daten vereinbar ist ein Unterschied zwischen {} und {} Punkten ({}).", points(low), points(high), v.interval(x))
	case unclear:
		w.put("{} zeigte sich in der Veränderung {} kein klarer Unterschied zwischen {} und {}: Geschätzt wird {}{}, "+
			"und mit den Daten vereinbar ist alles von {} bis zu {} ({}).", capital(v.span(x)), subject, arm, against,
			v.favour(x, x.size, false), v.on(x), v.favour(x, x.low, true), v.favour(x, x.high, true), v.interval(x))
	default:
		w.put("{} unterschied sich die Veränderung {} zwischen {} und {}: Geschätzt wird {}{}; wie unsicher das ist, lässt sich nicht sagen ({}).",
			capital(v.span(x)), subject, arm, against, v.favour(x, x.size, false), v.on(x), v.reason(x.reason))
	}
}

// moved is the verb of a clear change, in the plural.
func (german) moved(x *finding) string {
	switch {
	case x.neutral && x.verdict == worse:
		return "sanken"
	case x.neutral:
		return "stiegen"
	case x.verdict == worse:
		return "verschlechterten sich"
	}
	return "verbesserten sich"
}

// compared is the adverb of a clear difference.
func (german) compared(x *finding) string {
	switch {
	case x.neutral && x.verdict == worse:
		return "weiter nach unten"
	case x.neutral:
		return "weiter nach oben"
	case x.verdict == worse:
		return "ungünstiger"
	}
	return "günstiger"
}

// points is an amount with its noun.
func (v german) points(x *finding, size float64) string {
	return v.numerals().bound(size, x.places) + " Punkte"
}

// favour is an amount with the group it speaks for; dative says that "einem" is
// wanted.
func (v german) favour(x *finding, size float64, dative bool) string {
	article := "ein"
	if dative {
		article = "einem"
	}
	n := v.numerals()
	switch {
	case size == 0:
		return "k" + article + " Unterschied"
	case x.neutral && size < 0:
		return article + " Rückstand " + v.group(x.o.Arm) + " von " + n.bound(-size, x.places) + " Punkten"
	case x.neutral:
		return article + " Vorsprung " + v.group(x.o.Arm) + " von " + n.bound(size, x.places) + " Punkten"
	case size < 0:
		return article + " Vorteil " + v.group(x.o.Against) + " von " + n.bound(-size, x.places) + " Punkten"
	}
	return article + " Vorteil " + v.group(x.o.Arm) + " von " + n.bound(size, x.places) + " Punkten"
}

// amount is a change as a noun with its size; dative says that "einer" is wanted.
func (v german) amount(x *finding, size float64, dative bool) string {
	article, noun := "eine", "Verbesserung"
	switch {
	case size == 0 && dative:
		return "keiner Veränderung"
	case size == 0:
		return "keine Veränderung"
	case x.neutral && size < 0:
		noun = "Abnahme"
	case x.neutral:
		noun = "Zunahme"
	case size < 0:
		noun = "Verschlechterung"
	}
	if dative {
		article = "einer"
	}
	if size < 0 {
		size = -size
	}
	return article + " " + noun + " um " + v.points(x, size)
}

func (v german) answerWithin(w *line, x *finding, subject string) {
	where := v.within(x.o)
	switch x.verdict {
	case better, worse:
		size, low, high := x.size, x.low, x.high
		if x.verdict == worse {
			size, low, high = -x.size, -x.high, -x.low
		}
		w.put("{} {} die Werte {}{} um {} Punkte{}; mit den Daten vereinbar ist eine Veränderung zwischen {} und {} Punkten ({}), doch {}.",
			capital(v.span(x)), v.moved(x), subject, where, w.n.bound(size, x.places), v.on(x),
			w.n.bound(low, x.places), w.n.bound(high, x.places), v.interval(x), v.notCausal(x))
	case unclear:
		w.put("{} veränderten sich die Werte {}{} nicht klar: Geschätzt wird {}{}, und mit den Daten vereinbar ist alles von {} bis zu {} ({}).",
			capital(v.span(x)), subject, where, v.amount(x, x.size, false), v.on(x), v.amount(x, x.low, true), v.amount(x, x.high, true), v.interval(x))
	default:
		w.put("{} wird für die Werte {}{} {}{} geschätzt; wie unsicher das ist, lässt sich nicht sagen ({}).",
			capital(v.span(x)), subject, where, v.amount(x, x.size, false), v.on(x), v.reason(x.reason))
	}
}

func (german) notCausal(x *finding) string {
	for _, a := range x.f.p.Arms {
		if a.Control && a.Name != x.o.Arm {
			return "die Veränderung einer Gruppe allein sagt nicht, wie viel davon am Kurs liegt"
		}
	}
	return "ohne Vergleichsgruppe lässt sich nicht sagen, wie viel davon am Kurs liegt"
}

func (v german) ways(w *line, estimates []*paper.Estimate) string {
	var names []string
	for _, e := range estimates {
		names = append(names, v.way(e))
	}
	return w.n.list(distinct(names))
}

func (v german) way(e *paper.Estimate) string {
	switch e.Sensitivity {
	case plan.DeltaAdjusted:
		return "ergänzte Werte, um " + v.numerals().plain(e.Delta) + " SD verschlechtert"
	case plan.RankBased:
		return "die Rangverfahren"
	case plan.Permutation:
		return "der Permutationstest"
	case plan.RobustErrors:
		return "die Kovarianzanalyse mit robusten Standardfehlern"
	case plan.MissingNoResponse:
		return "fehlende Werte als ausgebliebene Wirkung gezählt"
	}
	who := " mit " + v.population(e.Population)
	switch e.Estimator {
	case plan.MixedModel:
		return "das gemischte Modell" + who
	case plan.PairedChange:
		return "die beobachtete Veränderung" + who
	case plan.ANCOVA:
		return "die Kovarianzanalyse" + who
	case plan.MultipleImputation:
		return "die multiple Imputation"
	}
	return string(e.Estimator) + who
}

// population is in the dative.
func (german) population(k plan.PopulationKind) string {
	switch k {
	case plan.Completers:
		return "allen, die beide Werte haben"
	case plan.PerProtocol:
		return "allen, die am Kurs ausreichend teilnahmen"
	case plan.Everybody:
	}
	return "allen Personen"
}
