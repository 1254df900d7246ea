package figure

import (
	"fmt"
	"math"
	"slices"
)

// QQ compares a sample with a normal distribution: on the line are quantiles
// as a normal distribution of the sample's mean and SD has them. The band holds
// 95 % of the quantiles of normal samples of this size, each place by itself
// (Fox 2016, Applied Regression Analysis, sect. 3.1.3).
type QQ struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Sample are residuals or predicted random effects. NaN are left out.
	Sample []float64
	// Label names them on the axis, as in "random intercept"; "sample" by
	// default.
	Label string
	// HiddenBelow, when above 0, says that they are of fewer people than that;
	// nothing else is then drawn or told.
	HiddenBelow int
}

// qqSample is a sorted sample with the quantiles a normal distribution has.
type qqSample struct {
	sorted, normal []float64
	mean, sd       float64
}

func (q QQ) sample() qqSample {
	var s qqSample
	for _, v := range q.Sample {
		if finite(v) && math.Abs(v) <= 1e12 {
			s.sorted = append(s.sorted, v)
		}
	}
	slices.Sort(s.sorted)
	n := float64(len(s.sorted))
	for _, v := range s.sorted {
		s.mean += v / n
	}
	for i, v := range s.sorted {
		s.sd += (v - s.mean) * (v - s.mean)
		s.normal = append(s.normal, normalQuantile((float64(i)+0.5)/n))
	}
	if n > 1 {
		s.sd = math.Sqrt(s.sd / (n - 1))
	}
	return s
}

// spread reports whether there is a distribution to compare: three values that
// are not all the same.
func (s qqSample) spread() bool {
	return len(s.sorted) >= 3 && usableRange(s.sorted[0], s.sorted[len(s.sorted)-1])
}

// normalQuantile is the quantile of the standard normal distribution.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

func (q QQ) label() string {
	if q.Label == "" {
		return "sample"
	}
	return q.Label
}

// Alt gives the figure's numbers in one sentence.
func (q QQ) Alt() string {
	if q.HiddenBelow > 0 {
		return hiddenWords(q.HiddenBelow)
	}
	s := q.sample()
	if !s.spread() {
		return "Not enough different values to compare with a normal distribution."
	}
	outside := 0
	for i := range s.sorted {
		lo, hi := s.band(i)
		if s.sorted[i] < lo || s.sorted[i] > hi {
			outside++
		}
	}
	return fmt.Sprintf("%d values of %s against normal quantiles: %d lie outside of the 95%% band.", len(s.sorted), q.label(), outside)
}

// Table gives the sample's and the normal quantiles at a few places.
func (q QQ) Table() Table {
	table := Table{Header: []string{"Percentile", "Sample", "Normal"}}
	s := q.sample()
	if q.HiddenBelow > 0 || !s.spread() {
		return table
	}
	for _, p := range []float64{.05, .25, .5, .75, .95} {
		table.Rows = append(table.Rows, []string{
			number(100*p, 0), number(quantile(s.sorted, p), 2), number(s.mean+s.sd*normalQuantile(p), 2),
		})
	}
	return table
}

// band is the interval of the i-th smallest value under normality: the standard
// error of an order statistic is SD/φ(z) √(p(1−p)/n).
func (s qqSample) band(i int) (lo, hi float64) {
	z, n := s.normal[i], float64(len(s.sorted))
	p := (float64(i) + 0.5) / n
	density := math.Exp(-z*z/2) / math.Sqrt(2*math.Pi)
	se := s.sd / density * math.Sqrt(p*(1-p)/n)
	line := s.mean + s.sd*z
	return line - 1.96*se, line + 1.96*se
}

// Draw lays the figure out.
func (q QQ) Draw(size Size) Drawing {
	l := squareLayout(size)
	d := l.begin(q.ID, q.Title, q.Desc, q.Alt())
	s := q.sample()
	if q.HiddenBelow > 0 || !s.spread() {
		return l.only(d, q.Alt())
	}
	n := len(s.sorted)
	reach := s.normal[n-1]
	values := append(slices.Clone(s.sorted), s.mean-s.sd*reach, s.mean+s.sd*reach)
	a := axes{xTitle: "normal quantile (in SD)", yTitle: q.label(), height: 240}
	a.xLo, a.xHi, a.xTicks = looseRange([]float64{-reach, reach}, 6)
	a.yLo, a.yHi, a.yTicks = looseRange(values, 6)
	f, end := l.frame(&d, 0, a)
	points := make([]Point, n)
	var upper, lower []Point
	step := max(1, n/200)
	for i, z := range s.normal {
		points[i] = Point{z, s.sorted[i]}
		if i%step == 0 || i == n-1 {
			lo, hi := s.band(i)
			upper, lower = append(upper, f.at(z, hi)), append(lower, f.at(z, lo))
		}
	}
	slices.Reverse(lower)
	d.add(
		Polygon{Points: append(upper, lower...), Paint: Paint{Fill: RoleBand}},
		Lines{Paths: [][]Point{{f.at(-reach, s.mean-s.sd*reach), f.at(reach, s.mean+s.sd*reach)}}, Paint: Paint{Stroke: RoleInk, Width: 1.2}},
		cloud(f, thinnedMiddle(points)),
	)
	d.Height = l.remark(&d, "Line: a normal distribution. Band: its 95% range at each place."+thinnedWords(n), end) + 4
	return d
}

// thinnedMiddle keeps both tails of sorted points whole, where single ones
// matter, and thins what lies between.
func thinnedMiddle(points []Point) []Point {
	const tail = maxDots / 4
	if len(points) <= maxDots {
		return points
	}
	inner := points[tail : len(points)-tail]
	out := slices.Clone(points[:tail])
	for i := range maxDots - 2*tail {
		out = append(out, inner[i*(len(inner)-1)/(maxDots-2*tail-1)])
	}
	return append(out, points[len(points)-tail:]...)
}
