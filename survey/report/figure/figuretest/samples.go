package figuretest

import (
	"math"
	"math/rand/v2"

	"tidemark/survey/report/figure"
)

// Sample is a figure and the name of the file it is looked at in.
type Sample struct {
	Name   string
	Figure figure.Figure
}

// Samples are all figures, ordinary and at their worst.
func Samples() []Sample {
	return append(Ordinary(), Worst()...)
}

// Ordinary is one of each figure as a report of a study of about ninety people
// shows it.
func Ordinary() []Sample {
	return []Sample{
		{"flow-2", Flow(2)},
		{"flow-1", Flow(1)},
		{"flow-4", Flow(4)},
		{"forest", Forest()},
		{"sensitivity", Sensitivity()},
		{"raincloud", Raincloud(86)},
		{"trajectory-2", Trajectory(2, "Before", "Week 4", "After", "3 months")},
		{"trajectory-4", Trajectory(4, "Before", "After", "3 months")},
		{"reliable", Reliable(86)},
		{"responders", Responders()},
		{"items", Items()},
		{"residuals", Residuals(300)},
		{"qq", figure.QQ{ID: "qq", Title: "Normal Q–Q: residuals", Sample: normals(300, 3), Label: "residual"}},
		{"qq-random", figure.QQ{ID: "qq-random", Title: "Normal Q–Q: random intercepts", Sample: normals(86, 4), Label: "random intercept"}},
		{"missingness", Missingness()},
		{"dose", Dose(86)},
		{"power", Power()},
	}
}

// normals are n numbers of a normal distribution, the same every time.
func normals(n int, seed uint64) []float64 {
	r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // pictures need no secrecy
	out := make([]float64, n)
	for i := range out {
		out[i] = r.NormFloat64()
	}
	return out
}

// scores are n scores of a scale from 1 to 5 in steps of a twelfth.
func scores(n int, mean, sd float64, seed uint64) []float64 {
	out := normals(n, seed)
	for i, z := range out {
		out[i] = math.Round(min(max(mean+sd*z, 1), 5)*12) / 12
	}
	return out
}

func known(value, half float64) figure.Estimate {
	return figure.Estimate{Value: value, Low: value - half, High: value + half}
}

func unknown() figure.Estimate {
	return figure.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
}

// Flow is a study of up to four arms.
func Flow(arms int) figure.Flow {
	f := figure.Flow{ID: "flow", Title: "Participant flow", Entry: []figure.FlowStep{
		{Label: "Assessed for eligibility", N: figure.Count{N: 130}},
		{Label: "Enrolled and allocated", N: figure.Count{N: 104}, Lost: []figure.FlowLoss{
			{Reason: "did not fulfil the criteria", N: figure.Count{N: 14}}, {Reason: "declined", N: figure.Count{N: 9}}, {Reason: "other reasons", N: figure.Count{N: 3}},
		}},
	}}
	for _, label := range []string{"Course", "Waiting list", "Course with booster sessions", "Self-help book"}[:arms] {
		f.Arms = append(f.Arms, figure.FlowArm{Label: label, Steps: []figure.FlowStep{
			{Label: "Allocated", N: figure.Count{N: 52}, Lost: []figure.FlowLoss{{Reason: "never came", N: figure.Count{N: 3}}}, LostLabel: "Did not receive it"},
			{Label: "After the course: answered", N: figure.Count{N: 43}, Lost: []figure.FlowLoss{
				{Reason: "withdrew", N: figure.Count{N: 4}}, {Reason: "let it pass", N: figure.Count{N: 5}},
			}},
			{Label: "3 months: answered", N: figure.Count{N: 38}, Lost: []figure.FlowLoss{
				{Reason: "withdrew", N: figure.Count{Below: 5}}, {Reason: "let it pass", N: figure.Count{N: 9}},
			}},
			{Label: "Analysed", N: figure.Count{N: 52}},
		}})
	}
	return f
}

