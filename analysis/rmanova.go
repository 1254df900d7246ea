package analysis

import (
	"math"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"tidemark/analysis/dist"
)

// RepeatedAnovaResult is what RepeatedAnova returns.
type RepeatedAnovaResult struct {
	// People counts the complete rows, Excluded the others, Occasions the
	// columns.
	People, Excluded, Occasions int

	// F compares the occasions with DF1 = Occasions − 1 and DF2 = (People −
	// 1)(Occasions − 1) degrees of freedom; P assumes sphericity.
	F, DF1, DF2, P Estimate
	// GreenhouseGeisser (1959) is ε̂, from 1/(Occasions − 1) to 1, and PGG the
	// p-value with both degrees of freedom multiplied by it.
	GreenhouseGeisser, PGG Estimate
	// HuynhFeldt (1976) is ε̃, which may exceed 1; PHF then takes it as 1.
	HuynhFeldt, PHF Estimate
	// MauchlyW tests sphericity (Mauchly 1940), from 0 to 1, with the p-value of
	// Box's expansion; it needs three occasions.
	MauchlyW, MauchlyP Estimate

	// Eta2Partial is SS occasions/(SS occasions + SS error); Eta2Generalized
	// has the differences between people in the denominator too (Olejnik &
	// Algina 2003). Both lie between 0 and 1.
	Eta2Partial, Eta2Generalized Estimate

	Friedman FriedmanResult
}

// RepeatedAnova is the analysis of variance of one factor within people. Rows
// are people, columns occasions; people with a missing value are dropped and
// counted, which a mixed model need not do.
//
// Not estimable: everything below two columns or two complete rows; the test if
// all people change by the same amounts; sphericity below three columns
// (columns_lt_3) or with too few people for the number of columns.
func RepeatedAnova(columns [][]float64) RepeatedAnovaResult {
	d := newRepeated(columns)
	r := RepeatedAnovaResult{
		People: d.people(), Excluded: d.excluded, Occasions: len(columns), Friedman: friedman(d),
	}
	why := d.needs(2)
	var s sphere
	if why == "" {
		if s = newSphere(d); s.constant {
			why = ReasonZeroVariance
		}
	}
	k, n := float64(r.Occasions), float64(r.People)
	df1, df2 := k-1, (n-1)*(k-1)
	f := noFTest(why)
	if why == "" {
		f = newFTest(s.effect/df1/(s.trace/df2), df1, df2)
	}
	r.F, r.DF1, r.DF2, r.P = f.F, f.DF1, f.DF2, f.P
	r.Eta2Partial = KnownUnless(why, s.effect/(s.effect+s.trace))
	r.Eta2Generalized = KnownUnless(why, s.effect/(s.effect+s.trace+s.people))
	r.sphericity(FirstReason(why, f.F.Reason), s)
	return r
}

// sphericity fills in the corrections and Mauchly's test.
func (r *RepeatedAnovaResult) sphericity(why Reason, s sphere) {
	if why != "" {
		e := Unknown(why)
		r.GreenhouseGeisser, r.PGG, r.HuynhFeldt, r.PHF, r.MauchlyW, r.MauchlyP = e, e, e, e, e, e
		return
	}
	p, df := float64(r.Occasions-1), float64(r.People-1)
	box, huynh := 1.0, 1.0
	var few Reason
	if r.Occasions > 2 {
		box = math.Min(1, s.trace*s.trace/(p*s.squares))
		huynh = ((df+1)*p*box - 2) / (p * (df - p*box))
		if df-p*box <= 1e-9 {
			few = ReasonPeopleTooFew
		}
	}
	corrected := func(e float64) float64 {
		_, tail := dist.FisherTails(r.F.Value, e*r.DF1.Value, e*r.DF2.Value)
		return tail
	}
	r.GreenhouseGeisser, r.PGG = Known(box), Known(corrected(box))
	r.HuynhFeldt, r.PHF = KnownUnless(few, huynh), Unknown(few)
	if few == "" && huynh > 0 {
		r.PHF = Known(corrected(math.Min(1, huynh)))
	} else if few == "" {
		r.PHF = Unknown(ReasonPeopleTooFew)
	}
	r.mauchly(s, p, df)
}

