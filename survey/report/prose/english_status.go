package prose

import (
	"tidemark/survey/plan"
	"tidemark/survey/report"
)

func (v english) status(p *paragraphs, f *facts) {
	if f.p.Source.Simulated {
		p.begin().put("Rehearsal: all people in this report are simulated. It says nothing about a real course.")
	}
	v.planned(p.begin(), f)
	if !f.leads() {
		p.begin().put("The data have no outcome that the plan calls primary. What stands first here is not what the study was planned to answer.")
	}
	v.data(p.begin(), f)
	v.interim(p.begin(), f)
	if n := len(f.standing(plan.Exploratory)); n > 0 && f.p.Plan.Locked() {
		p.begin().put(plural(n, "{} outcome was not announced in the plan and is labelled exploratory.",
			"{} outcomes were not announced in the plan and are labelled exploratory."), capital(number(n)))
	}
}

func (v english) planned(w *line, f *facts) {
	used := f.p.Plan
	if !used.Locked() {
		w.put("No analysis plan was locked before the data were seen. Every result is exploratory: it can suggest, not confirm.")
		return
	}
	w.put("Planned: version {} of the analysis plan was locked on {}.", w.n.count(used.Version), w.n.date(used.LockedAt))
	if used.Amended != "" {
		w.put("It amends an earlier locked version (reason given: “{}”).", used.Amended)
	}
	if used.Seen == nil {
		w.put("Nothing is known of what had been seen of the data by then.")
		return
	}
	switch s := *used.Seen; {
	case s.Submitted == 0:
		w.put("No questionnaire after the course had been submitted by then.")
	case s.Unseen():
		w.put("By then {} after the course had been submitted, but nobody had opened results or exported data.", counted(s.Submitted, "questionnaire"))
	default:
		w.put("By then {} after the course had been submitted, results had been opened {} and data exported {}: who wrote the plan may have known them.",
			counted(s.Submitted, "questionnaire"), counted(s.Reports, "time"), counted(s.Exports, "time"))
	}
}

// number writes a number up to nine as a word, as APA style has it in running
// text.
func number(n int) string {
	if n < 0 || n > 9 {
		return english{}.numerals().count(n)
	}
	return [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"}[n]
}

// counted is "one meeting" or "three meetings" of a regular noun.
func counted(n int, noun string) string { return number(n) + " " + noun + plural(n, "", "s") }

// people is "one person" or "three people".
func people(n int) string { return number(n) + plural(n, " person", " people") }

func (english) data(w *line, f *facts) {
	s := f.p.Source
	mark := report.Basis{Fingerprint: s.Fingerprint}.ShortFingerprint()
	if s.Snapshot != "" {
		w.put("The data were frozen on {} (snapshot “{}”, fingerprint {}).", w.n.date(s.FrozenAt), s.Snapshot, mark)
		return
	}
	w.put("The data are those of {} and are not a frozen snapshot (fingerprint {}).", w.n.date(f.p.At), mark)
}

// interim says that surveys are still to come.
func (v english) interim(w *line, f *facts) {
	o := f.main()
	if o == nil {
		return
	}
	_, post := f.finding(o).moments()
	_, over, pending := f.loss(post)
	if pending == 0 {
		return
	}
	w.put("Interim report: the survey {} is over for {} of {} people; results may change.",
		v.at(f, post), w.n.count(over), w.n.count(over+pending))
}