// Forest is a table of outcomes as a forest plot.
func Forest() figure.Forest {
	return figure.Forest{
		ID: "forest", Title: "All outcomes", Measure: "Hedges’ g, course − waiting list, 95% interval",
		Left: "favours waiting list", Right: "favours course",
		Rows: []figure.ForestRow{
			{Label: "Self-compassion, total", Note: "n = 86", Estimate: figure.Estimate{Value: 0.62, Low: 0.31, High: 0.93}, Primary: true},
			{Label: "Resilience", Note: "n = 84", Estimate: figure.Estimate{Value: 0.39, Low: 0.07, High: 0.71}},
			{Label: "Motivation after a setback", Note: "n = 83", Estimate: figure.Estimate{Value: 0.20, Low: -0.11, High: 0.51}},
			{Label: "Self-judgement and shame (lower is better, turned round)", Note: "n = 86", Estimate: figure.Estimate{Value: 0.48, Low: 0.17, High: 0.79}},
			{Label: "Perceived stress", Note: "n = 12", Estimate: figure.Estimate{Value: 0.35, Low: -2.9, High: 3.6}},
			{Label: "Sick days", Estimate: unknown(), Reason: "the scores are constant"},
			{Label: "Well-being at follow-up", HiddenBelow: 10, Estimate: unknown()},
		},
	}
}

// Sensitivity is one estimate by six analyses.
func Sensitivity() figure.Sensitivity {
	return figure.Sensitivity{
		ID: "sensitivity", Title: "Does the answer hang on the analysis?", Measure: "difference in points (1 to 5)",
		Left: "favours waiting list", Right: "favours course",
		Analyses: []figure.Analysis{
			{Label: "Mixed model, everybody", N: 104, Estimate: known(0.49, 0.11), Primary: true},
			{Label: "MMRM, unstructured", N: 104, Estimate: known(0.50, 0.12)},
			{Label: "Completers only", N: 86, Estimate: known(0.62, 0.10)},
			{Label: "Multiple imputation (m = 50)", N: 104, Estimate: known(0.48, 0.13)},
			{Label: "ANCOVA, adjusted for baseline", N: 86, Estimate: known(0.55, 0.12)},
			{Label: "Baseline carried forward", N: 104, Estimate: known(0.41, 0.10)},
			{Label: "Per protocol: at least 6 of 8 meetings", Estimate: unknown(), Reason: "the covariance is singular"},
		},
	}
}

// Raincloud is the change of n people.
func Raincloud(n int) figure.Raincloud {
	pre, post := changes(n)
	return figure.Raincloud{
		ID: "raincloud", Title: "Everyone’s change", Pre: pre, Post: post, Min: 1, Max: 5,
		PreLabel: "Before", PostLabel: "After", MeanPre: known(2.6, 0.12), MeanPost: known(3.2, 0.14),
	}
}

// changes are scores before and after of n people, correlated.
func changes(n int) (pre, post []float64) {
	pre, noise := scores(n, 2.6, 0.6, 1), normals(n, 2)
	post = make([]float64, n)
	for i := range post {
		post[i] = math.Round(min(max(pre[i]*0.7+1.4+0.5*noise[i], 1), 5)*12) / 12
	}
	return pre, post
}

// Trajectory is the course of some arms over the waves.
func Trajectory(arms int, waves ...string) figure.Trajectory {
	t := figure.Trajectory{ID: "trajectory", Title: "Over all waves", Measure: "Self-compassion (1 to 5)", Min: 1, Max: 5, Waves: waves}
	gains := []float64{0.6, 0.1, 0.75, 0.35}
	for k, label := range []string{"Course", "Waiting list", "Course with booster sessions", "Self-help book"}[:arms] {
		a := figure.TrajectoryArm{Label: label}
		for i := range waves {
			share := min(float64(i)/2, 1)
			m := 2.6 + gains[k]*share
			a.Points = append(a.Points, figure.TrajectoryPoint{Model: known(m, 0.14), Observed: m + 0.06*share - 0.02*float64(k%2), N: 52 - 2*i})
		}
		t.Arms = append(t.Arms, a)
	}
	return t
}

// Reliable is the reliable change of n people.
func Reliable(n int) figure.ReliableScatter {
	r := figure.ReliableScatter{ID: "reliable", Title: "Change by more than measurement error", Min: 1, Max: 5, PreLabel: "Before", PostLabel: "After", Threshold: 0.73, Cutoff: 3.1}
	pre, post := changes(n)
	for i := range pre {
		p := figure.ScatterPerson{Pre: pre[i], Post: post[i], Class: figure.ClassUnchanged}
		switch d := p.Post - p.Pre; {
		case d >= r.Threshold && p.Pre < r.Cutoff && p.Post >= r.Cutoff:
			p.Class = figure.ClassRecovered
		case d >= r.Threshold:
			p.Class = figure.ClassImproved
		case d <= -r.Threshold:
			p.Class = figure.ClassWorse
		}
		r.People = append(r.People, p)
	}
	return r
}

