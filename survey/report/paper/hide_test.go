package paper_test

import (
	"math"
	"testing"

	"tidemark/analysis"
	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

// unshown holds estimates to be hidden.
func unshown(t *testing.T, what string, all ...analysis.Estimate) {
	t.Helper()
	for _, e := range all {
		if e.OK() {
			t.Errorf("%s is told: %v", what, e.Value)
		}
	}
}

// The arms together less those who stayed are those who were lost.
func TestTheMeanOfAFewLostDoesNotFollowFromTheOthers(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	lost := 0
	for i := range d.People {
		if d.States[1][i] == paper.Lost && d.Measures[0].Values[0][i] == d.Measures[0].Values[0][i] {
			if lost++; lost > 3 {
				d.Measures[0].Values[1][i], d.States[1][i] = 20, paper.Answered
			}
		}
	}
	r := build(t, d, arithmeticPlan(d)).Baseline[0]
	if r.Lost.N != 3 || !r.Arms[0].Mean.OK() || !r.Arms[1].Mean.OK() {
		t.Fatalf("the case is another: %+v", r)
	}
	unshown(t, "a mean by loss", r.Lost.Mean, r.Stayed.Mean, r.Lost.SD, r.Stayed.SD, r.Loss)
}

// In one column a few people, in the others many: the row is hidden in all.
func TestASmallCategoryIsHiddenInEveryColumn(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	c := paper.Covariate{Key: "home", Name: "Lives", Labels: []string{"alone", "with others", "elsewhere"}}
	for i, person := range d.People {
		v := float64(i / 2 % 2)
		if person.Arm == 0 && i < 4 || person.Arm == 1 && i < 20 {
			v = 2
		}
		c.Values = append(c.Values, v)
	}
	d.Baseline = []paper.Covariate{c}
	for _, r := range build(t, d, arithmeticPlan(d)).Baseline {
		if r.Label != "elsewhere" {
			continue
		}
		for _, cell := range append([]paper.BaselineCell{r.Lost, r.Stayed}, r.Arms...) {
			if !cell.Count.Hidden {
				t.Errorf("%d people are told of a row in which 2 are hidden", cell.Count.N)
			}
		}
		unshown(t, "a difference of shares", r.Difference, r.Loss)
	}
}

// A hidden course run, or subgroup, is not the whole less the others.
func TestASmallPartDoesNotFollowFromTheWhole(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	for i := range d.People {
		d.People[i].Run = 0
		if i < 8 {
			d.People[i].Run = 1
		}
	}
	used := arithmeticPlan(d)
	used.Content.Primary = []plan.Outcome{{Scale: "stress", Pre: "pre", Post: "post", Arm: "course"}}
	used.Content.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun}}
	p := build(t, d, used)
	main, _ := p.Main()
	if len(main.Subgroups) != 2 {
		t.Fatalf("%d subgroups", len(main.Subgroups))
	}
	for _, s := range main.Subgroups {
		unshown(t, "the change in "+s.Label, s.Estimate.Value)
	}
	for _, x := range p.Pooled {
		for _, r := range x.Runs {
			unshown(t, "the effect in "+r.Run, r.Effect)
		}
	}
	// Who asks for no hiding is told everything.
	open, err := paper.Build(t.Context(), d, paper.Options{Plan: used, Minimum: -1, Now: storyEnds})
	if err != nil {
		t.Fatal(err)
	}
	if main, _ := open.Main(); !main.Subgroups[1].Estimate.Value.OK() {
		t.Error("a small subgroup is hidden from its owner")
	}
}

// Everyone's rows and completers' rows count the same responders.
func TestAHiddenShareOfCompletersDoesNotFollowFromEveryones(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	pre, post := d.Measures[0].Values[0], d.Measures[0].Values[1]
	kept := 0
	for i, person := range d.People {
		if person.Arm != 0 || math.IsNaN(pre[i]) {
			continue
		}
		post[i], d.States[1][i] = pre[i]-10, paper.Answered
		switch kept++; {
		case kept <= 3:
			post[i] = pre[i]
		case kept <= 6:
			post[i], d.States[1][i] = math.NaN(), paper.Lost
		}
	}
	p := build(t, d, arithmeticPlan(d))
	main, _ := p.Main()
	for _, arms := range [][]paper.ResponderArm{main.Responders.Everyone, main.Responders.Completers} {
		if !arms[0].Responded.Hidden {
			t.Errorf("%d of %d responded, 3 with both scores did not", arms[0].Responded.N, arms[0].N)
		}
		unshown(t, "the share", arms[0].Share)
	}
	unshown(t, "the difference of the shares", main.Responders.Difference.Value, main.Responders.Difference.NNT)
}

// The mean change of everyone and that of those who kept to the course tell that
// of the few who did not.
func TestAFewWhoDidNotKeepToTheCourseAreNotTheDifferenceOfTwoMeans(t *testing.T) {
	t.Parallel()
	d := arithmetic()
	meetings := make([]float64, len(d.People))
	for i := range meetings {
		meetings[i] = 8
		if i < 4 {
			meetings[i] = 1
		}
	}
	d.Doses = []paper.Dose{{Key: "meetings", Name: "Meetings", Unit: "meetings", Values: meetings}}
	used := arithmeticPlan(d)
	used.Content.Primary = []plan.Outcome{{Scale: "stress", Pre: "pre", Post: "post", Arm: "course"}}
	used.Content.Estimators = []plan.Estimator{plan.PairedChange}
	used.Content.Populations = []plan.Population{{Kind: plan.Completers}, {Kind: plan.PerProtocol, Sessions: 6}}
	main, _ := build(t, d, used).Main()
	if !main.Primary().Value.OK() {
		t.Fatal("everyone's change is hidden")
	}
	unshown(t, "the change of those who kept to it", estimateBy(t, main, plan.PairedChange, plan.PerProtocol, "").Value)
}
