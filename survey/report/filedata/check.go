package filedata

import (
	"math"
	"slices"

	"tidemark/analysis"
)

// check looks for what is likely to be wrong with the data.
func (f *File) check(r *reading) {
	for i := range f.scales {
		s := &f.scales[i]
		f.checkAnswers(r, s)
		f.checkDirection(r, s)
		if s.items() {
			f.checkKeys(r, s)
		}
	}
	f.checkSpread()
	for _, d := range f.Data.Doses {
		if why := sameOrNothing(d.Values); why != "" {
			f.warn(why, d.Key, "%s", sameText(why, d.Values))
		}
	}
}

// codes are the numbers that statistics programs and their users write for a
// missing answer.
func missingCodes() []float64 {
	return []float64{-1, -2, -5, -6, -7, -8, -9, -77, -88, -99, -777, -888, -998, -999, -9999, 7, 8, 9, 66, 77, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9999, 99999}
}

// checkAnswers looks at every column of a scale by itself.
func (f *File) checkAnswers(r *reading, s *scale) {
	for w, columns := range s.columns {
		if s.raw != nil && s.raw[w] == nil || s.values[w] == nil {
			continue
		}
		for k, name := range columns {
			values := s.values[w]
			if s.items() {
				values = s.raw[w][k]
			}
			if name == "" {
				continue
			}
			of := name
			if r.long() {
				of = name + " at " + r.data.Waves[w].Name
			}
			if why := sameOrNothing(values); why != "" {
				f.warn(why, of, "%s", sameText(why, values))
				continue
			}
			f.checkRange(r, s, w, of, values)
		}
	}
}

func sameOrNothing(values []float64) Kind {
	low, high, n := ends(values)
	switch {
	case n == 0:
		return Empty
	case low == high && n > 2:
		return Constant
	}
	return ""
}

func sameText(why Kind, values []float64) string {
	if why == Empty {
		return "nobody has a value; is it the right column?"
	}
	low, _, _ := ends(values)
	return "everybody has " + plain(low) + ", so nothing can be said about differences"
}

func ends(values []float64) (low, high float64, n int) {
	low, high = math.Inf(1), math.Inf(-1)
	for _, v := range values {
		if known(v) {
			low, high = min(low, v), max(high, v)
			n++
		}
	}
	return low, high, n
}

// checkRange finds what lies outside: codes for missing, answers stored one
// higher, and slips.
func (f *File) checkRange(r *reading, s *scale, wave int, of string, values []float64) {
	bounded := s.bounded && !s.observed
	low, high := s.low, s.high
	if !bounded {
		low, high = plausible(values)
	}
	outside := map[float64][]int{}
	var order []float64
	for i, v := range values {
		if known(v) && (v < low || v > high) {
			if outside[v] == nil {
				order = append(order, v)
			}
			outside[v] = append(outside[v], r.sheet.Rows[r.rows[wave][i]].Line)
		}
	}
	slices.Sort(order)
	least, most, n := ends(values)
	if bounded && len(order) > 0 && n >= 10 && math.Abs(least-low) == 1 && most-high == least-low {
		f.warn(Shifted, of, "the answers run from %s to %s, but can run from %s to %s: they seem to be stored %s; say the range they are stored with (--min, --max)", plain(least), plain(most), plain(low), plain(high), map[bool]string{true: "one higher", false: "one lower"}[least > low])
		return
	}
	for _, v := range order {
		slices.Sort(outside[v])
		switch where := lines(outside[v]); {
		case slices.Contains(missingCodes(), v):
			f.warn(MissingCode, of, "%s (%s) is not between %s and %s; if it means missing, say --missing %s", plain(v), where, plain(low), plain(high), missingFlag(v))
		case bounded:
			f.warn(OutOfRange, of, "%s (%s) is not between %s and %s, and was used as it is; correct it, or say another range", plain(v), where, plain(low), plain(high))
		}
	}
}

func missingFlag(v float64) string { return "“" + plain(v) + "”" }