func share(n, of int, half float64) figure.ResponderShare {
	v := float64(n) / float64(of)
	return figure.ResponderShare{N: figure.Count{N: n}, Share: figure.Estimate{Value: v, Low: max(v-half, 0), High: min(v+half, 1)}}
}

// Responders are the shares of two arms.
func Responders() figure.Responders {
	return figure.Responders{ID: "responders", Title: "Who changed", Arms: []figure.ResponderArm{
		{Label: "Course", N: 43, Improved: share(21, 43, 0.15), Unchanged: share(20, 43, 0.15), Worse: share(2, 43, 0.06)},
		{Label: "Waiting list", N: 43, Improved: share(6, 43, 0.1), Unchanged: share(31, 43, 0.13), Worse: share(6, 43, 0.1)},
	}}
}

// Items are twelve items of a questionnaire.
func Items() figure.ItemChange {
	f := figure.ItemChange{ID: "items", Title: "Item by item", Min: 1, Max: 5, PreLabel: "Before", PostLabel: "After"}
	for i, label := range []string{
		"SC01 patient with myself", "SC02 hard on myself", "SC03 others fail too", "SC04 alone with it", "SC05 keep it in view", "SC06 carried away",
		"SC07 kind in hard times", "SC08 judge my flaws", "SC09 part of being human", "SC10 cut off from the rest of the world", "SC11 balanced", "SC12 fixed on what is wrong",
	} {
		pre := 2.2 + 0.11*float64(i%5)
		f.Items = append(f.Items, figure.ItemMeans{Label: label, Pre: pre, Post: pre + 0.75 - 0.09*float64(i), Reversed: i%2 == 1})
	}
	return f
}

// Residuals are n residuals of a model that fits.
func Residuals(n int) figure.Residuals {
	fitted, noise := normals(n, 5), normals(n, 6)
	for i := range fitted {
		fitted[i], noise[i] = 2.9+0.4*fitted[i], 0.45*noise[i]
	}
	return figure.Residuals{ID: "residuals", Title: "Residuals against fitted values", Fitted: fitted, Residual: noise}
}

// Missingness are the patterns of five waves.
func Missingness() figure.Missingness {
	y, n := true, false
	return figure.Missingness{ID: "missing", Title: "Who answered which wave", Waves: []string{"Before", "Week 4", "After", "3 months", "6 months"}, Patterns: []figure.MissingPattern{
		{Answered: []bool{y, y, y, y, y}, N: figure.Count{N: 58}},
		{Answered: []bool{y, y, y, y, n}, N: figure.Count{N: 14}},
		{Answered: []bool{y, y, n, n, n}, N: figure.Count{N: 12}},
		{Answered: []bool{y, n, n, n, n}, N: figure.Count{N: 11}},
		{Answered: []bool{y, y, n, y, y}, N: figure.Count{N: 6}},
		{Answered: []bool{y, n, y, y, n}, N: figure.Count{N: 3}},
	}}
}

// Dose is the change of n people against their practice.
func Dose(n int) figure.Dose {
	noise, practice := normals(n, 7), normals(n, 8)
	f := figure.Dose{ID: "dose", Title: "Practice and change", AmountLabel: "practice (hours over the course)", ChangeLabel: "change in self-compassion (points)", Slope: "+0.03 points per hour"}
	for i := range noise {
		hours := 9 + 5*practice[i]
		if hours < 0 {
			hours = -hours
		}
		f.Amount = append(f.Amount, hours)
		f.Change = append(f.Change, 0.3+0.03*hours+0.4*noise[i])
	}
	for x := 0.0; x <= 20; x += 2 {
		half := 0.1 + 0.004*(x-9)*(x-9)/2
		f.Fit = append(f.Fit, figure.FitPoint{X: x, Mean: known(0.3+0.03*x, half)})
	}
	return f
}

// Power are three effects.
func Power() figure.PowerCurve {
	f := figure.PowerCurve{ID: "power", Title: "What this design could have found", Target: 0.8, DesignN: 104}
	for _, e := range []struct {
		label string
		d     float64
	}{{"d = 0.8", 0.8}, {"d = 0.5", 0.5}, {"d = 0.2", 0.2}} {
		c := figure.PowerLine{Label: e.label}
		for n := 10; n <= 200; n += 10 {
			// Power of a two-sided z test between two halves.
			z := e.d*math.Sqrt(float64(n)/4) - 1.96
			c.Points = append(c.Points, figure.PowerPoint{N: n, Power: 0.5 * math.Erfc(-z/math.Sqrt2)})
		}
		f.Curves = append(f.Curves, c)
	}
	return f
}
