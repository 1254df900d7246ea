package prose

import (
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

func (v english) measures(p *paragraphs, f *facts) {
	for _, s := range f.scales() {
		v.measure(p.begin(), f, s)
	}
	if len(f.p.Reliability) > 0 && len(p.lines) > 0 {
		p.begin().put("Internal consistency is Cronbach’s α [cronbach1951] with the interval of <feldt1965>, and McDonald’s ω of one factor [mcdonald1999] " +
			"where a scale has three items or more, of everyone who answered all items of the scale.")
	}
	v.invarianceMethod(p.begin(), f)
}

func (v english) measure(w *line, f *facts, s report.Scale) {
	w.put("*{}*", s.Name)
	parts := []string{}
	at := f.consistency(s.Key)
	if len(at) > 0 {
		parts = append(parts, w.n.count(at[0].Items)+plural(at[0].Items, " item", " items"))
	}
	if s.Bounded() {
		parts = append(parts, "possible scores from "+w.n.plain(s.Min)+" to "+w.n.plain(s.Max))
	}
	switch s.Direction {
	case instrument.HigherBetter:
		parts = append(parts, "higher scores are more favourable")
	case instrument.LowerBetter:
		parts = append(parts, "lower scores are more favourable")
	case instrument.Neutral:
		parts = append(parts, "no direction is more favourable")
	}
	if u, ok := f.instrument(s.Instrument); ok {
		from := "from the questionnaire “" + u.Title + "”, version " + u.Version
		if u.Status != "" {
			from += " (" + u.Status + ")"
		}
		parts = append(parts, from)
	}
	if len(parts) > 0 {
		w.more(": {}", strings.Join(parts, "; "))
	}
	v.consistency(w, f, at)
	w.more(".")
}

func (v english) consistency(w *line, f *facts, at []paper.Reliability) {
	first := true
	for _, r := range at {
		if !r.Alpha.OK() {
			w.more("; internal consistency {} is {}", v.at(f, f.byShort(r.Wave)), v.unknown(r.Alpha.Reason))
			first = true
			continue
		}
		if first {
			w.more("; internal consistency")
		} else {
			w.more(",")
		}
		first = false
		w.more(" {} α = {}", v.at(f, f.byShort(r.Wave)), w.n.unit(r.Alpha.Value, 2))
		if r.Omega.OK() {
			w.more(" (ω = {}, *n* = {})", w.n.unit(r.Omega.Value, 2), w.n.count(r.People))
		} else {
			w.more(" (*n* = {})", w.n.count(r.People))
		}
	}
}

func (v english) invarianceMethod(w *line, f *facts) {
	if len(f.p.Invariance) > 0 {
		w.put("Whether a scale measured the same thing {} was examined by a sequence of factor models with loadings and then intercepts held equal over time; "+
			"a fall of the comparative fit index by more than .010 was read as a difference [chen2007].", "before and after the course")
	}
}
