package power

import "math"

// Design is what is compared with what. It also says in which unit the effect
// is given.
type Design string

// The designs.
const (
	// OneSample compares a mean with a number; the effect is in SDs.
	OneSample Design = "one_sample"
	// Paired compares two waves; the effect is dz, the mean change over the SD
	// of the changes.
	Paired Design = "paired"
	// TwoSample compares two arms at one wave; the effect is in SDs within an
	// arm.
	TwoSample Design = "two_sample"
	// ChangeScore compares the changes of two arms; the effect is the
	// difference between arms in SDs at one wave, equal before and after.
	ChangeScore Design = "change_score"
	// Ancova compares two arms after the course, adjusted for the score before
	// it; the effect is the difference in SDs after the course within an arm.
	Ancova Design = "ancova"
)

// Valid reports whether d is a known design.
func (d Design) Valid() bool {
	switch d {
	case OneSample, Paired, TwoSample, ChangeScore, Ancova:
		return true
	}
	return false
}

// Arms is 2 for designs that compare arms, else 1.
func (d Design) Arms() int {
	if d == OneSample || d == Paired {
		return 1
	}
	return 2
}

// information is what the standardised effect is multiplied with, squared, to
// give the noncentrality, apart from the correlation; df are the degrees of
// freedom.
func (d Design) information(nx, ny float64) (m, df float64) {
	switch d {
	case OneSample, Paired:
		return nx, nx - 1
	case Ancova:
		return nx * ny / (nx + ny), nx + ny - 3
	case TwoSample, ChangeScore:
	}
	return nx * ny / (nx + ny), nx + ny - 2
}

// unit converts an effect in SDs of a wave into SDs of what is compared, r
// being the correlation of before and after.
func (d Design) unit(r float64) float64 {
	switch d {
	case ChangeScore:
		return 1 / math.Sqrt(2*(1-r))
	case Ancova:
		return 1 / math.Sqrt((1-r)*(1+r))
	case OneSample, Paired, TwoSample: // their effects are in SDs of what is compared
	}
	return 1
}
