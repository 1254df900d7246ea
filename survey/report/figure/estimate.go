package figure

import "math"

// Estimate is a mean, or any other number, with its 95 % interval, all in
// points of the scale. Fields that are NaN are not known and not drawn.
type Estimate struct{ Value, Low, High float64 }

func (e Estimate) known() bool       { return finite(e.Value) }
func (e Estimate) hasInterval() bool { return finite(e.Value, e.Low, e.High) && e.Low <= e.High }

// sentence gives the estimate in words.
func (e Estimate) sentence() string {
	switch {
	case e.hasInterval():
		return number(e.Value, 2) + " (95% interval " + number(e.Low, 2) + " to " + number(e.High, 2) + ")"
	case e.known():
		return number(e.Value, 2)
	}
	return "not known"
}

// cells gives the estimate as mean, lower and upper end; unknown parts are
// empty.
func (e Estimate) cells() []string {
	cells := []string{"", "", ""}
	if e.known() {
		cells[0] = number(e.Value, 2)
	}
	if e.hasInterval() {
		cells[1], cells[2] = number(e.Low, 2), number(e.High, 2)
	}
	return cells
}

// intervalBar is an upright bar with short caps.
func intervalBar(x float64, e Estimate, s scale, capHalf float64) [][]Point {
	if !e.hasInterval() {
		return nil
	}
	lo, hi := s.at(e.Low), s.at(e.High)
	return [][]Point{
		{{x, lo}, {x, hi}},
		{{x - capHalf, lo}, {x + capHalf, lo}},
		{{x - capHalf, hi}, {x + capHalf, hi}},
	}
}

// unknown is an estimate that is not drawn.
func unknown() Estimate { return Estimate{math.NaN(), math.NaN(), math.NaN()} }