// mauchly is |Σ|/(tr Σ/p)ᵖ of the covariances of the contrasts, with the χ²
// approximation of Box to second order (Anderson 2003, §10.7). The last term of
// the second order counts the columns instead of the contrasts, as R's
// mauchly.test and car do; p-values by the book differ from ours, which agree
// with theirs, by less than 0.00001 at 27 people and 4 columns.
func (r *RepeatedAnovaResult) mauchly(s sphere, p, df float64) {
	var chol mat.Cholesky
	var why Reason
	switch {
	case r.Occasions < 3:
		why = ReasonColumnsTooFew3
	case df < p:
		why = ReasonPeopleTooFew
	case !chol.Factorize(s.products) || chol.Cond() > 1e14:
		why = ReasonSingular
	}
	if why != "" {
		r.MauchlyW, r.MauchlyP = Unknown(why), Unknown(why)
		return
	}
	logW := math.Min(0, chol.LogDet()-p*math.Log(s.trace/p))
	rho := 1 - (2*p*p+p+2)/(6*p*df)
	w2 := (p + 2) * (p - 1) * (p - 2) * (2*p*p*p + 6*p*p + 3*(p+1) + 2) / (288 * (df * p * rho) * (df * p * rho))
	z, f := -df*rho*logW, p*(p+1)/2-1
	first := dist.ChiSquareTail(z, f)
	tail := first + w2*(dist.ChiSquareTail(z, f+4)-first)
	r.MauchlyW = Known(math.Exp(logW))
	if rho <= 0 { // the expansion means nothing for so few people
		r.MauchlyP = Unknown(ReasonPeopleTooFew)
		return
	}
	r.MauchlyP = Known(math.Max(0, math.Min(1, tail)))
}

// sphere holds the sums of squares and products of orthonormal contrasts
// between occasions, in scaled units.
type sphere struct {
	products       *mat.SymDense
	effect         float64 // n·|mean contrast|²
	trace, squares float64 // tr P, tr P²
	people         float64 // SS between people
	constant       bool
}

// newSphere forms Helmert contrasts from differences to the first occasion, in
// which the level of a person, however large, has cancelled.
func newSphere(d repeated) sphere {
	n, k := d.people(), len(d.columns)
	scale := scaleFor(d.magnitude)
	contrasts := make([][]float64, k-1)
	for c := range contrasts {
		contrasts[c] = make([]float64, n)
	}
	levels, diffs := make([]float64, n), make([]float64, k)
	origin := d.columns[0][0] * scale
	for i := range n {
		first, before := d.columns[0][i]*scale, 0.0
		for j, x := range d.columns {
			diffs[j] = x[i]*scale - first
		}
		for c := 1; c < k; c++ {
			before += diffs[c-1]
			size := float64(c)
			contrasts[c-1][i] = (size*diffs[c] - before) / math.Sqrt(size*(size+1))
		}
		levels[i] = first - origin + floats.Sum(diffs)/float64(k)
	}
	s := sphere{products: mat.NewSymDense(k-1, nil), constant: true}
	for c, x := range contrasts {
		m := newMoments(x, d.magnitude*scale)
		s.constant = s.constant && m.constant
		s.effect += float64(n) * m.mean * m.mean
		floats.AddConst(-m.mean, x)
		for e := range c + 1 {
			v := floats.Dot(contrasts[e], x)
			s.products.SetSym(c, e, v)
			s.squares += v * v
			if e < c {
				s.squares += v * v
			}
		}
		s.trace += s.products.At(c, c)
	}
	m := newMoments(levels, d.magnitude*scale)
	s.people = float64(k) * m.ss / m.scale / m.scale
	return s
}
