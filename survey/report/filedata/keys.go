package filedata

import (
	"math"
	"slices"

	"tidemark/analysis"
)

// Below lowAlpha a scale of several items does not measure one thing, or its key
// is wrong.
const lowAlpha = 0.5

// checkKeys looks for items that run against the others: reverse keys that were
// forgotten, or a scale that had been turned before. α alone does not find them:
// a long scale of which half is not turned can still have .8.
func (f *File) checkKeys(r *reading, s *scale) {
	for w, items := range s.turned {
		if len(items) < 3 {
			continue
		}
		at := s.outcome.Key
		if len(r.data.Waves) > 1 {
			at += " at " + r.data.Waves[w].Name
		}
		a := analysis.Alpha(items, analysis.AlphaOptions{Names: s.codes})
		if !a.Alpha.OK() || a.Complete < 20 {
			continue
		}
		against := oppositeItems(items)
		if against == nil {
			if len(a.Suspects) > 0 && len(a.Suspects) < len(s.codes)/2+1 {
				f.warn(NotTurned, at, "%s %s against the other items (α = %.2f); is a reverse key missing (--reverse), or one too many?", some(a.Suspects, 10), plural(len(a.Suspects), "runs", "run"), a.Alpha.Value)
			} else if a.Alpha.Value < lowAlpha {
				f.warn(LowAlpha, at, "α is %.2f, so the items hardly measure one thing; check the key and which items belong to it", a.Alpha.Value)
			}
			continue
		}
		keys := slices.Repeat([]int{1}, len(items))
		var names []string
		for _, k := range against {
			keys[k] = -1
			names = append(names, s.codes[k])
		}
		better := analysis.Alpha(items, analysis.AlphaOptions{Keys: keys, Min: s.low, Max: s.high})
		if !better.Alpha.OK() || better.Alpha.Value < a.Alpha.Value+0.03 {
			continue
		}
		if slices.Equal(keys, s.keys) || opposite(keys, s.keys) {
			f.warn(TurnedTwice, at, "the items that are turned run against the others (α = %.2f, without turning %.2f): the file has probably turned them already; leave out --reverse", a.Alpha.Value, better.Alpha.Value)
			continue
		}
		f.warn(NotTurned, at, "%s %s against the other items: α is %.2f and would be %.2f with them turned; is the reverse key right (--reverse)?", some(names, 15), plural(len(names), "runs", "run"), a.Alpha.Value, better.Alpha.Value)
	}
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// opposite reports whether two keys part the items alike the other way round.
func opposite(a, b []int) bool {
	for i := range a {
		if a[i] != -b[i] {
			return false
		}
	}
	return true
}

// oppositeItems parts items by the sign of their weight in the first principal
// component of their correlations, and gives the smaller part, if correlations
// across are negative on average; nil otherwise.
func oppositeItems(items [][]float64) []int {
	c := correlations(items)
	weights := firstComponent(c)
	var up, down []int
	for k, v := range weights {
		if v < 0 {
			down = append(down, k)
		} else {
			up = append(up, k)
		}
	}
	if len(up) == 0 || len(down) == 0 {
		return nil
	}
	sum := 0.0
	for _, i := range up {
		for _, j := range down {
			sum += c[i][j]
		}
	}
	if sum/float64(len(up)*len(down)) > -0.05 {
		return nil
	}
	if len(down) > len(up) || len(down) == len(up) && up[0] > down[0] {
		return up
	}
	return down
}

// correlations of items, 0 where there is none.
func correlations(items [][]float64) [][]float64 {
	c := make([][]float64, len(items))
	for i := range items {
		c[i] = make([]float64, len(items))
		c[i][i] = 1
		for j := range i {
			if p := analysis.PairedT(items[i], items[j], analysis.DefaultLevel); p.R.OK() {
				c[i][j], c[j][i] = p.R.Value, p.R.Value
			}
		}
	}
	return c
}

// firstComponent is the eigenvector of the greatest eigenvalue, by iteration.
func firstComponent(c [][]float64) []float64 {
	v := make([]float64, len(c))
	for i := range v {
		v[i] = 1 + math.Sin(float64(3*i+1)) // no item is alike another
	}
	next := make([]float64, len(c))
	for range 500 {
		length := 0.0
		for i := range c {
			next[i] = 0
			for j, r := range c[i] {
				next[i] += r * v[j]
			}
			length += next[i] * next[i]
		}
		if length == 0 {
			return v
		}
		for i := range v {
			v[i] = next[i] / math.Sqrt(length)
		}
	}
	return v
}
