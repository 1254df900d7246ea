package analysis

import "math"

// ScaleOptions steers ScoreScale. The zero value scores items as they are and
// needs four fifths of them.
type ScaleOptions struct {
	// Keys are +1 or −1 per item; −1 reverses an item to Min + Max − x. Empty
	// means all +1.
	Keys []int
	// Min and Max are the ends of the answer scale; both 0 means unknown, which
	// is enough where no item is reversed.
	Min, Max float64
	// MinAnswered is the number of answered items a score needs; 0 means 80 % of
	// the items, rounded up (Graham 2009). A score needs at least one answer.
	MinAnswered int
}

// ScaleScores is what ScoreScale returns. Scores have one entry per person, in
// the order of the rows.
type ScaleScores struct {
	// Items counts the items and MinAnswered what a score needed.
	Items, MinAnswered int
	// Rows counts the people, Scored those with a score, Unscored the others.
	Rows, Scored, Unscored int
	// OutOfRange counts the answers beyond Min or Max. They enter as they are:
	// an answer that was not offered is a fault in the data, to be mended there.
	OutOfRange int

	// PersonMean is the mean of the answered items, reversed ones turned around,
	// in the unit of an item. Sum is that mean times the number of items, which
	// is the sum score for those who answered everything.
	PersonMean, Sum []Estimate
	// Answered counts each person's answers.
	Answered []int

	// Mean and SD describe the person means.
	Mean, SD Estimate
}

// ScoreScale scores a scale by person-mean prorating: the mean of what a person
// answered stands for what that person skipped, as long as enough was answered
// (Schafer & Graham 2002 and Mazza, Enders & Ruehlman 2015 discuss its limits).
// items has one column per item, rows are people, NaN means skipped; a column
// that is shorter than the longest has skipped items at its end. It reads every
// column once.
//
// Not estimable: the score of a person with too few answers
// (too_few_answered); every score if keys are missing for some items or reversed
// items have no ends (invalid_option), or if an answer is infinite.
func ScoreScale(items [][]float64, opt ScaleOptions) ScaleScores {
	r := ScaleScores{Items: len(items), MinAnswered: opt.needed(len(items))}
	for _, column := range items {
		r.Rows = max(r.Rows, len(column))
	}
	r.PersonMean, r.Sum = make([]Estimate, r.Rows), make([]Estimate, r.Rows)
	r.Answered = make([]int, r.Rows)
	why := opt.fault(len(items))
	if why == "" {
		why = r.total(items, opt)
	}
	scores := make([]float64, 0, r.Rows)
	for person, n := range r.Answered {
		none := why
		if n < r.MinAnswered {
			none = FirstReason(why, ReasonTooFewAnswers)
		}
		mean := r.PersonMean[person].Value / float64(n)
		r.PersonMean[person] = KnownUnless(none, mean)
		r.Sum[person] = KnownUnless(none, r.PersonMean[person].Value*float64(r.Items))
		if r.PersonMean[person].OK() {
			scores = append(scores, mean)
		}
	}
	r.Scored, r.Unscored = len(scores), r.Rows-len(scores)
	m := newMoments(scores, 0)
	r.Mean = KnownUnless(FirstReason(why, m.needs(1)), m.mean)
	r.SD = KnownUnless(FirstReason(why, m.needs(2)), m.sd())
	return r
}

// needed is the number of answers a score needs.
func (o ScaleOptions) needed(items int) int {
	if o.MinAnswered == 0 {
		return max(1, (4*items+4)/5)
	}
	return max(1, o.MinAnswered)
}

// bounded reports whether the ends of the answer scale are given.
func (o ScaleOptions) bounded() bool { return o.Min != 0 || o.Max != 0 }

// fault returns the reason why the options are not usable, or "".
func (o ScaleOptions) fault(items int) Reason {
	if o.MinAnswered < 0 || len(o.Keys) != 0 && len(o.Keys) != items {
		return ReasonInvalidOption
	}
	if o.bounded() && !(Finite(o.Min) && Finite(o.Max) && o.Min < o.Max) {
		return ReasonInvalidOption
	}
	for _, key := range o.Keys {
		if key != 1 && key != -1 || key == -1 && !o.bounded() {
			return ReasonInvalidOption
		}
	}
	return ""
}

// total adds up answers in PersonMean and counts them.
func (r *ScaleScores) total(items [][]float64, opt ScaleOptions) Reason {
	low, high := math.Inf(-1), math.Inf(1)
	if opt.bounded() {
		low, high = opt.Min, opt.Max
	}
	ends := opt.Min + opt.Max
	infinite := false
	for item, column := range items {
		reversed := len(opt.Keys) > 0 && opt.Keys[item] == -1
		for person, v := range column {
			if math.IsNaN(v) {
				continue
			}
			if v < low || v > high {
				r.OutOfRange++
			}
			infinite = infinite || math.IsInf(v, 0)
			if reversed {
				v = ends - v
			}
			r.PersonMean[person].Value += v
			r.Answered[person]++
		}
	}
	if infinite {
		return ReasonInfiniteInput
	}
	return ""
}
