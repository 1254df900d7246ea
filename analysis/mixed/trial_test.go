package mixed

import (
	"fmt"
	"math"
	"testing"

	"tidemark/analysis"
	"tidemark/analysis/design"
)

// trial turns a simulated table into a trial of "wait" and "course".
func trial(l long) Trial {
	t := Trial{Y: l.y, Arms: []string{"wait", "course"}}
	for i := range l.y {
		t.Person = append(t.Person, fmt.Sprintf("p%03d", int(l.id[i])))
		t.Arm = append(t.Arm, t.Arms[int(l.arm[i])])
		t.Visit = append(t.Visit, fmt.Sprintf("week %d", int(l.week[i])))
	}
	for w := 0; w <= int(l.week[len(l.week)-1]); w++ {
		t.Visits = append(t.Visits, fmt.Sprintf("week %d", w))
	}
	return t
}

func TestMeansOfCompleteDataAreThoseOfTheCells(t *testing.T) {
	t.Parallel()
	l := simulated(41, 24, 3, 0)
	tr := trial(l)
	r, m, err := tr.MMRM(t.Context(), MMRMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, intercepts, err := tr.LMM(t.Context(), LMMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if r.Iterations != 0 || len(m.Means) != 6 || len(m.Differences) != 3 || len(m.Changes) != 4 || len(m.ChangeDifferences) != 2 {
		t.Fatalf("%d iterations, %d means", r.Iterations, len(m.Means))
	}
	for i, c := range m.Means {
		var sum, n float64
		for k, y := range l.y {
			if tr.Arm[k] == c.Arm && tr.Visit[k] == c.Visit {
				sum += y
				n++
			}
		}
		near(t, c.Name, c.Estimate, sum/n, 1e-11)
		near(t, c.Name, intercepts.Means[i].Estimate, sum/n, 1e-11)
		if float64(c.Rows) != n {
			t.Errorf("%s: %d rows, want %v", c.Name, c.Rows, n)
		}
	}
	change := m.Means[5].Estimate.Value - m.Means[3].Estimate.Value - m.Means[2].Estimate.Value + m.Means[0].Estimate.Value
	near(t, "difference of changes", m.ChangeDifferences[1].Estimate, change, 1e-10)
	near(t, "difference", m.Differences[2].Estimate, m.Means[5].Estimate.Value-m.Means[2].Estimate.Value, 1e-10)
}

func TestEqualBaselinesAreTheConstrainedModel(t *testing.T) {
	t.Parallel()
	columns := table(t, "course_visits.csv")
	tr := Trial{Arms: []string{"0", "1"}, Visits: []string{"1", "2", "3", "4", "5"}, EqualBaseline: true}
	for i := range columns[0].Values {
		tr.Person = append(tr.Person, fmt.Sprint(columns[0].Values[i]))
		tr.Arm = append(tr.Arm, fmt.Sprint(columns[1].Values[i]))
		tr.Visit = append(tr.Visit, fmt.Sprint(columns[2].Values[i]))
		tr.Y = append(tr.Y, columns[3].Values[i])
	}
	_, got, err := tr.MMRM(t.Context(), MMRMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := fitMMRM(t, build(t, "y ~ v2 + v3 + v4 + v5 + arm:v2 + arm:v3 + arm:v4 + arm:v5", columns, "id", "visit"), MMRMOptions{})
	for v := 1; v < 5; v++ {
		near(t, "difference", got.Differences[v].Estimate, want.Coefficients[4+v].Estimate.Value, 1e-8)
		near(t, "SE", got.Differences[v].Satterthwaite.SE, want.Coefficients[4+v].Satterthwaite.SE.Value, 1e-8)
		near(t, "df", got.Differences[v].Satterthwaite.DF, want.Coefficients[4+v].Satterthwaite.DF.Value, 1e-6)
	}
	if got.Differences[0].Estimate.Reason != analysis.ReasonNotApplicable {
		t.Errorf("difference at baseline: got %v", got.Differences[0].Estimate)
	}
}

func TestCellsWithoutDataAreNamed(t *testing.T) {
	t.Parallel()
	l := simulated(42, 24, 3, 0)
	tr := trial(l)
	for i := range l.y {
		if tr.Arm[i] == "wait" && tr.Visit[i] == "week 2" {
			tr.Y[i] = math.NaN()
		}
	}
	tr.Covariates = []design.Column{design.Numeric("week", l.week), design.Numeric("id", l.id)} // week follows from the visit
	_, m, err := tr.LMM(t.Context(), LMMOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if m.Means[2].Estimate.Reason != analysis.ReasonNoData || m.Differences[2].Estimate.Reason != analysis.ReasonNoData {
		t.Errorf("got %v and %v", m.Means[2].Estimate, m.Differences[2].Estimate)
	}
	if !m.Differences[1].Satterthwaite.CI.OK() || m.Means[2].Rows != 0 {
		t.Errorf("got %v", m.Differences[1])
	}
	tr.Covariates = []design.Column{design.Factor("arm", tr.Arm)}
	if _, _, err := tr.LMM(t.Context(), LMMOptions{}); err == nil {
		t.Error("a covariate of labels is accepted")
	}
	tr.Arm = tr.Arm[:3]
	if _, _, err := tr.MMRM(t.Context(), MMRMOptions{}); err == nil {
		t.Error("columns of different length are accepted")
	}
}
