package analysis

import "math"

// ResponderRule says what makes a person a responder.
type ResponderRule string

// The rules for responders.
const (
	// RespondByChange: got better by at least Threshold points, such as the
	// smallest change that matters to people. It is the default.
	RespondByChange ResponderRule = "change"
	// RespondByShare: got better by at least the share Threshold of the value
	// before, such as 0.5 for half. It needs a scale whose 0 means none, and
	// values before above 0; others are not responders.
	RespondByShare ResponderRule = "share"
	// RespondByCutoff: is beyond Threshold afterwards, on the side of benefit and
	// strictly, whatever the value before.
	RespondByCutoff ResponderRule = "cutoff"
)

// Valid reports whether r is a known rule.
func (r ResponderRule) Valid() bool {
	return r == RespondByChange || r == RespondByShare || r == RespondByCutoff
}

// ResponderOptions steers Responders. Direction and Threshold have no default.
type ResponderOptions struct {
	// Rule is RespondByChange if empty.
	Rule ResponderRule
	// Threshold is in the unit of the scores, or a share for RespondByShare.
	Threshold float64
	Direction Direction
	// Level is the coverage of the intervals; 0 means DefaultLevel.
	Level float64
}

// ResponderResult is what Responders returns for one arm.
type ResponderResult struct {
	// N counts everybody, Complete those about whom the rule can tell.
	N, Complete int
	// Responders counts them; a person with a missing value is none.
	Responders int
	// IntentionToTreat is the share among everybody, missing people being no
	// responders: the cautious figure, to be reported first. CompleteCases is the
	// share among the complete ones. Intervals are Wilson's.
	IntentionToTreat, CompleteCases Share
	// Reason is set if the options are not usable or a value is infinite.
	Reason Reason
}

// everybody and complete give the counts for a comparison of arms.
func (r ResponderResult) everybody() Events { return Events{Yes: r.Responders, Of: r.N} }
func (r ResponderResult) complete() Events  { return Events{Yes: r.Responders, Of: r.Complete} }

// Responders counts who got better by the rule given. A person is one row of
// the two columns, NaN where missing; rows beyond the shorter column are people
// with a missing half.
//
// Not estimable: both shares without people or with unusable options.
func Responders(pre, post []float64, opt ResponderOptions) ResponderResult {
	if opt.Level == 0 {
		opt.Level = DefaultLevel
	}
	if opt.Rule == "" {
		opt.Rule = RespondByChange
	}
	r := ResponderResult{N: max(len(pre), len(post))}
	if !opt.Rule.Valid() || !opt.Direction.Valid() || !Finite(opt.Threshold) {
		r.Reason = ReasonInvalidOption
	}
	for i := range r.N {
		before, after := math.NaN(), math.NaN()
		if i < len(pre) {
			before = pre[i]
		}
		if i < len(post) {
			after = post[i]
		}
		if math.IsInf(before, 0) || math.IsInf(after, 0) {
			r.Reason = FirstReason(r.Reason, ReasonInfiniteInput)
		}
		known, responded := opt.judge(before, after)
		if known {
			r.Complete++
		}
		if responded {
			r.Responders++
		}
	}
	if r.Reason != "" {
		r.Responders = 0
		none := Share{Value: Unknown(r.Reason), CI: NoInterval(r.Reason, opt.Level)}
		r.IntentionToTreat, r.CompleteCases = none, none
		return r
	}
	r.IntentionToTreat = Wilson(r.Responders, r.N, opt.Level)
	r.CompleteCases = Wilson(r.Responders, r.Complete, opt.Level)
	return r
}

// judge says whether the rule can tell about a person, and whether that person
// responded. Amounts that differ from the threshold by rounding only meet it.
func (o ResponderOptions) judge(before, after float64) (known, responded bool) {
	sign := float64(o.Direction)
	if o.Rule == RespondByCutoff {
		return !math.IsNaN(after), sign*after > sign*o.Threshold
	}
	if math.IsNaN(before) || math.IsNaN(after) {
		return false, false
	}
	gain, needed := sign*(after-before), o.Threshold
	if o.Rule == RespondByShare {
		if before <= 0 {
			return true, false
		}
		needed *= before
	}
	return true, gain >= needed-tolFactor*math.Max(math.Abs(before), math.Abs(after))
}

// ResponderComparison compares the responders of two arms, x − y.
type ResponderComparison struct {
	X, Y ResponderResult
	// IntentionToTreat counts missing people as no responders and is primary;
	// CompleteCases leaves them out, as a sensitivity analysis.
	IntentionToTreat, CompleteCases TwoByTwoResult
}

// CompareResponders counts the responders of two arms and compares them, the
// course as x and the control as y: rates, risk difference, number needed to
// treat, Fisher's test and odds ratios, with everybody and with complete cases.
//
// Not estimable: as Responders and TwoByTwo.
func CompareResponders(preX, postX, preY, postY []float64, opt ResponderOptions) ResponderComparison {
	if opt.Level == 0 {
		opt.Level = DefaultLevel
	}
	c := ResponderComparison{X: Responders(preX, postX, opt), Y: Responders(preY, postY, opt)}
	if why := FirstReason(c.X.Reason, c.Y.Reason); why != "" {
		c.IntentionToTreat.withhold(why, opt.Level)
		c.CompleteCases.withhold(why, opt.Level)
		return c
	}
	c.IntentionToTreat = TwoByTwo(c.X.everybody(), c.Y.everybody(), opt.Level)
	c.CompleteCases = TwoByTwo(c.X.complete(), c.Y.complete(), opt.Level)
	return c
}
