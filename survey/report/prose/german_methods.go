package prose

import (
	"strings"

	"tidemark/survey"
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

func (v german) methods(f *facts) []draft {
	return []draft{
		{"Design und Teilnehmende", func(p *paragraphs) { v.design(p.begin(), f) }},
		{"Messinstrumente", func(p *paragraphs) { v.measures(p, f) }},
		{"Statistische Auswertung", func(p *paragraphs) {
			v.plan(p.begin(), f)
			v.estimator(p.begin(), f)
			v.missing(p.begin(), f)
			v.inference(p.begin(), f)
			v.change(p.begin(), f)
			v.varied(p.begin(), f)
			v.parts(p.begin(), f)
			v.software(p.begin(), f)
		}},
	}
}

func (v german) design(w *line, f *facts) {
	enrolled := capital(personen(f.p.Flow.Enrolled))
	takes := plural(f.p.Flow.Enrolled, "nahm", "nahmen")
	if arms := f.p.Flow.Arms; len(arms) > 1 {
		w.put("{} {} in einer von {} Gruppen teil", enrolled, takes, zahl(len(arms)))
		for i, a := range arms {
			w.more(w.n.joint(i, len(arms), ": ")+"{} (*n* = {})", quoted(a.Arm), w.n.count(a.Allocated))
		}
		w.more(".")
	} else {
		w.put("{} {} teil; eine Vergleichsgruppe gab es nicht.", enrolled, takes)
	}
	v.allocated(w, f)
	if n := len(f.p.Runs); n > 1 {
		w.put("Der Kurs fand {} statt.", mal(n))
	}
	if n := f.p.Source.Meetings; n > 0 {
		w.put("Er hatte {} Treffen.", plural(n, "ein", zahl(n)))
	}
	if when := v.occasions(f); len(when) > 0 {
		w.put("Fragebögen wurden {} beantwortet.", w.n.list(when))
	}
	if len(f.p.Flow.Arms) > 1 {
		w.put("Der Verbleib der Personen wird nach dem CONSORT-Statement berichtet [schulz2010].")
	}
}

func (v german) occasions(f *facts) []string {
	var when []string
	weekly := false
	for _, wave := range f.p.Waves {
		switch {
		case wave.Kind != survey.WaveDuring:
			when = append(when, v.at(f, wave))
		case !weekly:
			weekly = true
			when = append(when, mal(f.weekly())+" während des Kurses")
		}
	}
	return when
}

func (v german) plan(w *line, f *facts) {
	used := f.p.Plan
	if len(f.p.Outcomes) == 0 {
		return
	}
	if !used.Locked() {
		w.put("Kein Plan war festgeschrieben; alle Zielgrößen sind daher explorativ.")
		w.put("Die erste von ihnen ist {}.", v.question(f, f.main()))
		return
	}
	w.put("Zielgrößen und Methoden wurden in einem Auswertungsplan festgelegt, der am {} festgeschrieben wurde (Fassung {}; SHA-256 {} …).",
		w.n.date(used.LockedAt), w.n.count(used.Version), f.planHash())
	if !f.leads() {
		w.put("Die Daten enthalten keine Zielgröße, die der Plan primär nennt; die erste, die berichtet wird, ist {}.", v.question(f, f.main()))
	} else {
		primary := []string{v.question(f, f.main())}
		for _, o := range f.standing(plan.Primary) {
			primary = append(primary, v.question(f, o))
		}
		w.put(plural(len(primary), "Primäre Zielgröße war {}.", "Primäre Zielgrößen waren {}."), w.n.listLong(primary))
	}
	if n := f.family(plan.Secondary); n > 0 {
		w.put(plural(n, "Eine sekundäre Zielgröße wurde angekündigt.", "{} sekundäre Zielgrößen wurden angekündigt."), capital(zahl(n)))
	}
	if len(f.standing(plan.Exploratory)) > 0 {
		w.put("Zielgrößen, die der Plan nicht nennt, sind explorativ.")
	}
}

// question is an outcome as a noun in the nominative.
func (v german) question(f *facts, o *paper.Outcome) string {
	x := f.finding(o)
	change := "Veränderung " + v.scale(o.Scale) + " " + v.span(x)
	if o.Against != "" {
		return "der Unterschied zwischen " + v.group(o.Arm) + " und " + v.group(o.Against) + " in der " + change
	}
	return "die " + change + v.within(o)
}

func (v german) estimator(w *line, f *facts) {
	o := f.main()
	if o == nil {
		return
	}
	e := o.Primary()
	who := v.population(e.Population)
	switch e.Estimator {
	case plan.MixedModel:
		v.mixed(w, f, who)
	case plan.PairedChange:
		w.put("Die primären Schätzungen sind die beobachteten Veränderungen bei {}, innerhalb einer Gruppe mit dem *t*-Test für abhängige Stichproben und zwischen Gruppen mit Welchs *t*-Test [welch1947].", who)
	case plan.ANCOVA:
		w.put("Die primären Schätzungen stammen aus einer Kovarianzanalyse mit {}: spätere Werte nach Gruppe, adjustiert für den Wert vor dem Kurs [vickers2001].", who)
	case plan.MultipleImputation:
		w.put("Die primären Schätzungen stammen aus der multiplen Imputation der fehlenden Werte aller Personen.")
		m := f.p.Plan.Content.Missing
		w.put("Es gab {} Imputationen durch verkettete Gleichungen mit Predictive Mean Matching (Startwert {}) [vanbuuren2018; white2011], "+
			"zusammengefasst nach den Regeln von <rubin1987> mit den Freiheitsgraden von <barnard1999>.", w.n.count(m.Imputations), w.n.count(int(m.Seed)))
	}
	v.covariates(w, f)
	w.put("*g* ist die primäre Schätzung geteilt durch die Standardabweichung der Werte aller Personen vor dem Kurs, mit der Korrektur für kleine Stichproben von <hedges1981>; " +
		"sein Intervall behandelt diese Standardabweichung als bekannt.")
}

func (v german) mixed(w *line, f *facts, who string) {
	t, ok := f.p.Trajectory(f.main().Scale.Key)
	if !ok {
		return
	}
	structure := "zufälligen Achsenabschnitten der Personen"
	switch t.Structure {
	case plan.RandomSlope:
		structure = "zufälligen Achsenabschnitten und Steigungen der Personen"
	case plan.Unstructured:
		structure = "unstrukturierter Kovarianz der Messzeitpunkte"
	case plan.RandomIntercept:
	}
	w.put("Die primären Schätzungen stammen aus einem linearen gemischten Modell sämtlicher Werte von {} zu allen Zeitpunkten, zu denen die Skala erhoben wurde, "+
		"mit einem Mittelwert je Gruppe und Zeitpunkt ({}; Restricted Maximum Likelihood) und {}", who, t.Formula, structure)
	if t.Structure == plan.Unstructured {
		w.more(" [mallinckrodt2008]")
	}
	w.more(".").put("Mittelwerte, die bei diesen Schätzungen stehen, sind die des Modells.")
	if t.Fallback != "" {
		w.put("Die verlangte Struktur ließen die Daten nicht zu; angepasst wurde die nächsteinfachere.")
	}
	switch t.DF {
	case plan.Satterthwaite:
		w.put("Die Freiheitsgrade sind die nach Satterthwaite [kuznetsova2017].")
	case plan.KenwardRoger:
		w.put("Freiheitsgrade und Standardfehler sind die von <kenward1997>.")
	}
}

func (v german) covariates(w *line, f *facts) {
	var names []string
	for _, c := range f.p.Plan.Content.Covariates {
		switch c.Kind {
		case plan.CovariateRun:
			names = append(names, "den Kursdurchgang")
		case plan.CovariateScale:
			names = append(names, "die Skala "+quoted(f.scaleName(c.Key))+" vor dem Kurs")
		case plan.CovariateColumn:
			names = append(names, "das Merkmal "+quoted(c.Key))
		}
	}
	if len(names) > 0 {
		w.put("Die Modelle sind adjustiert für {}.", w.n.list(names))
	}
}

func (v german) missing(w *line, f *facts) {
	if f.main() == nil {
		return
	}
	switch f.p.Plan.Content.Missing.Strategy {
	case plan.Likelihood:
		w.put("Personen, deren spätere Werte fehlen, bleiben in der primären Auswertung; sie ist gültig, wenn das Fehlen nur von Beobachtetem abhängt [little2019].")
	case plan.Imputation:
		w.put("Fehlende Werte wurden in der primären Auswertung imputiert; das ist gültig, wenn das Fehlen nur von Beobachtetem abhängt [little2019].")
	case plan.CompleteCases:
		w.put("Die primäre Auswertung lässt Personen aus, denen ein nötiger Wert fehlt; das ist gültig, wenn der Verlust nichts mit der Zielgröße zu tun hat [little2019].")
	}
	if f.p.Missing.P.OK() {
		w.put("Ob Werte völlig zufällig fehlen, wurde mit dem Test von <little1988> geprüft; ob der Verlust von nicht Beobachtetem abhängt, kann kein Test zeigen.")
	}
	if len(f.p.Baseline) > 0 {
		who := "Verlorene und Gebliebene"
		if len(f.p.Arms) > 1 {
			who = "Die Gruppen sowie Verlorene und Gebliebene"
		}
		w.put("{} werden nach ihren Werten vor dem Kurs mit standardisierten Differenzen statt mit Tests verglichen [austin2009].", who)
	}
}

func (v german) inference(w *line, f *facts) {
	if f.main() == nil {
		return
	}
	w.put("Getestet wird zweiseitig mit α = {}; Intervalle überdecken {} %.", w.n.unit(f.p.Plan.Content.Alpha, 2), strings.TrimSuffix(w.n.level(f.p.Level), "-%"))
	m := f.p.Plan.Content.Multiplicity
	for _, family := range []struct {
		as   plan.Standing
		name string
		how  plan.Adjustment
	}{{plan.Primary, "primären", m.Primary}, {plan.Secondary, "sekundären", m.Secondary}, {plan.Exploratory, "explorativen", m.Exploratory}} {
		n := f.family(family.as)
		if n < 2 {
			continue
		}
		switch family.how {
		case plan.Holm:
			w.put("Die *p*-Werte der {} {} Zielgrößen sind nach <holm1979> adjustiert.", zahl(n), family.name)
		case plan.BenjaminiHochberg:
			w.put("Die *p*-Werte der {} {} Zielgrößen sind nach <benjamini1995> adjustiert, was den erwarteten Anteil falscher Befunde begrenzt.", zahl(n), family.name)
		case plan.Unadjusted:
			w.put("Die *p*-Werte der {} {} Zielgrößen sind nicht für ihre Anzahl adjustiert.", zahl(n), family.name)
		}
	}
	if f.p.Minimum > 1 {
		w.put("Ergebnisse, die auf weniger als {} Personen beruhen, werden nicht gezeigt.", zahl(f.p.Minimum))
	}
}

func (v german) software(w *line, f *facts) {
	if f.p.Version != "" {
		w.put("Gerechnet wurde mit Tidemark, Version {}.", f.p.Version)
	}
}
