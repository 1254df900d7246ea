package report

import (
	"fmt"
	"strconv"
	"strings"

	"tidemark/analysis"
	"tidemark/survey/instrument"
)

// verdict says what an interval allows to say about a direction.
type verdict string

const (
	up      verdict = "up"
	down    verdict = "down"
	unclear verdict = "unclear" // the interval holds zero
	unknown verdict = "unknown" // no interval
)

func verdictOf(v analysis.Interval) verdict {
	switch {
	case !v.OK():
		return unknown
	case v.Low > 0:
		return up
	case v.High < 0:
		return down
	}
	return unclear
}

// places is how many decimals the outcome's scores are written with.
func (o *Outcome) places() int { return PlacesFor(o.Main().SDPre) }

// subject is what the sentences are about.
func (o *Outcome) subject() string {
	switch {
	case o.Scale.Label != "":
		return o.Scale.Label
	case o.Scale.Name != "":
		return o.Scale.Name
	}
	return "The score"
}

// Headline says in one sentence what happened in the group the report is about.
func (o *Outcome) Headline() string {
	c, places := o.Main(), o.places()
	switch {
	case c.Mean.Reason == ReasonTooFewPeople:
		return "So few people have answered both surveys that no results are shown."
	case !c.Mean.OK():
		return "No one has answered both surveys yet."
	}
	unit := " points"
	if o.Scale.Bounded() {
		unit += fmt.Sprintf(" on the %s–%s scale", PlainNumber(o.Scale.Min), PlainNumber(o.Scale.Max))
	}
	size := func(v, low, high float64) string {
		return fmt.Sprintf("%s%s (%s CI %s to %s).", Decimal(v, places), unit,
			LevelPercent(o.Level), bound(low, places), bound(high, places))
	}
	v, low, high := c.Mean.Value, c.CI.Low, c.CI.High
	switch verdictOf(c.CI) {
	case up:
		return "Scores rose by " + size(v, low, high)
	case down: // the word says the direction, so the numbers have no sign
		return "Scores fell by " + size(-v, -high, -low)
	case unclear:
		return "Scores did not change clearly: " + size(v, low, high)
	default:
		return "Scores changed by " + Decimal(v, places) + unit + "; an interval is " + Say(c.CI.Reason) + "."
	}
}

// bound writes the end of an interval. One that is not zero is not written as
// zero: the words beside it may say that the interval has no zero in it.
func bound(v float64, places int) string {
	for more := places; more < places+4; more++ {
		if s := Decimal(v, more); v == 0 || strings.Trim(s, "0.−") != "" {
			return s
		}
	}
	return Decimal(v, places)
}

// Paper is the sentence for a paper about one group, after the style of the
// American Psychological Association.
func (o *Outcome) Paper(c *Change) Sentence {
	if !c.Mean.OK() {
		return Words(o.subject() + ": " + Say(c.Mean.Reason) + ".")
	}
	places := o.places()
	in := ""
	if c.Group != "" {
		in = " in " + groupPhrase(c.Group)
	}
	verb := map[verdict]string{
		up: " increased", down: " decreased", unclear: " did not change clearly", unknown: " went",
	}[verdictOf(c.CI)]
	s := Words(o.subject() + verb + in + ", from ")
	s = s.Symbol("M", "").Say(" = "+Number(c.MeanPre, places)).spread(c.SDPre, places)
	s = s.Say(" to ").Symbol("M", "").Say(" = "+Number(c.MeanPost, places)).spread(c.SDPost, places)
	if !c.T.OK() {
		return s.Say("; a test is " + Say(c.T.Reason) + ".")
	}
	s = s.Say(", ").Symbol("t", "").Say("(" + Freedom(c.DF.Value) + ") = " + Number(c.T, 2))
	s = s.Say(", ").Symbol("p", "").Say(" " + PRelation(c.P.Value))
	s = s.Say(", ").Symbol("d", "z").Say(" = " + Number(c.Dz, 2))
	return s.interval(c.DzCI).Say(".")
}

// spread adds " (SD = 0.59)".
func (s Sentence) spread(sd analysis.Estimate, places int) Sentence {
	if !sd.OK() {
		return s
	}
	return s.Say(" (").Symbol("SD", "").Say(" = " + Decimal(sd.Value, places) + ")")
}

// interval adds ", 95% CI [0.4, 0.8]".
func (s Sentence) interval(v analysis.Interval) Sentence {
	if !v.OK() {
		return s
	}
	return s.Say(", " + LevelPercent(v.Level) + " CI " + Brackets(v, 2))
}

// PaperComparison is the sentence for a paper about the difference between two
// groups; empty without a comparison.
func (o *Outcome) PaperComparison() Sentence {
	d := o.Comparison
	if d == nil {
		return nil
	}
	if !d.Difference.OK() {
		return Words("The difference between " + groupPhrase(d.Course) + " and " + groupPhrase(d.Control) + " is " + Say(d.Difference.Reason) + ".")
	}
	course, _ := o.Group(d.Course)
	control, _ := o.Group(d.Control)
	of := func(c *Change) Sentence {
		return Words(groupPhrase(c.Group)+" (").Symbol("M", "").Say(" = "+Number(c.Mean, o.places())+", ").
			Symbol("SD", "").Say(" = " + Number(c.SD, o.places()) + ")")
	}
	var s Sentence
	switch v := verdictOf(d.CI); v {
	case up, down:
		first, second := contrast(v, course, control)
		s = Words(o.subject() + first)
		s = append(append(s, of(course)...), Span{Text: second})
		s = append(s, of(control)...)
	default:
		how := " did not differ clearly between "
		if v == unknown {
			how = " was compared between "
		}
		s = Words("The change in " + Within(o.subject()) + how)
		s = append(append(s, of(course)...), Span{Text: " and "})
		s = append(s, of(control)...)
	}
	if !d.T.OK() {
		return s.Say("; a test is " + Say(d.T.Reason) + ".")
	}
	s = s.Say(", Welch’s ").Symbol("t", "").Say("(" + Freedom(d.DF.Value) + ") = " + Number(d.T, 2))
	s = s.Say(", ").Symbol("p", "").Say(" " + PRelation(d.P.Value))
	s = s.Say(", ").Symbol("d", "").Say(" = " + Number(d.D, 2))
	return s.interval(d.DCI).Say(".")
}

