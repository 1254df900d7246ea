package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// SEM is the standard error of measurement of a score, sd·√(1 − reliability), in
// the score's units (Lord & Novick 1968, Statistical Theories of Mental Test
// Scores, ch. 3). sd is that of the sample the reliability, from 0 to 1, is known
// from.
func SEM(sd, reliability float64) Estimate {
	switch {
	case math.IsNaN(sd) || math.IsNaN(reliability):
		return Estimate{Reason: ReasonNoData}
	case sd <= 0:
		return Estimate{Reason: ReasonZeroVariance}
	case reliability < 0 || reliability > 1:
		return Estimate{Reason: ReasonInvalidOption}
	}
	return Estimate{Value: sd * math.Sqrt(1-reliability)}
}

// A PersonMean is one person's mean over the items of a scale, with what can be
// said of its error from these answers alone.
type PersonMean struct {
	// N items were answered.
	N    int
	Mean Estimate
	// SEM is the conditional absolute standard error of measurement.
	SEM Estimate
	// HalfWidth of an interval of the level around the mean.
	HalfWidth Estimate
	Level     float64
}

// MeanOfPerson is the mean of one person's answers to the items of a scale,
// reversed items turned around, NaN where an item was left out, and its error of
// measurement: items are taken as a sample of all that could have been asked, so
// that σ(Δ) = √(Σ(x − x̄)² / (k(k − 1))) (Brennan 1998, Applied Psychological
// Measurement 22:307–331, for a single facet of items). The interval takes Student's
// t with k − 1 degrees of freedom. Equal answers to all items say nothing of the
// error, which is then not estimable, rather than 0. level is above 0 and below 1;
// 0 means DefaultLevel.
func MeanOfPerson(answers []float64, level float64) PersonMean {
	if level == 0 {
		level = DefaultLevel
	}
	m := PersonMean{Level: level}
	sum := 0.0
	for _, x := range answers {
		if !math.IsNaN(x) {
			sum += x
			m.N++
		}
	}
	if m.N == 0 {
		m.Mean = Estimate{Reason: ReasonNoData}
		m.SEM, m.HalfWidth = m.Mean, m.Mean
		return m
	}
	mean := sum / float64(m.N)
	m.Mean.Value = mean
	squares := 0.0
	for _, x := range answers {
		if !math.IsNaN(x) {
			squares += (x - mean) * (x - mean)
		}
	}
	why := Reason("")
	switch {
	case m.N < 2:
		why = ReasonTooFew2
	case squares == 0:
		why = ReasonZeroVariance
	case level <= 0 || level >= 1:
		why = ReasonInvalidOption
	}
	if why != "" {
		m.SEM, m.HalfWidth = Estimate{Reason: why}, Estimate{Reason: why}
		return m
	}
	k := float64(m.N)
	m.SEM.Value = math.Sqrt(squares / (k * (k - 1)))
	m.HalfWidth.Value = m.SEM.Value * dist.StudentQuantile((1+level)/2, k-1)
	return m
}
