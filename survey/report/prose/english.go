package prose

import (
	"unicode"
	"unicode/utf8"

	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// english is the voice of English texts.
type english struct{}

func (english) numerals() numerals {
	return numerals{
		between: ", ", ci: " CI", percent: "%", and: "and", lastComma: ",",
		months: []string{
			"January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
		},
	}
}

func (english) titles() titles {
	return titles{"In one sentence", "Standing of this report", "Method", "Results", "References"}
}

// group is "the course group"; without a name, everyone.
func (english) group(name string) string {
	if name == "" {
		return "everyone"
	}
	return "the " + report.Within(name) + " group"
}

// moment is a wave as a noun, to follow "from", "to" or "at".
func (english) moment(f *facts, w paper.Wave) string {
	switch {
	case w.Kind == survey.WavePre && f.only(w):
		return "before the course"
	case w.Kind == survey.WavePost && f.only(w):
		return "after the course"
	case w.Kind == survey.WaveFollowUp:
		return "the follow-up “" + w.Name + "”"
	}
	return "the survey “" + w.Name + "”"
}

// at is a wave as a moment in time.
func (v english) at(f *facts, w paper.Wave) string {
	if m := v.moment(f, w); m == "before the course" || m == "after the course" {
		return m
	}
	return "at " + v.moment(f, w)
}

// span is "from before to after the course".
func (v english) span(x *finding) string {
	pre, post := x.moments()
	from, to := v.moment(x.f, pre), v.moment(x.f, post)
	if from == "before the course" && to == "after the course" {
		return "from before to after the course"
	}
	return "from " + from + " to " + to
}

// on is the range of a scale.
func (v english) on(x *finding) string {
	if !x.o.Scale.Bounded() {
		return ""
	}
	n := v.numerals()
	return " on the scale from " + n.plain(x.o.Scale.Min) + " to " + n.plain(x.o.Scale.Max)
}

func capital(s string) string {
	first, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[n:]
}

func (v english) answer(w *line, x *finding) {
	if x.verdict == nothing {
		w.put("No questionnaire was answered both before and after the course, so there is no change to report.")
		return
	}
	subject := report.Within(label(x.o.Scale))
	switch {
	case x.verdict == hidden:
		w.put("So few people have answered that the results on {} are not shown, to protect them.", subject)
	case x.verdict == absent && x.between():
		w.put("How the change in {} {} differed between {} and {} cannot be estimated: {}.",
			subject, v.span(x), v.group(x.o.Arm), v.group(x.o.Against), v.reason(x.reason))
	case x.verdict == absent:
		w.put("The change in {} {}{} cannot be estimated: {}.", subject, v.span(x), v.within(x.o), v.reason(x.reason))
	case x.between():
		v.answerBetween(w, x, subject)
	default:
		v.answerWithin(w, x, subject)
	}
}

func (v english) within(o *paper.Outcome) string {
	if o.Arm == "" {
		return ""
	}
	return " in " + v.group(o.Arm)
}

// interval is the name of an interval in full.
func (v english) interval(x *finding) string {
	return v.numerals().level(x.e.CI.Level) + " confidence interval"
}

func (v english) answerBetween(w *line, x *finding, subject string) {
	arm, against := v.group(x.o.Arm), v.group(x.o.Against)
	points := func(size float64) string { return w.n.bound(size, x.places) + " points" }
	switch x.verdict {
	case better, worse:
		size, low, high := x.size, x.low, x.high
		if x.verdict == worse {
			size, low, high = -x.size, -x.high, -x.low
		}
		if x.outright() {
			w.put("{}, {} {} more in {} than in {}, by {}{}", capital(v.span(x)), subject, v.moved(x), arm, against, points(size), v.on(x))
		} else {
			w.put("{}, the change in {} was {} in {} than in {}, by {}{}", capital(v.span(x)), subject, v.compared(x), arm, against, points(size), v.on(x))
		}
		w.more("; the data are compatible with a difference between {} and {} ({}).", w.n.bound(low, x.places), points(high), v.interval(x))
	case unclear:
		w.put("{}, no clear difference was found between {} and {} in the change of {}: the estimate is {}{}, "+
			"and the data are compatible with anything from {} to {} ({}).", capital(v.span(x)), arm, against, subject,
			v.favour(x, x.size), v.on(x), v.favour(x, x.low), v.favour(x, x.high), v.interval(x))
	default:
		w.put("{}, the change in {} differed between {} and {} by {}{}, and how uncertain this is cannot be said: {}.",
			capital(v.span(x)), subject, arm, against, v.favour(x, x.size), v.on(x), v.reason(x.reason))
	}
}

// moved is the verb of a clear change.
func (english) moved(x *finding) string {
	switch {
	case x.neutral && x.verdict == worse:
		return "fell"
	case x.neutral:
		return "rose"
	case x.verdict == worse:
		return "worsened"
	}
	return "improved"
}

// compared is the adjective of a clear difference.
func (english) compared(x *finding) string {
	switch {
	case x.neutral && x.verdict == worse:
		return "lower"
	case x.neutral:
		return "higher"
	case x.verdict == worse:
		return "less favourable"
	}
	return "more favourable"
}

// favour is an amount with the group it speaks for.
func (v english) favour(x *finding, size float64) string {
	n := v.numerals()
	switch {
	case size == 0:
		return "no difference"
	case x.neutral && size < 0:
		return n.bound(-size, x.places) + " points lower in " + v.group(x.o.Arm)
	case x.neutral:
		return n.bound(size, x.places) + " points higher in " + v.group(x.o.Arm)
	case size < 0:
		return n.bound(-size, x.places) + " points in favour of " + v.group(x.o.Against)
	}
	return n.bound(size, x.places) + " points in favour of " + v.group(x.o.Arm)
}

// amount is a change as a noun with its size.
func (v english) amount(x *finding, size float64) string {
	n := v.numerals()
	noun := "an improvement by "
	switch {
	case size == 0:
		return "no change"
	case x.neutral && size < 0:
		noun = "a fall by "
	case x.neutral:
		noun = "a rise by "
	case size < 0:
		noun = "a worsening by "
	}
	if size < 0 {
		size = -size
	}
	return noun + n.bound(size, x.places) + " points"
}

func (v english) answerWithin(w *line, x *finding, subject string) {
	where := v.within(x.o)
	switch x.verdict {
	case better, worse:
		size, low, high := x.size, x.low, x.high
		if x.verdict == worse {
			size, low, high = -x.size, -x.high, -x.low
		}
		w.put("{}, {}{} {} by {} points{}; the data are compatible with a change between {} and {} points ({}), but {}.",
			capital(v.span(x)), subject, where, v.moved(x), w.n.bound(size, x.places), v.on(x),
			w.n.bound(low, x.places), w.n.bound(high, x.places), v.interval(x), v.notCausal(x))
	case unclear:
		w.put("{}, {}{} did not clearly change: the estimate is {}{}, and the data are compatible with anything from {} to {} ({}).",
			capital(v.span(x)), subject, where, v.amount(x, x.size), v.on(x), v.amount(x, x.low), v.amount(x, x.high), v.interval(x))
	default:
		w.put("{}, the change in {}{} was {}{}, and how uncertain this is cannot be said: {}.",
			capital(v.span(x)), subject, where, v.amount(x, x.size), v.on(x), v.reason(x.reason))
	}
}

// notCausal says what a change within one group does not show.
func (english) notCausal(x *finding) string {
	for _, a := range x.f.p.Arms {
		if a.Control && a.Name != x.o.Arm {
			return "the change of one group alone does not tell how much of it is due to the course"
		}
	}
	return "without a comparison group nobody can tell how much of it is due to the course"
}
