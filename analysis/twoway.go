package analysis

import "math"

// twoWay is the analysis of variance of people × columns without replication.
// Mean squares are in scaled units: of the values times scale, a power of two.
type twoWay struct {
	n, k                                float64
	between, occasion, residual, within float64
	scale                               float64
}

// newTwoWay analyses the rows given, two or more of two or more columns. A mean
// square is exactly zero where what it measures does not vary beyond rounding.
func newTwoWay(columns [][]float64, rows []int) twoWay {
	k := len(columns)
	magnitude := 0.0
	for _, x := range columns {
		for _, p := range rows {
			magnitude = math.Max(magnitude, math.Abs(x[p]))
		}
	}
	a := twoWay{n: float64(len(rows)), k: float64(k), scale: scaleFor(magnitude)}
	magnitude *= a.scale

	// Deviations from the first value are small where the data sit far from 0.
	origin := columns[0][rows[0]] * a.scale
	values := make([]float64, 0, len(rows)*k) // row by row
	for _, p := range rows {
		for _, x := range columns {
			values = append(values, x[p]*a.scale-origin)
		}
	}
	people, occasions, grand := marginalMeans(values, k)
	for _, v := range people {
		a.between += (v - grand) * (v - grand)
	}
	for _, v := range occasions {
		a.occasion += (v - grand) * (v - grand)
	}
	for i, person := range people {
		for j, v := range values[i*k : (i+1)*k] {
			within := v - person
			residual := within - (occasions[j] - grand)
			a.within += within * within
			a.residual += residual * residual
		}
	}
	a.between *= a.k / (a.n - 1)
	a.occasion *= a.n / (a.k - 1)
	a.residual /= (a.n - 1) * (a.k - 1)
	a.within /= a.n * (a.k - 1)
	a.clearRounding(values, people, magnitude)
	return a
}

// marginalMeans are the means of the rows, of the columns and of all.
func marginalMeans(values []float64, k int) (people, occasions []float64, grand float64) {
	n := len(values) / k
	people, occasions = make([]float64, n), make([]float64, k)
	for i := range people {
		for j, v := range values[i*k : (i+1)*k] {
			people[i] += v / float64(k)
			occasions[j] += v / float64(n)
		}
		grand += people[i] / float64(n)
	}
	return people, occasions, grand
}

// clearRounding sets those mean squares to zero whose effects have a range of
// no more than rounding: within people, their means, and the changes from the
// first column.
func (a *twoWay) clearRounding(values, people []float64, magnitude float64) {
	k := int(a.k)
	within, residual := true, true
	for j := range k {
		var change []float64
		for i := range people {
			change = append(change, values[i*k+j]-values[i*k])
		}
		m := newMoments(change, magnitude)
		residual = residual && m.constant
		within = within && m.constant && constantRange(0, math.Max(math.Abs(m.min), math.Abs(m.max)), magnitude)
	}
	if residual {
		a.residual = 0
	}
	if within {
		a.within, a.occasion, a.residual = 0, 0, 0
	}
	if newMoments(people, magnitude).constant {
		a.between = 0
	}
}

// listwiseRows lists the people with a value in every column and counts the
// others; columns shorter than the longest are missing at the end. The reason
// is one that applies to every statistic of the columns.
func listwiseRows(columns [][]float64) (rows []int, excluded int, fault Reason) {
	n, common := 0, math.MaxInt
	magnitude := 0.0
	for _, x := range columns {
		n, common = max(n, len(x)), min(common, len(x))
		for _, v := range x {
			if a := math.Abs(v); a > magnitude {
				magnitude = a
			}
		}
	}
	if len(columns) == 0 {
		common = 0
	}
people:
	for p := range common {
		for _, x := range columns {
			if math.IsNaN(x[p]) {
				continue people
			}
		}
		rows = append(rows, p)
	}
	return rows, n - len(rows), magnitudeFault(magnitude)
}
