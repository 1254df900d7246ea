package selfcode

import (
	"cmp"
	"math"
	"slices"
)

// Recipe is what the codes of a study are made of.
type Recipe []Part

// Code is what one person made, by the parts of the recipe, each as Normal gives it;
// empty: left out.
type Code []string

// Read is a code as it was typed.
func (r Recipe) Read(typed []string) Code {
	c := make(Code, len(r))
	for i, p := range r {
		if i < len(typed) {
			c[i] = p.Normal(typed[i])
		}
	}
	return c
}

// Verdict is what two codes say about one part.
type Verdict string

// The verdicts.
const (
	Same    Verdict = "same"
	Near    Verdict = "near"
	Differs Verdict = "differs"
	Unknown Verdict = "unknown" // left out in one of them
)

func (p Part) compare(a, b string) (Verdict, float64) {
	switch {
	case a == "" || b == "":
		return Unknown, 0
	case a == b:
		return Same, math.Log2((1 - slip) / p.Agree)
	case p.near(a, b):
		return Near, math.Log2(slip / 2 / p.Near)
	case p.Letter():
		return Differs, math.Log2(slip / (1 - p.Agree))
	default:
		return Differs, math.Log2(slip / 2 / (1 - p.Agree - p.Near))
	}
}

// Match is a pair of codes that may be one person.
type Match struct {
	First, Second int // positions in the two lists
	Verdicts      []Verdict
	Score         float64 // log₂ of how much likelier one person is than two
	Probability   float64
	Exact         bool // every part is there and the same
}

// Compare compares two codes; among is with how many codes each is compared.
func (r Recipe) Compare(a, b Code, among int) Match {
	m := Match{Verdicts: make([]Verdict, len(r)), Exact: true}
	for i, p := range r {
		verdict, weight := p.compare(a[i], b[i])
		m.Verdicts[i] = verdict
		m.Score += weight
		m.Exact = m.Exact && verdict == Same
	}
	odds := math.Exp2(m.Score) / float64(max(1, among))
	m.Probability = odds / (1 + odds)
	return m
}

// MaxCodes bounds a list: every code of one is compared with every code of the other.
const MaxCodes = 5000

// Matches are the pairs of two lists that are one person with at least the given
// probability, the most probable first. A code can be in several.
func (r Recipe) Matches(first, second []Code, least float64) []Match {
	var found []Match
	for i, a := range first {
		for j, b := range second {
			m := r.Compare(a, b, max(len(first), len(second)))
			if m.Probability >= least {
				m.First, m.Second = i, j
				found = append(found, m)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return found
}

// Within are the pairs of one list that are one person with at least the given
// probability, the most probable first.
func (r Recipe) Within(codes []Code, least float64) []Match {
	var found []Match
	score := math.Log2(least/(1-least)) + math.Log2(float64(max(1, len(codes))))
	for j := range codes {
		for i := range j {
			if r.score(codes[i], codes[j]) < score-1e-9 {
				continue
			}
			if m := r.Compare(codes[i], codes[j], len(codes)); m.Probability >= least {
				m.First, m.Second = i, j
				found = append(found, m)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Match) int { return cmp.Compare(b.Score, a.Score) })
	return found
}

// score is that of a comparison, without its verdicts.
func (r Recipe) score(a, b Code) float64 {
	sum := 0.0
	for i, p := range r {
		_, weight := p.compare(a[i], b[i])
		sum += weight
	}
	return sum
}

// Doubles is how many pairs of different people among n are to be expected whose codes
// agree in all parts: if it is not far below 1, the recipe has too few parts.
func (r Recipe) Doubles(n int) float64 {
	pairs := float64(n) * float64(n-1) / 2
	for _, p := range r {
		pairs *= p.Agree
	}
	return pairs
}