// contrast words a clear difference so that it is true of both groups: that one
// rose more is not said of groups that fell, and that one fell only when its own
// interval says so.
func contrast(v verdict, course, control *Change) (before, between string) {
	here, there := verdictOf(course.CI), verdictOf(control.CI)
	switch {
	case v == up && here == up && there == down:
		return " rose in ", " and fell in "
	case v == up && course.Mean.Value > 0:
		return " rose more in ", " than in "
	case v == up:
		return " fell less in ", " than in "
	case here == down && there == up:
		return " fell in ", " and rose in "
	case course.Mean.Value < 0:
		return " fell more in ", " than in "
	default:
		return " rose less in ", " than in "
	}
}

// Shares are the parts of reliable change that may be shown, with their labels.
// Parts that are hidden stand together as one; it is empty when nothing can be
// shown.
func (o *Outcome) Shares(c *Change) []Share {
	r := &c.Reliable
	if !r.Threshold.OK() || c.Pairs == 0 {
		return nil
	}
	better, same, worse := o.changeWords()
	cells := []struct {
		Count
		label string
	}{{r.Better, better}, {r.Same, same}, {r.Worse, worse}}
	var shown []Share
	merged := Share{N: c.Pairs}
	for _, cell := range cells {
		if cell.Hidden {
			if merged.Label != "" {
				merged.Label += " or "
			}
			merged.Label += cell.label
			merged.Parts++
			continue
		}
		merged.N -= cell.N
		shown = append(shown, Share{Label: cell.label, N: cell.N, Of: c.Pairs, Parts: 1})
	}
	if len(shown) == 0 {
		return nil
	}
	if merged.Parts > 0 {
		merged.Of = c.Pairs
		shown = append(shown, merged)
	}
	return shown
}

// Share is a number of people out of all pairs. Parts is 2 when two kinds of
// change are counted together to hide a small number.
type Share struct {
	Label string
	N, Of int
	Parts int
}

// String is "41% better (35 of 86)".
func (s Share) String() string {
	return Percent(s.N, s.Of) + " " + s.Label + " (" + strconv.Itoa(s.N) + " of " + strconv.Itoa(s.Of) + ")"
}

// changeWords name the three kinds of reliable change.
func (o *Outcome) changeWords() (better, same, worse string) {
	if o.Scale.Direction.Valid() && o.Scale.Direction != instrument.Neutral {
		return "better", "no reliable change", "worse"
	}
	return "higher", "no reliable change", "lower"
}

// ThresholdSentence says what counts as reliable change and where it comes from.
func (o *Outcome) ThresholdSentence(c *Change) string {
	r := c.Reliable
	if !r.Threshold.OK() {
		return "Reliable change is " + Say(r.Threshold.Reason) + "."
	}
	s := fmt.Sprintf("Reliable change index of Jacobson and Truax: more than %s points (reliability %s, SD %s; %s).",
		Number(r.Threshold, o.places()), UnitNumber(r.Reliability, 2), Number(r.SD, o.places()), o.Reliability.Source)
	if r.CutOff.OK() && !r.Better.Hidden && !r.Recovered.Hidden {
		s += fmt.Sprintf(" %d of the %d better recovered: they also crossed the cut-off of %s between people with and without the problem.",
			r.Recovered.N, r.Better.N, Number(r.CutOff, o.places()))
	}
	return s
}

// Pills are the numbers that stand beside a headline.
func (o *Outcome) Pills(c *Change) []Sentence {
	var pills []Sentence
	if c.Dz.OK() {
		pills = append(pills, Sentence{}.Symbol("d", "z").Say(" = "+Number(c.Dz, 2)))
	}
	if c.Gav.OK() {
		pills = append(pills, Sentence{}.Symbol("g", "av").Say(" = "+Number(c.Gav, 2)))
	}
	if c.P.OK() {
		pills = append(pills, Sentence{}.Symbol("p", "").Say(" "+PRelation(c.P.Value)))
	}
	return pills
}

// DifferenceText is the difference in change between two groups with its
// interval; empty without a comparison.
func (o *Outcome) DifferenceText() string {
	d := o.Comparison
	switch {
	case d == nil:
		return ""
	case !d.Difference.OK():
		return Say(d.Difference.Reason)
	case !d.CI.OK():
		return Decimal(d.Difference.Value, o.places()) + " points; an interval is " + Say(d.CI.Reason)
	}
	return fmt.Sprintf("%s points (%s CI %s to %s)", Decimal(d.Difference.Value, o.places()), LevelPercent(o.Level),
		Decimal(d.CI.Low, o.places()), Decimal(d.CI.High, o.places()))
}

// DifferencePills are the numbers that stand beside a difference.
func (o *Outcome) DifferencePills() []Sentence {
	d := o.Comparison
	if d == nil || !d.D.OK() || !d.P.OK() {
		return nil
	}
	return []Sentence{
		Sentence{}.Symbol("d", "").Say(" = " + Number(d.D, 2)),
		Sentence{}.Symbol("p", "").Say(" " + PRelation(d.P.Value)),
	}
}
