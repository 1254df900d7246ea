package mixed

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// Trial is one outcome of people in arms, with one row per person and visit.
type Trial struct {
	// Person, Arm and Visit label each row; an empty label means missing.
	Person, Arm, Visit []string
	// Y is the outcome; NaN means missing.
	Y []float64
	// Arms and Visits give the order. The first arm is the one that the others
	// are compared with, the first visit is the baseline.
	Arms, Visits []string
	// Covariates are numbers per row, entered centred, so that means are those at
	// the average of each covariate.
	Covariates []design.Column
	// EqualBaseline gives all arms one mean at the first visit, as randomisation
	// makes it: constrained longitudinal data analysis (Liang & Zeger 2000,
	// Sankhyā B 62, 134–148). Differences at later visits are then adjusted for
	// chance differences at baseline.
	EqualBaseline bool
}

// Trajectory is what a model says about the means of a trial. Which degrees of
// freedom are wanted is chosen within each Coefficient.
type Trajectory struct {
	// Means of each arm at each visit; arm by arm.
	Means []CellMean
	// Changes from baseline within an arm, at the later visits.
	Changes []CellMean
	// Differences from the first arm at each visit, arm by arm, and
	// ChangeDifferences those of the changes.
	Differences, ChangeDifferences []CellMean
}

// CellMean is a model mean, change or difference of an arm at a visit.
type CellMean struct {
	Arm, Visit string
	// Rows is the number of values observed in this arm at this visit.
	Rows int
	Coefficient
}

// MMRM fits a mean for each arm and visit with MMRM.
func (t Trial) MMRM(ctx context.Context, opt MMRMOptions) (MMRMResult, Trajectory, error) {
	d, err := t.design("", "person", "visit")
	if err != nil {
		return MMRMResult{}, Trajectory{}, err
	}
	r, err := MMRM(ctx, d, opt)
	if err != nil {
		return MMRMResult{}, Trajectory{}, err
	}
	return r, t.trajectory(d, r.infer), nil
}

// LMM fits a mean for each arm and visit with a random intercept per person.
func (t Trial) LMM(ctx context.Context, opt LMMOptions) (LMMResult, Trajectory, error) {
	d, err := t.design(" + (1 | person)")
	if err != nil {
		return LMMResult{}, Trajectory{}, err
	}
	r, err := LMM(ctx, d, opt)
	if err != nil {
		return LMMResult{}, Trajectory{}, err
	}
	return r, t.trajectory(d, r.infer), nil
}

// cell labels an arm at a visit by their numbers.
func (t Trial) cell(arm, visit int) string {
	if visit == 0 && t.EqualBaseline {
		return "baseline"
	}
	return fmt.Sprintf("%d:%d", arm, visit)
}

// design codes one mean per cell; rows whose arm or visit is not listed are left
// out and counted.
func (t Trial) design(random string, keys ...string) (*design.Design, error) {
	labels := make([]string, len(t.Y))
	y := slices.Clone(t.Y)
	if len(t.Arm) != len(y) || len(t.Visit) != len(y) || len(t.Person) != len(y) {
		return nil, fmt.Errorf("trial: %d persons, %d arms, %d visits and %d values", len(t.Person), len(t.Arm), len(t.Visit), len(y))
	}
	for i := range y {
		arm, visit := slices.Index(t.Arms, t.Arm[i]), slices.Index(t.Visits, t.Visit[i])
		if arm < 0 || visit < 0 {
			y[i] = math.NaN()
			continue
		}
		labels[i] = t.cell(arm, visit)
	}
	columns := []design.Column{
		design.Numeric("y", y), design.Factor("person", nonNil(t.Person)), design.Factor("visit", nonNil(t.Visit), t.Visits...),
		design.Factor("cell", nonNil(labels), t.cells()...),
	}
	var formula strings.Builder
	formula.WriteString("y ~ 0 + cell")
	for k, c := range t.Covariates {
		if c.IsFactor() || c.Len() != len(y) {
			return nil, fmt.Errorf("trial: covariate %q is not a number per row", c.Name)
		}
		name := fmt.Sprintf("covariate%d", k+1)
		columns = append(columns, design.Numeric(name, centred(c.Values, y)))
		formula.WriteString(" + " + name)
	}
	return design.Build(formula.String()+random, columns, keys...)
}

// nonNil keeps an empty column a column of labels.
func nonNil(x []string) []string {
	if x == nil {
		return []string{}
	}
	return x
}

// cells lists the labels of all cells in their order.
func (t Trial) cells() []string {
	var out []string
	for a := range t.Arms {
		for v := range t.Visits {
			if label := t.cell(a, v); !slices.Contains(out, label) {
				out = append(out, label)
			}
		}
	}
	return out
}

// centred subtracts the mean over the rows in which both values exist.
func centred(x, y []float64) []float64 {
	sum, n := 0.0, 0.0
	for i, v := range x {
		if !math.IsNaN(v) && !math.IsNaN(y[i]) {
			sum += v
			n++
		}
	}
	out := make([]float64, len(x))
	for i, v := range x {
		out[i] = v - sum/n
	}
	return out
}

// trajectory contrasts the cells of a fit.
func (t Trial) trajectory(d *design.Design, f *inference) Trajectory {
	var out Trajectory
	at := func(arm, visit int, signs ...[3]int) CellMean {
		weights := make([]float64, len(d.X))
		reason := analysis.Reason("")
		for _, s := range signs { // sign, arm, visit
			j := t.column(d, s[1], s[2])
			if j < 0 {
				reason = analysis.ReasonNoData
				continue
			}
			weights[j] += float64(s[0])
		}
		m := CellMean{Arm: t.Arms[arm], Visit: t.Visits[visit], Rows: t.rows(d, arm, visit)}
		name := m.Arm + " " + m.Visit
		if reason == "" && len(signs) > 1 && !slices.ContainsFunc(weights, func(w float64) bool { return w != 0 }) {
			reason = analysis.ReasonNotApplicable // equal by construction
		}
		if reason = analysis.FirstReason(f.reason, reason); reason != "" {
			none := noTest(reason, f.level)
			m.Coefficient = Coefficient{Name: name, Estimate: analysis.Unknown(reason), Satterthwaite: none, KenwardRoger: none}
			return m
		}
		m.Coefficient = contrast(f, name, weights, len(d.X))
		return m
	}
	for a := range t.Arms {
		for v := range t.Visits {
			out.Means = append(out.Means, at(a, v, [3]int{1, a, v}))
			if a > 0 {
				out.Differences = append(out.Differences, at(a, v, [3]int{1, a, v}, [3]int{-1, 0, v}))
			}
			if v == 0 {
				continue
			}
			out.Changes = append(out.Changes, at(a, v, [3]int{1, a, v}, [3]int{-1, a, 0}))
			if a > 0 {
				out.ChangeDifferences = append(out.ChangeDifferences,
					at(a, v, [3]int{1, a, v}, [3]int{-1, a, 0}, [3]int{-1, 0, v}, [3]int{1, 0, 0}))
			}
		}
	}
	return out
}

// column is the column of X of a cell, or −1 if it has no data.
func (t Trial) column(d *design.Design, arm, visit int) int {
	name := "cell" + t.cell(arm, visit)
	for _, e := range d.Effects {
		if e.Name == name {
			return e.Column
		}
	}
	return -1
}

// rows counts the values of an arm at a visit that entered.
func (t Trial) rows(d *design.Design, arm, visit int) int {
	n := 0
	for _, r := range d.Rows {
		if t.Arm[r] == t.Arms[arm] && t.Visit[r] == t.Visits[visit] {
			n++
		}
	}
	return n
}
