package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// Share is a proportion with its interval, from 0 to 1.
type Share struct {
	Successes, N int
	Value        Estimate
	CI           Interval
}

// Wilson returns the share successes/n with the score interval of Wilson
// (1927), (p + z²/2n ± z√(p(1 − p)/n + z²/4n²))/(1 + z²/n), which stays within
// [0, 1] and exists for 0 and n successes.
//
// Not estimable: n = 0 (no_data); negative counts or successes above n
// (invalid_option).
func Wilson(successes, n int, level float64) Share {
	s := Share{Successes: successes, N: n}
	var why Reason
	switch {
	case n < 0 || successes < 0 || successes > n:
		why = ReasonInvalidOption
	case n == 0:
		why = ReasonNoData
	}
	s.Value = KnownUnless(why, float64(successes)/float64(n))
	if !ValidLevel(level) {
		why = FirstReason(why, ReasonInvalidOption)
	}
	if why != "" {
		s.CI = NoInterval(why, level)
		return s
	}
	z, size := dist.NormalCritical(level), float64(n)
	yes, no := float64(successes), float64(n-successes)
	centre := (yes + z*z/2) / (size + z*z)
	half := z * math.Sqrt(yes*no/size+z*z/4) / (size + z*z)
	low, high := math.Max(0, centre-half), math.Min(1, centre+half)
	if successes == 0 {
		low = 0
	}
	if successes == n {
		high = 1
	}
	s.CI = NewInterval(low, high, level)
	return s
}

// ClopperPearson returns the share successes/n with the exact interval of
// Clopper & Pearson (1934): the shares at which each tail of the binomial has
// half the error. It covers at least at its level, and mostly more.
//
// Not estimable: n = 0 (no_data); negative counts or successes above n
// (invalid_option).
func ClopperPearson(successes, n int, level float64) Share {
	s := Wilson(successes, n, level)
	if !s.CI.OK() {
		return s
	}
	tail, yes, no := (1-level)/2, float64(successes), float64(n-successes)
	low, high := 0.0, 1.0
	if successes > 0 {
		low, _ = dist.BetaQuantile(tail, yes, no+1)
	}
	if successes < n {
		// The upper end is 1 less the lower end of the failures.
		_, high = dist.BetaQuantile(tail, no, yes+1)
	}
	if math.IsNaN(low) || math.IsNaN(high) {
		s.CI = NoInterval(ReasonNotConverged, level)
		return s
	}
	s.CI = NewInterval(low, high, level)
	return s
}
