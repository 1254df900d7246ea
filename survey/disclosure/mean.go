package disclosure

import (
	"math"
	"slices"
)

// Scale is what a mean is told on.
type Scale struct {
	Min, Max float64
	// Step is the grid of what is told; see the function Step.
	Step float64
	// Keep is how wide the range of values is that stays possible for everyone: the
	// whole scale for scores. Of changes, whose scale is twice as wide, it is the
	// width of the scale of the scores.
	Keep float64
}

// Scores is the scale of a questionnaire's scores.
func Scores(low, high float64) Scale {
	return Scale{Min: low, Max: high, Step: Step(high - low), Keep: high - low}
}

// Changes is the scale of the differences of two such scores.
func Changes(low, high float64) Scale {
	w := high - low
	return Scale{Min: -w, Max: w, Step: Step(w), Keep: w}
}

func (s Scale) span() span { return span{s.Min, s.Max} }

// sum is what a mean as it is told says of the sum of n values.
func (s Scale) sum(mean float64, n int) span {
	k := float64(n)
	return span{k * (mean - s.Step/2), k * (mean + s.Step/2)}.within(span{k * s.Min, k * s.Max})
}

// reach is how far from a mean somebody must be able to be so that a range of Keep
// stays possible around it.
func (s Scale) reach(mean float64) float64 {
	near := min(mean-s.Min, s.Max-mean)
	if s.Keep/2 <= near {
		return s.Keep / 2
	}
	return s.Keep - near
}

// Mean decides on the mean of a group, with its 95 % interval by Student's t, of which
// quantile gives the two-sided 95 % quantile by degrees of freedom. False: there are too
// few people, or too few who are new, and nothing has to be kept. Otherwise the decision
// has to be kept, also that the figure is withheld: it holds until Fresh people are new.
//
// The mean is rounded to the scale's step. The half-width is t·s/√n, rounded up, and so
// much more that (n−1)/√n standard deviations reach wherever somebody may be; or, if
// somebody is in an earlier figure, the one of that figure. The interval covers at least
// as often as its name says.
func Mean(s Scale, minimum int, parts []Part, earlier []Earlier, quantile func(df int) float64) (Figure, bool) {
	if !mayTry(minimum, parts, earlier) {
		return Figure{}, false
	}
	n := len(parts)
	f := Figure{Outcome: Withheld, People: n}
	mean, squares := moments(parts)
	value := onGrid(mean, s.Step)
	before := sharing(parts, earlier, func(e Figure) span { return s.sum(e.Value, e.People) })
	if tells(parts, s.sum(value, n), before, s.span(), s.Keep) {
		return f, true
	}
	half := 0.0
	for _, e := range earlier {
		if e.Outcome == Told && slices.ContainsFunc(parts, func(p Part) bool { return e.Persons[p.Person] }) {
			half = max(half, (e.High-e.Low)/2)
		}
	}
	if len(before) == 0 {
		if math.Sqrt(squares/float64(n)) < s.Step {
			return f, true // of one mind
		}
		t := quantile(n - 1)
		half = max(t*math.Sqrt(squares/float64(n-1)/float64(n)), s.reach(value)*t/float64(n-1))
		half = math.Ceil(half/s.Step-slack) * s.Step
	}
	f.Outcome, f.Value, f.Low, f.High = Told, value, value-half, value+half
	return f, true
}

// moments are the mean and the sum of squared deviations, in an order that does not
// depend on who comes first.
func moments(parts []Part) (mean, squares float64) {
	values := make([]float64, len(parts))
	for i, p := range parts {
		values[i] = p.Value
	}
	slices.Sort(values)
	for i, v := range values {
		d := v - mean
		mean += d / float64(i+1)
		squares += d * (v - mean)
	}
	return mean, squares
}

// onGrid rounds to a multiple of step; that it is worked out by division keeps its last
// digits clean.
func onGrid(v, step float64) float64 {
	if step < 1 {
		per := math.Round(1 / step)
		return math.Round(v*per) / per
	}
	return math.Round(v/step) * step
}
