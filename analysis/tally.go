package analysis

import "math"

// tallied is how many neighbouring whole numbers a tally has room for, half of
// them on either side of the first value: more than any answer scale.
const tallied = 128

// tally counts whole numbers.
type tally struct {
	base    int // what counts[0] counts
	counts  [tallied]int
	missing int // NaN
}

// newTally counts a column. It reports false when the column holds anything but
// whole numbers close together.
func newTally(x []float64) (tally, bool) {
	var t tally
	first := 0
	for first < len(x) && math.IsNaN(x[first]) {
		first++
	}
	if first == len(x) || !(math.Abs(x[first]) < 1<<40) {
		return t, false
	}
	t.base = int(x[first]) - tallied/2
	// Two counters for each number: the same one twice running would have to
	// wait for itself.
	var counts [2][tallied]int
	base := t.base
	for i, v := range x {
		k := int(v)
		at := uint(k - base)
		if float64(k) != v || at >= tallied {
			if v == v {
				return t, false
			}
			t.missing++
			continue
		}
		counts[i&1][at]++
	}
	for i := range t.counts {
		t.counts[i] = counts[0][i] + counts[1][i]
	}
	return t, true
}

// moments are those of the numbers counted: sums of whole numbers, and so exact.
func (t *tally) moments() moments {
	m := moments{scale: 1}
	sum := 0
	for i, c := range t.counts {
		if c == 0 {
			continue
		}
		if m.max = float64(t.base + i); m.n == 0 {
			m.min = m.max
		}
		m.n += c
		sum += i * c
	}
	if m.n == 0 {
		return m
	}
	centre := float64(sum) / float64(m.n) // from base
	for i, c := range t.counts {
		if c > 0 {
			d := float64(i) - centre
			m.ss += float64(c) * d * d
		}
	}
	m.mean = float64(t.base) + centre
	m.magnitude = math.Max(math.Abs(m.min), math.Abs(m.max))
	m.constant = constantRange(m.min, m.max, m.magnitude)
	return m
}

// AnswerCount is how many people gave an answer.
type AnswerCount struct {
	Answer float64
	N      int
}

// answers lists what was counted, in ascending order.
func (t *tally) answers() []AnswerCount {
	var out []AnswerCount
	for i, c := range t.counts {
		if c > 0 {
			out = append(out, AnswerCount{float64(t.base + i), c})
		}
	}
	return out
}
