package prose

import (
	"strconv"

	"tidemark/survey/allocation"
)

// allocated says how people came into their groups; nothing where it is not known.
func (v english) allocated(w *line, f *facts) {
	a := f.p.Allocation
	if a == nil {
		return
	}
	who, they := "People were", "a group"
	if a.Runs {
		who, they = "Whole course runs were", "a course run"
	}
	parts, names := f.ratio()
	w.put("{} allotted in the ratio {} ({})", who, parts, names)
	switch allocation.Method(a.Method) {
	case allocation.Simple:
		w.more(" by simple randomisation")
	case allocation.Minimisation:
		w.more(" by minimisation")
		if a.Best > 0 {
			w.more(", by which the group that keeps the balance is taken with {} %", strconv.Itoa(a.Best))
		}
	case allocation.Blocks:
		switch len(a.Sizes) {
		case 0:
			w.more(" by permuted blocks")
		case 1:
			w.more(" by permuted blocks of {}", strconv.Itoa(a.Sizes[0]))
		default:
			w.more(" by permuted blocks whose sizes were drawn by chance ({})", f.sizes())
		}
	}
	factors := f.factors("course run", "course")
	switch {
	case len(factors) == 0:
		w.more(".")
	case a.Method == string(allocation.Minimisation):
		w.more("; balance was kept by {}.", w.n.list(factors))
	default:
		w.more(", for each {} by itself.", w.n.list(factors))
	}
	if a.Commitment != "" {
		w.put("All draws follow from a seed that was sealed on {}, before {} was drawn, and that nobody sees before the study is closed; its SHA-256 was published then: {}.",
			w.n.date(a.SealedAt), they, a.Commitment)
	}
	if a.Hand > 0 {
		w.put("{} allotted by hand, with a reason that was noted.", capital(people(a.Hand))+map[bool]string{true: " was", false: " were"}[a.Hand == 1])
	}
}
