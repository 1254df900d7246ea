package prose

import (
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/report"
)

func (v german) measures(p *paragraphs, f *facts) {
	for _, s := range f.scales() {
		v.measure(p.begin(), f, s)
	}
	if len(f.p.Reliability) > 0 && len(p.lines) > 0 {
		p.begin().put("Die interne Konsistenz ist Cronbachs α [cronbach1951] mit dem Intervall von <feldt1965> und, bei Skalen ab drei Items, McDonalds ω eines Faktors [mcdonald1999], " +
			"jeweils aller Personen, die sämtliche Items der Skala beantworteten.")
	}
	if len(f.p.Invariance) > 0 {
		p.begin().put("Ob eine Skala vor und nach dem Kurs dasselbe misst, wurde mit einer Folge von Faktorenmodellen geprüft, in denen Ladungen und dann Achsenabschnitte über die Zeit gleichgesetzt sind; " +
			"ein Rückgang des Comparative Fit Index um mehr als ,010 gilt als Unterschied [chen2007].")
	}
}

func (v german) measure(w *line, f *facts, s report.Scale) {
	w.put("*{}*", s.Name)
	var parts []string
	at := f.consistency(s.Key)
	if len(at) > 0 {
		parts = append(parts, w.n.count(at[0].Items)+plural(at[0].Items, " Item", " Items"))
	}
	if s.Bounded() {
		parts = append(parts, "mögliche Werte von "+w.n.plain(s.Min)+" bis "+w.n.plain(s.Max))
	}
	switch s.Direction {
	case instrument.HigherBetter:
		parts = append(parts, "höhere Werte sind günstiger")
	case instrument.LowerBetter:
		parts = append(parts, "niedrigere Werte sind günstiger")
	case instrument.Neutral:
		parts = append(parts, "keine Richtung ist günstiger")
	}
	if u, ok := f.instrument(s.Instrument); ok {
		parts = append(parts, "aus dem Fragebogen "+quoted(u.Title)+", Version "+u.Version+v.trust(u.Status))
	}
	if len(parts) > 0 {
		w.more(": {}", strings.Join(parts, "; "))
	}
	first := true
	for _, r := range at {
		lead := "; interne Konsistenz"
		if !first {
			lead = ","
		}
		if !r.Alpha.OK() {
			w.more("; interne Konsistenz {} {}", v.at(f, f.byShort(r.Wave)), v.unknown(r.Alpha.Reason))
			first = true
			continue
		}
		first = false
		w.more(lead+" {} α = {}", v.at(f, f.byShort(r.Wave)), w.n.unit(r.Alpha.Value, 2))
		if r.Omega.OK() {
			w.more(" (ω = {}, *n* = {})", w.n.unit(r.Omega.Value, 2), w.n.count(r.People))
		} else {
			w.more(" (*n* = {})", w.n.count(r.People))
		}
	}
	w.more(".")
}

// trust says how far a questionnaire is validated; what its authors wrote in
// other words stays out of a German text.
func (german) trust(status string) string {
	if status == "project instrument, not yet validated" {
		return " (projekteigenes, noch nicht validiertes Instrument)"
	}
	return ""
}
