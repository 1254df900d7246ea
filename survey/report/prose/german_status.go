package prose

import (
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

func (v german) support(w *line, s *support) {
	n := len(s.others)
	if s.verdict == nothing || n == 0 {
		return
	}
	better := "" // points are counted in the direction of benefit
	if s.turned() {
		better = " zum Besseren"
	}
	low, high := w.n.decimal(s.low, s.places), w.n.decimal(s.high, s.places)
	switch {
	case n == 1 && s.same == 1:
		w.put("Die eine weitere Auswertung dieser Frage weist in dieselbe Richtung ({} Punkte{})", low, better)
	case s.same == n:
		w.put("{} weiteren Auswertungen dieser Frage weisen in dieselbe Richtung ({} bis {} Punkte{})", plural(n-1, "Beide", "Alle "+zahl(n)), low, high, better)
	case n == 1:
		w.put("Die eine weitere Auswertung dieser Frage weist nicht in dieselbe Richtung ({} Punkte{})", low, better)
	case len(s.against) == 1:
		w.put("Von {} weiteren Auswertungen dieser Frage ({} bis {} Punkte{}) weist eine nicht in dieselbe Richtung: {}", zahl(n), low, high, better, v.ways(w, s.against))
	default:
		w.put("Von {} weiteren Auswertungen dieser Frage ({} bis {} Punkte{}) weisen {} nicht in dieselbe Richtung: {}",
			zahl(n), low, high, better, zahl(len(s.against)), v.ways(w, s.against))
	}
	switch {
	case s.same == 0:
	case n == 1 && s.clear == 1:
		w.more(", und ihr Intervall schließt die Null aus")
	case n == 1:
		w.more(", doch ihr Intervall schließt die Null nicht aus")
	case s.clear == n:
		w.more(", und ihre Intervalle schließen die Null aus")
	case s.clear == 0:
		w.more("; keines ihrer Intervalle schließt die Null aus")
	case s.clear == 1:
		w.more("; eines ihrer Intervalle schließt die Null aus")
	default:
		w.more("; {} ihrer Intervalle schließen die Null aus", zahl(s.clear))
	}
	switch {
	case s.unknown == 1:
		w.more("; eine weitere ließ sich nicht schätzen oder wird nicht gezeigt")
	case s.unknown > 1:
		w.more("; {} weitere ließen sich nicht schätzen oder werden nicht gezeigt", zahl(s.unknown))
	}
	w.more(".")
}

// zahl writes a number from two to twelve as a word, as German texts do.
func zahl(n int) string {
	if n < 2 || n > 12 {
		return german{}.numerals().count(n)
	}
	return [...]string{"zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"}[n-2]
}

// personen is "eine Person" or "drei Personen".
func personen(n int) string {
	if n == 1 {
		return "eine Person"
	}
	return zahl(n) + " Personen"
}

// mal is "einmal" or "dreimal".
func mal(n int) string {
	switch {
	case n == 1:
		return "einmal"
	case n >= 2 && n <= 12:
		return zahl(n) + "mal"
	}
	return zahl(n) + "-mal"
}

func (v german) status(p *paragraphs, f *facts) {
	if f.p.Source.Simulated {
		p.begin().put("Probelauf: Alle Personen in diesem Bericht sind simuliert. Über einen wirklichen Kurs sagt er nichts.")
	}
	v.planned(p.begin(), f)
	if !f.leads() {
		p.begin().put("Die Daten enthalten keine Zielgröße, die der Plan primär nennt. Was hier an erster Stelle steht, ist nicht das, was die Studie beantworten sollte.")
	}
	v.data(p.begin(), f)
	v.interim(p.begin(), f)
	if n := len(f.standing(plan.Exploratory)); n > 0 && f.p.Plan.Locked() {
		p.begin().put(plural(n, "Eine Zielgröße war im Plan nicht angekündigt und ist als explorativ gekennzeichnet.",
			"{} Zielgrößen waren im Plan nicht angekündigt und sind als explorativ gekennzeichnet."), capital(zahl(n)))
	}
}

func (v german) planned(w *line, f *facts) {
	used := f.p.Plan
	if !used.Locked() {
		w.put("Bevor die Daten zu sehen waren, wurde kein Auswertungsplan festgeschrieben. Alle Ergebnisse sind explorativ: Sie können etwas nahelegen, nicht bestätigen.")
		return
	}
	w.put("Geplant: Fassung {} des Auswertungsplans wurde am {} festgeschrieben.", w.n.count(used.Version), w.n.date(used.LockedAt))
	if used.Amended != "" {
		w.put("Sie ändert eine frühere festgeschriebene Fassung (angegebener Grund: {}).", quoted(used.Amended))
	}
	if used.Seen == nil {
		w.put("Was bis dahin von den Daten zu sehen war, ist nicht bekannt.")
		return
	}
	switch s := *used.Seen; {
	case s.Submitted == 0:
		w.put("Bis dahin war noch kein Fragebogen nach dem Kurs abgegeben worden.")
	case s.Unseen():
		w.put("Bis dahin abgegebene Fragebögen nach dem Kurs: {}; niemand hatte Ergebnisse geöffnet oder Daten ausgeführt.", w.n.count(s.Submitted))
	default:
		w.put("Bis dahin abgegebene Fragebögen nach dem Kurs: {}; Ergebnisse waren {} geöffnet und Daten {} ausgeführt worden: Wer den Plan schrieb, kann sie gekannt haben.",
			w.n.count(s.Submitted), mal(s.Reports), mal(s.Exports))
	}
}

func (german) data(w *line, f *facts) {
	s := f.p.Source
	mark := report.Basis{Fingerprint: s.Fingerprint}.ShortFingerprint()
	if s.Snapshot != "" {
		w.put("Die Daten wurden am {} eingefroren (Datenstand {}, Fingerabdruck {}).", w.n.date(s.FrozenAt), quoted(s.Snapshot), mark)
		return
	}
	w.put("Die Daten sind die vom {} und nicht eingefroren (Fingerabdruck {}).", w.n.date(f.p.At), mark)
}

func (v german) interim(w *line, f *facts) {
	o := f.main()
	if o == nil {
		return
	}
	_, post := f.finding(o).moments()
	_, over, pending := f.loss(post)
	if pending == 0 {
		return
	}
	w.put("Zwischenbericht: Die Befragung {} ist für {} von {} Personen vorbei; die Ergebnisse können sich noch ändern.",
		v.at(f, post), w.n.count(over), w.n.count(over+pending))
}
