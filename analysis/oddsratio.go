package analysis

import (
	"math"

	"tidemark/analysis/internal/root"
)

// OddsRatio is an odds ratio with an interval whose upper end may not exist: it
// is then unbounded (ReasonUnbounded), as the ratio itself may be.
type OddsRatio struct {
	Value Estimate
	// Low is never below 0.
	Low, High Estimate
	Level     float64
}

// noOdds is an odds ratio that does not exist.
func noOdds(why Reason, level float64) OddsRatio {
	if !Finite(level) {
		level = 0
	}
	return OddsRatio{Value: Unknown(why), Low: Unknown(why), High: Unknown(why), Level: level}
}

// hypergeometric is the distribution of the events in x given the margins of a
// table of two groups, from low to high events.
type hypergeometric struct {
	low, high, observed int
	// log is the logarithm of the probability of each count, up to a constant, at
	// an odds ratio of 1.
	log []float64
}

// newHypergeometric tabulates the distribution by its ratios of neighbours,
// starting from the likeliest count. It reports false if there are too many.
func newHypergeometric(x, y Events) (hypergeometric, bool) {
	events, people := x.Yes+y.Yes, x.Of+y.Of
	h := hypergeometric{low: max(0, events-y.Of), high: min(events, x.Of), observed: x.Yes}
	if h.high-h.low >= maxTables {
		return hypergeometric{}, false
	}
	h.log = make([]float64, h.high-h.low+1)
	peak := int(float64(events+1) * float64(x.Of+1) / float64(people+2))
	peak = max(h.low, min(peak, h.high))
	// P(k)/P(k−1)
	ratio := func(k int) float64 {
		return float64(x.Of-k+1) / float64(k) * (float64(events-k+1) / float64(y.Of-events+k))
	}
	for k := peak + 1; k <= h.high; k++ {
		h.log[k-h.low] = h.log[k-1-h.low] + math.Log(ratio(k))
	}
	for k := peak - 1; k >= h.low; k-- {
		h.log[k-h.low] = h.log[k+1-h.low] - math.Log(ratio(k+1))
	}
	return h, true
}

// weights are the probabilities at an odds ratio e^logOdds, up to their sum.
func (h hypergeometric) weights(logOdds float64) []float64 {
	w := make([]float64, len(h.log))
	largest := math.Inf(-1)
	for i, v := range h.log {
		w[i] = v + logOdds*float64(h.low+i-h.observed)
		largest = math.Max(largest, w[i])
	}
	for i, v := range w {
		w[i] = math.Exp(v - largest)
	}
	return w
}

// fisher returns P(≤ observed), P(≥ observed) and the probability of the tables
// no more likely than the observed one, up to a relative slack of 1e-7 that
// catches ties.
func (h hypergeometric) fisher() (less, greater, two Estimate) {
	at := h.observed - h.low
	w := h.weights(0)
	var all, below, above, rare float64
	for i, v := range w {
		all += v
		if i <= at {
			below += v
		}
		if i >= at {
			above += v
		}
		if v <= w[at]*(1+1e-7) {
			rare += v
		}
	}
	return Known(below / all), Known(above / all), Known(rare / all)
}

// odds is the conditional maximum likelihood estimate and the exact interval of
// Cornfield (1956): the odds ratios at which each tail of the observed table has
// half the error.
func (h hypergeometric) odds(level float64) OddsRatio {
	if h.low == h.high {
		return noOdds(ReasonEmptyMargin, level)
	}
	o := OddsRatio{Level: level}
	switch h.observed {
	case h.low:
		o.Value = Known(0)
	case h.high:
		o.Value = Unknown(ReasonUnbounded)
	default:
		o.Value = h.solve(h.excess)
	}
	if !ValidLevel(level) {
		n := noOdds(ReasonInvalidOption, level)
		o.Low, o.High, o.Level = n.Low, n.High, n.Level
		return o
	}
	tail := math.Log((1 - level) / 2)
	o.Low, o.High = Known(0), Unknown(ReasonUnbounded)
	if h.observed > h.low {
		o.Low = h.solve(func(logOdds float64) float64 { _, above := h.tails(logOdds); return above - tail })
	}
	if h.observed < h.high {
		o.High = h.solve(func(logOdds float64) float64 { below, _ := h.tails(logOdds); return tail - below })
	}
	return o
}

// solve finds the odds ratio at which an increasing function of its logarithm
// is 0.
func (h hypergeometric) solve(f func(logOdds float64) float64) Estimate {
	v, ok := root.Increasing(f, 0, 1)
	if !ok {
		return Unknown(ReasonNotConverged)
	}
	return Known(math.Exp(v))
}

// excess is the expected count less the observed one.
func (h hypergeometric) excess(logOdds float64) float64 {
	var all, sum float64
	for i, v := range h.weights(logOdds) {
		all += v
		sum += v * float64(h.low+i-h.observed)
	}
	return sum / all
}

// tails returns the logarithms of P(≤ observed) and P(≥ observed).
func (h hypergeometric) tails(logOdds float64) (below, above float64) {
	at := h.observed - h.low
	all := 0.0
	for i, v := range h.weights(logOdds) {
		all += v
		if i <= at {
			below += v
		}
		if i >= at {
			above += v
		}
	}
	return math.Log(below / all), math.Log(above / all)
}