// plausible are the ends of the values without those that are codes for missing
// and lie far from all others.
func plausible(values []float64) (low, high float64) {
	low, high = math.Inf(1), math.Inf(-1)
	codes := missingCodes()
	for _, v := range values {
		if known(v) && !slices.Contains(codes, v) {
			low, high = min(low, v), max(high, v)
		}
	}
	if low > high { // nothing else is there
		low, high, _ = ends(values)
		return low, high
	}
	margin := max(high-low, 1)
	slices.SortFunc(codes, func(a, b float64) int { return int(math.Abs(a) - math.Abs(b)) })
	for _, c := range codes {
		if slices.Contains(values, c) && c >= low-boolTo(low < 0)*margin && c <= high+margin*3/4 {
			low, high = min(low, c), max(high, c)
		}
	}
	return low, high
}

func boolTo(is bool) float64 {
	if is {
		return 1
	}
	return 0
}

// checkDirection compares the first wave with each later one.
func (f *File) checkDirection(r *reading, s *scale) {
	first := slices.IndexFunc(s.values, func(v []float64) bool { return v != nil })
	if first < 0 {
		return
	}
	for w := first + 1; w < len(s.values); w++ {
		if s.values[w] == nil {
			continue
		}
		p := analysis.PairedT(s.values[first], s.values[w], analysis.DefaultLevel)
		if p.Pairs < 8 || !p.R.OK() || p.R.Value >= 0 {
			continue
		}
		waves := r.data.Waves[first].Name + " and " + r.data.Waves[w].Name
		if p.R.Value <= -0.3 {
			f.warn(Opposite, s.outcome.Key, "%s run against each other (r = %.2f): people who were high are low later; is one of the two coded the other way round?", waves, p.R.Value)
			continue
		}
		if !s.bounded {
			continue
		}
		low, high := f.endsOf(s)
		mirrored := low + high - p.MeanPre.Value
		if far, near := math.Abs(p.MeanPost.Value-p.MeanPre.Value), math.Abs(p.MeanPost.Value-mirrored); far > (high-low)/5 && near < far/5 && p.R.Value < -0.1 {
			f.warn(Opposite, s.outcome.Key, "the means of %s mirror each other about the middle of the scale (%.2f and %.2f, r = %.2f); is one of the two coded the other way round?", waves, p.MeanPre.Value, p.MeanPost.Value, p.R.Value)
		}
	}
}

// endsOf are the ends of a scale's scores.
func (f *File) endsOf(s *scale) (low, high float64) {
	if s.items() && s.outcome.Sum {
		return s.low * float64(len(s.codes)), s.high * float64(len(s.codes))
	}
	return s.low, s.high
}

// checkSpread finds a scale whose scores vary far less than those of all others
// given as means: what happens when items worded both ways are averaged without
// turning any.
func (f *File) checkSpread() {
	type spread struct {
		key      string
		mean, sd float64
	}
	var all []spread
	for i := range f.scales {
		s := &f.scales[i]
		if s.items() || len(s.values) == 0 || s.values[0] == nil {
			continue
		}
		d := analysis.Describe(s.values[0], analysis.DefaultLevel)
		whole := !slices.ContainsFunc(s.values[0], func(v float64) bool { return known(v) && v != math.Trunc(v) })
		if d.SD.OK() && d.SD.Value > 0 && !whole {
			all = append(all, spread{s.outcome.Key, d.Mean.Value, d.SD.Value})
		}
	}
	if len(all) < 4 {
		return
	}
	slices.SortFunc(all, func(a, b spread) int {
		if a.sd < b.sd {
			return -1
		}
		return 1
	})
	narrow, next := all[0], all[1]
	if narrow.sd < 0.5*next.sd && all[len(all)-1].sd < 3*next.sd && math.Abs(narrow.mean-next.mean) < 3*next.sd {
		f.warn(NarrowScores, narrow.key, "its scores hardly differ (SD %.2f; the other scales have %.2f to %.2f): if it has items worded both ways, were they turned before the mean was taken?", narrow.sd, next.sd, all[len(all)-1].sd)
	}
}
