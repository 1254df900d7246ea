package report_test

import (
	"math"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
)

// near holds a number to a printed one: want is rounded to the digits given.
func near(t *testing.T, what string, got analysis.Estimate, want, half float64) {
	t.Helper()
	if !got.OK() || math.Abs(got.Value-want) > half {
		t.Errorf("%s = %v, want %v ± %v", what, got, want, half)
	}
}

// Student (1908), Biometrika 6:1-25: hours of sleep gained by ten patients.
func sleep() report.Columns {
	return report.Columns{
		Pre:  []float64{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0},
		Post: []float64{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4},
	}
}

func TestTheSleepDataOfStudentComeOut(t *testing.T) {
	t.Parallel()
	o := report.Analyse(sleep(), report.Options{})
	c := o.Main()
	if c.Pairs != 10 || len(c.Excluded) != 0 {
		t.Fatalf("%d pairs, %v excluded", c.Pairs, c.Excluded)
	}
	near(t, "mean before", c.MeanPre, 0.75, 1e-12)
	near(t, "mean after", c.MeanPost, 2.33, 1e-12)
	near(t, "SD before", c.SDPre, 1.79, .005)
	near(t, "SD after", c.SDPost, 2.00, .005)
	near(t, "r", c.R, .795, .0005)
	near(t, "t", c.T, 4.0621, .00005)
	near(t, "p", c.P, .002833, .0000005)
	near(t, "low", c.CI.LowEstimate(), 0.7001, .00005)
	near(t, "high", c.CI.HighEstimate(), 2.4599, .00005)
	near(t, "d_z", c.Dz, 1.285, .0005)
	near(t, "exact Wilcoxon p", c.Rank.P, .0039, .00005)
}

// Lakens (2013), Frontiers in Psychology 4:863, the example of movie ratings.
func TestTheMovieRatingsOfLakensComeOut(t *testing.T) {
	t.Parallel()
	o := report.Analyse(report.Columns{
		Pre:  []float64{9, 6, 7, 8, 7, 9, 8, 8, 8, 7},
		Post: []float64{9, 7, 8, 9, 8, 9, 9, 10, 9, 9},
	}, report.Options{})
	c := o.Main()
	near(t, "mean change", c.Mean, 1, 1e-12)
	near(t, "t", c.T, 4.74, .005)
	near(t, "p", c.P, .001, .0005)
	near(t, "low", c.CI.LowEstimate(), .52, .005)
	near(t, "high", c.CI.HighEstimate(), 1.48, .005)
	near(t, "d_z", c.Dz, 1.50, .005)
	near(t, "r", c.R, .73, .005)
	// The paper prints d_av = 1.13 and corrects it as if for 18 degrees of
	// freedom, to 1.08. A paired design has 9: J(9) = .914.
	near(t, "g_av", c.Gav, 1.13*.914, .005)
}

func TestReliableChangeCountsInTheDirectionOfBenefit(t *testing.T) {
	t.Parallel()
	c := report.Columns{
		Pre:  []float64{10, 12, 14, 16, 18, 20, 22, 24},
		Post: []float64{2, 12, 15, 16, 30, 21, 10, 24},
	}
	for _, dir := range []struct {
		d             instrument.Direction
		better, worse int
	}{{instrument.HigherBetter, 1, 2}, {instrument.LowerBetter, 2, 1}, {instrument.Neutral, 1, 2}} {
		o := report.Analyse(c, report.Options{
			Scale:       report.Scale{Direction: dir.d},
			Reliability: report.Reliability{Value: analysis.Estimate{Value: .8}, SD: analysis.Estimate{Value: 4}},
		})
		r := o.Main().Reliable
		near(t, "threshold", r.Threshold, 1.96*4*math.Sqrt(2)*math.Sqrt(.2), 1e-12)
		if r.Better.N != dir.better || r.Worse.N != dir.worse || r.Same.N != 5 {
			t.Errorf("%s: %d better, %d same, %d worse", dir.d, r.Better.N, r.Same.N, r.Worse.N)
		}
	}
}

func TestWithoutReliabilityThereIsNoReliableChange(t *testing.T) {
	t.Parallel()
	o := report.Analyse(sleep(), report.Options{})
	if got := o.Main().Reliable.Threshold; got.Reason != report.ReasonNoReliability {
		t.Errorf("threshold %+v, want the reason that no reliability was given", got)
	}
}

func TestPeopleWithoutAPairAreCountedByReason(t *testing.T) {
	t.Parallel()
	nan := math.NaN()
	o := report.Analyse(report.Columns{
		Pre:    []float64{1, 2, nan, nan, 3, 4, 5},
		Post:   []float64{2, nan, 3, nan, nan, 3, nan},
		Absent: []report.Absence{"", "", "", "", report.AbsentWithdrawn, "", report.AbsentNotYet},
	}, report.Options{})
	c := o.Main()
	got := map[report.Absence]int{}
	sum := c.Pairs
	for _, e := range c.Excluded {
		got[e.Reason] = e.N
		sum += e.N
	}
	if sum != c.People || c.Pairs != 2 || got[report.AbsentPre] != 1 || got[report.AbsentPost] != 1 ||
		got[report.AbsentBoth] != 1 || got[report.AbsentWithdrawn] != 1 || got[report.AbsentNotYet] != 1 {
		t.Errorf("%d people, %d pairs, excluded %v", c.People, c.Pairs, got)
	}
	if c.Lost.Lost != 2 { // one silent, one withdrawn; who can still answer is not lost
		t.Errorf("%d lost, want 2", c.Lost.Lost)
	}
}

func TestRaincloudsOfAllGroupsHaveOneAxis(t *testing.T) {
	t.Parallel()
	c := sleep()
	c.Group = []string{"a", "a", "a", "a", "a", "b", "b", "b", "b", "b"}
	o := report.Analyse(c, report.Options{Focus: "a", Scale: report.Scale{Min: math.NaN(), Max: math.NaN()}})
	other, ok := o.Group("b")
	if !ok {
		t.Fatal("there is no group b")
	}
	first, shown := o.Raincloud(o.Main(), "first")
	second, alsoShown := o.Raincloud(other, "second")
	if !shown || !alsoShown {
		t.Fatal("a group is not drawn")
	}
	if first.Min != second.Min || first.Max != second.Max || first.Min >= -1.6 || first.Max <= 5.5 {
		t.Errorf("axes %g to %g and %g to %g, want one beyond −1.6 and 5.5", first.Min, first.Max, second.Min, second.Max)
	}
}
