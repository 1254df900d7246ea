package document

import (
	"fmt"
	"time"

	"tidemark/survey/report"
)

// Answer is what was found of the outcome in front, in one sentence with its
// uncertainty.
func (d *Document) Answer() report.Sentence {
	o, ok := d.InFront()
	if !ok {
		return report.Words("No questionnaire is asked both before and after the course, so there is no change to report.")
	}
	e := o.Primary()
	if !e.Value.OK() {
		return report.Words("Nothing can be said yet of " + report.Within(o.Name()) + ": " + report.Say(e.Value.Reason) + ".")
	}
	s := o.Name() + ": "
	if o.Between() {
		s += "the change in " + o.Arm + " differed from that in " + o.Against + " by "
	} else {
		s += "scores of " + report.Within(o.Who()) + " changed by "
	}
	s += report.Decimal(e.Value.Value, o.Places()) + " points"
	if e.CI.OK() {
		s += " (" + report.LevelPercent(d.Paper.Level) + " CI " + report.Decimal(e.CI.Low, o.Places()) + " to " + report.Decimal(e.CI.High, o.Places()) + ")"
	}
	return report.Words(s + ".")
}

// Status says what was planned, and what data these are.
func (d *Document) Status() []report.Sentence {
	p := d.Paper
	out := []report.Sentence{report.Words(p.Plan.Standing)}
	if s := p.Source; s.Snapshot != "" {
		out = append(out, report.Words("The data were frozen as snapshot "+s.Snapshot+" on "+onDay(s.FrozenAt)+"."))
	} else {
		out = append(out, report.Words("The data are not frozen: they are as they were on "+onDay(p.At)+"."))
	}
	if o, ok := d.InFront(); ok && p.Plan.Locked() {
		out = append(out, report.Words(fmt.Sprintf("The outcome in front is %s.", o.As)))
	}
	return out
}

func onDay(t time.Time) string { return t.UTC().Format("2 January 2006") }
