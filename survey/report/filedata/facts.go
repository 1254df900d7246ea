package filedata

import (
	"fmt"
	"math"
	"slices"

	"tidemark/survey/report/paper"
)

// maxLabels is how many groups a column before the course may have.
const maxLabels = 20

// readFacts reads what there is of people besides scores.
func (r *reading) readFacts() error {
	for _, name := range r.spec.Doses {
		r.data.Doses = append(r.data.Doses, paper.Dose{Key: name, Name: r.spec.Book.label(name), Unit: r.spec.Book.unit(name), Values: r.once(name)})
	}
	for _, name := range r.spec.Baseline {
		c := paper.Covariate{Key: name, Name: r.spec.Book.label(name)}
		if _, number := r.numbers[name]; number {
			c.Values = r.once(name)
		} else if err := r.labels(name, &c); err != nil {
			return err
		}
		if !slices.ContainsFunc(c.Values, func(v float64) bool { return !math.IsNaN(v) }) {
			r.file.warn(Empty, name, "nobody has a value; the column is left out")
			continue
		}
		r.data.Baseline = append(r.data.Baseline, c)
	}
	return nil
}

// once is a number of each person that does not change: from the first wave at
// which it is there.
func (r *reading) once(name string) []float64 {
	out, differ := r.empty(), 0
	for i := range out {
		changed := false
		for w := range r.rows {
			row := r.rows[w][i]
			if row < 0 || math.IsNaN(r.numbers[name][row]) {
				continue
			}
			if v := r.numbers[name][row]; math.IsNaN(out[i]) {
				out[i] = v
			} else if v != out[i] {
				changed = true
			}
		}
		if changed {
			differ++
		}
	}
	r.varies(name, differ)
	return out
}

func (r *reading) varies(name string, people int) {
	if people > 0 {
		r.file.warn(Varies, name, "differs between the rows of %d people; the first is used", people)
	}
}

// labels reads a column of groups.
func (r *reading) labels(name string, c *paper.Covariate) error {
	texts := r.texts(name)
	of := make([]string, len(r.data.People))
	differ := 0
	for i := range of {
		for w := range r.rows {
			row := r.rows[w][i]
			if row < 0 || texts[row] == "" {
				continue
			}
			if of[i] == "" {
				of[i] = texts[row]
			} else if of[i] != texts[row] {
				differ++
				break
			}
		}
		if of[i] != "" && !slices.Contains(c.Labels, of[i]) {
			c.Labels = append(c.Labels, of[i])
		}
	}
	if len(c.Labels) > maxLabels {
		return fmt.Errorf("column %q holds %d different texts; as something known before the course it may have %d", name, len(c.Labels), maxLabels)
	}
	r.varies(name, differ)
	slices.Sort(c.Labels)
	c.Values = r.empty()
	for i, l := range of {
		if l != "" {
			c.Values[i] = float64(slices.Index(c.Labels, l))
		}
	}
	for k, l := range c.Labels {
		c.Labels[k] = r.spec.Book.value(name, l)
	}
	return nil
}

func (r *reading) empty() []float64 {
	return slices.Repeat([]float64{math.NaN()}, len(r.data.People))
}
