package prose

import (
	"strconv"

	"tidemark/survey/allocation"
)

func (v german) allocated(w *line, f *facts) {
	a := f.p.Allocation
	if a == nil {
		return
	}
	who, they := "Die Personen wurden", "eine Gruppe"
	if a.Runs {
		who, they = "Ganze Kursgruppen wurden", "eine Kursgruppe"
	}
	parts, names := f.ratio()
	w.put("{} im Verhältnis {} ({})", who, parts, names)
	switch allocation.Method(a.Method) {
	case allocation.Simple:
		w.more(" durch einfache Randomisierung zugeteilt")
	case allocation.Minimisation:
		w.more(" durch Minimierung zugeteilt")
		if a.Best > 0 {
			w.more(", bei der die ausgleichende Gruppe mit {} % gewählt wird", strconv.Itoa(a.Best))
		}
	case allocation.Blocks:
		switch len(a.Sizes) {
		case 0:
			w.more(" in permutierten Blöcken zugeteilt")
		case 1:
			w.more(" in permutierten Blöcken von {} zugeteilt", strconv.Itoa(a.Sizes[0]))
		default:
			w.more(" in permutierten Blöcken zugeteilt, deren Größe ausgelost wurde ({})", f.sizes())
		}
	}
	factors := f.factors("Kursgruppe", "Kurs")
	switch {
	case len(factors) == 0:
		w.more(".")
	case a.Method == string(allocation.Minimisation):
		w.more("; ausgeglichen wurde nach {}.", w.n.list(factors))
	default:
		w.more(", getrennt nach {}.", w.n.list(factors))
	}
	if a.Commitment != "" {
		w.put("Alle Zuteilungen folgen aus einem Startwert, der am {} versiegelt wurde, bevor {} gezogen war, und den vor dem Schließen der Studie niemand sieht; sein SHA-256 wurde dabei veröffentlicht: {}.",
			w.n.date(a.SealedAt), they, a.Commitment)
	}
	if a.Hand > 0 {
		w.put("{} von Hand zugeteilt, mit einer Begründung, die festgehalten ist.", capital(personen(a.Hand))+plural(a.Hand, " wurde", " wurden"))
	}
}
