package disclosure

import (
	"math"
	"slices"
)

// The numbers of the rules.
const (
	Floor     = 5  // fewest people behind any figure, whatever a study says
	Default   = 10 // what a study starts with
	Fresh     = 5  // people new to a figure before it is told again
	CountStep = 5  // to which numbers of people are rounded
	// Dominance is what the rest of a total, without its two largest parts, must at
	// least be, as a share of the largest: else the second could work it out.
	Dominance = 0.2
)

// slack is for the last digits of a computation.
const slack = 1e-9

// Least is how many people a figure needs in a study that asks for so many.
func Least(minimum int) int { return max(minimum, Floor) }

// Count is a number of people as it is told.
func Count(n int) int { return (n + CountStep/2) / CountStep * CountStep }

// Step is the grid of a mean on a scale of some width: the next of 1, 2 and 5 times a
// power of ten from a fiftieth of it.
func Step(width float64) float64 {
	if !(width > 0) || math.IsInf(width, 1) {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(width/50)+slack))
	for _, m := range []float64{1, 2, 5} {
		if m*power >= width/50-slack*power {
			return m * power
		}
	}
	return 10 * power
}

// Outcome is what became of a figure.
type Outcome string

// The outcomes. Few and Most are of counts alone.
const (
	Told     Outcome = "told"
	Withheld Outcome = "withheld"
	Few      Outcome = "few"
	Most     Outcome = "most"
)

// Valid reports whether o is one of the outcomes.
func (o Outcome) Valid() bool { return o == Told || o == Withheld || o == Few || o == Most }

// Part is what one person adds to a figure.
type Part struct {
	Person string
	Value  float64
}

// Figure is what is told of a group, blurred. Value, Low and High have a meaning only
// when Outcome is Told, and Low and High only of a mean.
type Figure struct {
	Outcome          Outcome
	People           int // behind it, exactly: for later decisions, never to be shown
	Value, Low, High float64
}

// Earlier is a figure of the same thing that was decided on before, in this run or in
// another.
type Earlier struct {
	Figure
	// Persons are those behind it who are still there: whoever was erased counts in
	// People alone.
	Persons map[string]bool
}

// mayTry reports whether there is anything to decide: enough people, and enough of them
// who were in no earlier figure. Both are known to whoever sees who has answered.
func mayTry(minimum int, parts []Part, earlier []Earlier) bool {
	if len(parts) < Least(minimum) {
		return false
	}
	fresh := 0
	for _, p := range parts {
		if !slices.ContainsFunc(earlier, func(e Earlier) bool { return e.Persons[p.Person] }) {
			fresh++
		}
	}
	return fresh >= Fresh
}

// span is a closed interval.
type span struct{ low, high float64 }

func (s span) width() float64 { return s.high - s.low }

func (s span) within(t span) span { return span{max(s.low, t.low), min(s.high, t.high)} }

// mostTogether is how many earlier figures with people in common are put together to
// see what a new one would tell; with more of them it is withheld.
const mostTogether = 6

// claim is what a figure says: the sum of its people lies in a span. missing are those
// of them who were erased, and of whom only the number is known.
type claim struct {
	persons map[string]bool
	missing int
	sum     span
}

// sharing are the claims of those earlier figures that have people in common with a new
// one.
func sharing(parts []Part, earlier []Earlier, sum func(Figure) span) []claim {
	var all []claim
	for _, e := range earlier {
		if e.Outcome == Withheld || !slices.ContainsFunc(parts, func(p Part) bool { return e.Persons[p.Person] }) {
			continue
		}
		all = append(all, claim{e.Persons, e.People - len(e.Persons), sum(e.Figure)})
	}
	return all
}

// tells reports whether a new figure, alone or added to and taken from earlier ones in
// any way, would leave somebody less of the scale open than keep.
func tells(parts []Part, now span, before []claim, scale span, keep float64) bool {
	if len(before) > mostTogether {
		return true
	}
	fresh := claim{persons: make(map[string]bool, len(parts)), sum: now}
	for _, p := range parts {
		fresh.persons[p.Person] = true
	}
	ways := 1
	for range before {
		ways *= 3
	}
	for way := range ways {
		weights, missing, sum := map[string]float64{}, 0, span{}
		add := func(c claim, sign int) {
			for p := range c.persons {
				weights[p] += float64(sign)
			}
			missing += sign * c.missing
			if sign > 0 {
				sum.low, sum.high = sum.low+c.sum.low, sum.high+c.sum.high
			} else {
				sum.low, sum.high = sum.low-c.sum.high, sum.high-c.sum.low
			}
		}
		add(fresh, 1)
		for _, c := range before {
			if sign := way%3 - 1; sign != 0 {
				add(c, sign)
			}
			way /= 3
		}
		if bounds(weights, missing, sum, scale, keep) {
			return true
		}
	}
	return false
}

// bounds reports whether a weighted sum in a span leaves somebody less of the scale open
// than keep, when everyone else may have anything from it. Of the people missing it
// takes those who do not cancel out.
func bounds(weights map[string]float64, missing int, sum, scale span, keep float64) bool {
	least, most := 0.0, 0.0
	for _, w := range weights {
		least += min(w*scale.low, w*scale.high)
		most += max(w*scale.low, w*scale.high)
	}
	m := float64(missing)
	least += min(m*scale.low, m*scale.high)
	most += max(m*scale.low, m*scale.high)
	for _, w := range weights {
		if w == 0 {
			continue
		}
		one := (sum.low - most + max(w*scale.low, w*scale.high)) / w
		two := (sum.high - least + min(w*scale.low, w*scale.high)) / w
		if (span{min(one, two), max(one, two)}).within(scale).width() < keep-slack {
			return true
		}
	}
	return false
}
