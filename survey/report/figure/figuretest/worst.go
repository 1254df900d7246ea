package figuretest

import (
	"math"

	"tidemark/survey/report/figure"
)

const longName = "Donaudampfschifffahrtsgesellschaft: Selbstmitgefühl nach einem Rückschlag (Übungsgruppe, α ≥ .70, −1 × SD)"

// Worst are figures at their worst.
func Worst() []Sample {
	return append(append(empty(), long()...), crowded()...)
}

func empty() []Sample {
	nan := math.NaN()
	return []Sample{
		{"empty-flow", figure.Flow{}},
		{"empty-forest", figure.Forest{}},
		{"hidden-forest", figure.Forest{HiddenBelow: 10, Rows: Forest().Rows}},
		{"empty-trajectory", figure.Trajectory{Waves: []string{"Before", "After"}, Arms: []figure.TrajectoryArm{{Label: "Course"}}}},
		{"one-reliable", figure.ReliableScatter{Min: 1, Max: 5, Threshold: nan, Cutoff: nan, People: []figure.ScatterPerson{{Pre: 2, Post: 4}}}},
		{"one-item", figure.ItemChange{Min: 1, Max: 5, Items: []figure.ItemMeans{{Label: "SC01", Pre: 2, Post: nan}}}},
		{"one-residual", figure.Residuals{Fitted: []float64{3}, Residual: []float64{0}}},
		{"constant-qq", figure.QQ{Sample: []float64{1, 1, 1, 1}}},
		{"one-missing", figure.Missingness{Waves: []string{"Before"}, Patterns: []figure.MissingPattern{{N: figure.Count{Below: 5}}}}},
		{"one-dose", figure.Dose{Amount: []float64{3}, Change: []float64{1}}},
		{"one-power", figure.PowerCurve{DesignN: 40, Curves: []figure.PowerLine{{Label: "d = 0.5", Points: []figure.PowerPoint{{N: 40, Power: 0.34}}}}}},
		{"one-arm-responders", figure.Responders{Arms: []figure.ResponderArm{{
			Label: "Course", N: 9, Improved: figure.ResponderShare{N: figure.Count{Below: 5}}, Unchanged: figure.ResponderShare{N: figure.Count{N: 6}, Share: unknown()},
			Worse: figure.ResponderShare{N: figure.Count{Below: 5}},
		}}}},
	}
}

func long() []Sample {
	flow := Flow(3)
	for i := range flow.Arms {
		flow.Arms[i].Label = longName
		flow.Arms[i].Steps[1].Label = longName
		flow.Arms[i].Steps[1].Lost[0].Reason = longName
	}
	flow.Entry[1].Lost[0].Reason = longName
	forest := Forest()
	forest.Rows[0].Label, forest.Rows[1].Note, forest.Rows[5].Reason = longName, longName, longName
	forest.Measure, forest.Left, forest.Right = longName, longName, longName
	trajectory := Trajectory(2, longName, "After", longName)
	trajectory.Arms[0].Label, trajectory.Arms[1].Label, trajectory.Measure = longName, longName, longName
	items := Items()
	items.Items[0].Label, items.PreLabel, items.PostLabel = longName, longName, longName
	responders := Responders()
	responders.Arms[0].Label, responders.Improved = longName, longName
	missing := Missingness()
	missing.Waves[1] = longName
	dose := Dose(20)
	dose.AmountLabel, dose.ChangeLabel, dose.Slope = longName, longName, longName
	power := Power()
	power.Curves[0].Label, power.PeopleLabel = longName, longName
	reliable := Reliable(30)
	reliable.PreLabel, reliable.PostLabel = longName, longName
	return []Sample{
		{"long-flow", flow}, {"long-forest", forest}, {"long-trajectory", trajectory}, {"long-items", items},
		{"long-responders", responders}, {"long-missingness", missing}, {"long-dose", dose}, {"long-power", power}, {"long-reliable", reliable},
	}
}

func crowded() []Sample {
	waves := []string{"Pre", "W1", "W2", "W3", "W4", "W5", "W6", "W7", "W8", "Post", "3 mo", "6 mo", "12 mo", "24 mo"}
	missing := figure.Missingness{Waves: waves}
	for k := range waves {
		p := figure.MissingPattern{N: figure.Count{N: 400 / (k + 1)}, Answered: make([]bool, len(waves))}
		for i := range p.Answered {
			p.Answered[i] = i < len(waves)-k
		}
		missing.Patterns = append(missing.Patterns, p)
	}
	same := Trajectory(4, waves...)
	for k := range same.Arms {
		same.Arms[k].Points = same.Arms[0].Points
	}
	lower := Reliable(400)
	lower.LowerIsBetter = true
	for i, p := range lower.People {
		p.Pre, p.Post = 6-p.Pre, 6-p.Post
		lower.People[i] = p
	}
	lower.Cutoff = 2.9
	return []Sample{
		{"crowd-raincloud", Raincloud(2000)},
		{"crowd-reliable", lower},
		{"crowd-trajectory", Trajectory(4, waves...)},
		{"crowd-same-trajectory", same},
		{"crowd-missingness", missing},
		{"crowd-residuals", Residuals(20000)},
		{"crowd-qq", figure.QQ{ID: "qq", Sample: normals(20000, 9), Label: "residual"}},
		{"crowd-dose", Dose(3000)},
	}
}
