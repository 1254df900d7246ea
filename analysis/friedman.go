package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// FriedmanResult is what Friedman returns.
type FriedmanResult struct {
	// People counts the complete rows, Excluded the others, Occasions the
	// columns.
	People, Excluded, Occasions int
	// ChiSquare is tie-corrected, on DF = Occasions − 1 degrees of freedom; P is
	// its asymptotic tail.
	ChiSquare, DF, P Estimate
	// KendallW is the concordance of people about the order of the occasions,
	// from 0 to 1 (Kendall & Babington Smith 1939).
	KendallW Estimate
	// MeanRanks are those of the columns, 1 to Occasions, for the lowest to the
	// highest.
	MeanRanks []Estimate
}

// Friedman (1937) tests whether repeated measurements of the same people differ,
// by their ranks within each person. Rows are people, columns occasions; people
// with a missing value are dropped and counted. Values closer than the tolerance
// of the package tie.
//
// Not estimable: everything without a complete row or below two columns; the
// test if every person is the same on all occasions.
func Friedman(columns [][]float64) FriedmanResult { return friedman(newRepeated(columns)) }

func friedman(d repeated) FriedmanResult {
	k, n := len(d.columns), d.people()
	r := FriedmanResult{People: n, Excluded: d.excluded, Occasions: k}
	if why := d.needs(1); why != "" {
		e := Unknown(why)
		r.ChiSquare, r.DF, r.P, r.KendallW = e, e, e, e
		for range k {
			r.MeanRanks = append(r.MeanRanks, e)
		}
		return r
	}
	row, sums, tied := make([]float64, k), make([]float64, k), 0.0
	for i := range n {
		for j, x := range d.columns {
			row[j] = x[i]
		}
		ranks := newRanked(row, tolFactor*d.magnitude)
		for j, v := range ranks.ranks {
			sums[j] += v
		}
		tied += ranks.overGroups(func(t float64) float64 { return t * (t*t - 1) })
	}
	size, width, squares := float64(n), float64(k), 0.0
	for _, s := range sums {
		gap := s - size*(width+1)/2
		squares += gap * gap
		r.MeanRanks = append(r.MeanRanks, Known(s/size))
	}
	spread := size*width*(width+1) - tied/(width-1)
	var why Reason
	if spread <= 0 {
		why = ReasonZeroVariance
	}
	chi := 12 * squares / spread
	r.ChiSquare, r.DF = KnownUnless(why, chi), KnownUnless(why, width-1)
	r.P = KnownUnless(why, dist.ChiSquareTail(chi, width-1))
	r.KendallW = KnownUnless(why, math.Min(1, chi/size/(width-1)))
	return r
}

// repeated holds the complete rows of repeated measurements.
type repeated struct {
	columns   [][]float64
	rows      []int // the indices of the complete rows
	excluded  int
	magnitude float64
	fault     Reason
}

// newRepeated keeps the rows that are complete. Where columns differ in length,
// rows beyond the shortest are incomplete.
func newRepeated(columns [][]float64) repeated {
	d := repeated{columns: make([][]float64, len(columns))}
	if len(columns) == 0 {
		return d
	}
	shortest, longest := len(columns[0]), 0
	for _, x := range columns {
		shortest, longest = min(shortest, len(x)), max(longest, len(x))
	}
	for i := range shortest {
		if !completeRow(columns, i) {
			continue
		}
		d.rows = append(d.rows, i)
		for j, x := range columns {
			d.columns[j] = append(d.columns[j], x[i])
			d.magnitude = math.Max(d.magnitude, math.Abs(x[i]))
		}
	}
	d.excluded = longest - d.people()
	d.fault = magnitudeFault(d.magnitude)
	return d
}

func completeRow(columns [][]float64, row int) bool {
	for _, x := range columns {
		if math.IsNaN(x[row]) {
			return false
		}
	}
	return true
}

// people counts the complete rows.
func (d repeated) people() int {
	if len(d.columns) == 0 {
		return 0
	}
	return len(d.columns[0])
}

// needs asks for two columns and at least n complete rows.
func (d repeated) needs(n int) Reason {
	switch {
	case d.fault != "":
		return d.fault
	case len(d.columns) < 2:
		return ReasonColumnsTooFew2
	case d.people() == 0:
		return ReasonNoData
	case d.people() < n:
		return ReasonTooFew2
	}
	return ""
}
