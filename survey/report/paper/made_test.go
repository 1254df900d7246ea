package paper_test

import (
	"fmt"
	"math"
	"slices"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// madeOf is a dataset of one scale, of which less is better, at as many waves as
// there are columns; people are in arm 0, the course, or 1, which waits. Who has
// no score let the survey pass.
func madeOf(arms, runs []int, columns ...[]float64) *paper.Dataset {
	d := &paper.Dataset{
		Source: paper.Source{Key: "made", Title: "Made"},
		Arms:   []paper.Arm{{Key: "course", Name: "Course"}, {Key: "wait", Name: "Waiting list", Control: true}},
		Waves: []paper.Wave{
			{Key: "pre", Name: "Before", Short: "Pre", Kind: survey.WavePre},
			{Key: "post", Name: "After", Short: "Post", Kind: survey.WavePost, Weeks: 8},
			{Key: "later", Name: "Later", Short: "Later", Kind: survey.WaveFollowUp, Weeks: 20},
		}[:len(columns)],
		States: make([][]paper.State, len(columns)),
		Measures: []paper.Measure{{
			Scale:  report.Scale{Key: "stress", Name: "Stress", Primary: true, Min: 0, Max: 100, Direction: instrument.LowerBetter},
			Values: columns,
		}},
	}
	for i := range arms {
		d.People = append(d.People, paper.Person{Code: fmt.Sprintf("P%03d", i), Arm: arms[i], Run: runs[i]})
		for w, values := range columns {
			state := paper.Answered
			if math.IsNaN(values[i]) {
				state = paper.Lost
			}
			d.States[w] = append(d.States[w], state)
		}
	}
	for run := range slices.Max(runs) + 1 {
		d.Runs = append(d.Runs, fmt.Sprintf("Run %d", run+1))
	}
	return d
}

// arithmetic is a dataset made by arithmetic that R does as well:
//
//	i <- 0:47; arm <- i%%2; run <- ifelse(i%%3 == 0, 1, 0); level <- (37*i)%%17
//	pre   <- ifelse(i%%11 == 10, NA, 18 + level + (7*i*i)%%5)
//	post  <- ifelse(i%%7 == 3, NA, 16 + level + (3*i*i + 5*i)%%9 - 4*(arm == 0) + 2*run)
//	later <- ifelse(i%%5 == 1, NA, 17 + level + (5*i*i + i)%%7 - 3*(arm == 0))
//	w <- data.frame(i, arm, run, pre, post, later)
//	d <- na.omit(reshape(w, direction = "long", idvar = "i", v.names = "y", timevar = "wave", varying = c("pre", "post", "later")))
//	d$cell <- factor(paste0(c("course", "wait")[d$arm + 1], d$wave))
func arithmetic() *paper.Dataset {
	const people = 48
	arms, runs := make([]int, people), make([]int, people)
	pre, post, later := make([]float64, people), make([]float64, people), make([]float64, people)
	unless := func(missing bool, v int) float64 {
		if missing {
			return math.NaN()
		}
		return float64(v)
	}
	for i := range people {
		arms[i] = i % 2
		if i%3 == 0 {
			runs[i] = 1
		}
		level, inCourse := 37*i%17, 1-arms[i]
		pre[i] = unless(i%11 == 10, 18+level+7*i*i%5)
		post[i] = unless(i%7 == 3, 16+level+(3*i*i+5*i)%9-4*inCourse+2*runs[i])
		later[i] = unless(i%5 == 1, 17+level+(5*i*i+i)%7-3*inCourse)
	}
	return madeOf(arms, runs, pre, post, later)
}

// arithmeticPlan announces the comparison after the course, and how to vary it.
func arithmeticPlan(d *paper.Dataset) paper.PlanUsed {
	used := planned(d)
	least := 4.0
	used.Content.Estimators = []plan.Estimator{plan.MixedModel, plan.PairedChange, plan.ANCOVA}
	used.Content.Sensitivity = []plan.Sensitivity{plan.RankBased, plan.RobustErrors}
	used.Content.Thresholds = []plan.Threshold{{Scale: "stress", MCID: &least, Reliability: plan.Reliability{Source: plan.SampleAlpha}}}
	return used
}
