package figure_test

import (
	"pgregory.net/rapid"

	"tidemark/survey/report/figure"
)

func anyCount() *rapid.Generator[figure.Count] {
	return rapid.Custom(func(t *rapid.T) figure.Count {
		return figure.Count{N: rapid.IntRange(-1, 1e6).Draw(t, "n"), Below: rapid.SampledFrom([]int{0, 0, 5}).Draw(t, "below")}
	})
}

// anyReportFigure draws one of the figures of a report with anything in it.
func anyReportFigure() *rapid.Generator[figure.Figure] {
	return rapid.OneOf(anyFlow(), anyForest(), anySensitivity(), anyTrajectory(), anyScatter(), anyResponders(), anyItems(), anyDiagnostic(), anyMissingness(), anyDose(), anyPower())
}

func make1[F figure.Figure](fill func(t *rapid.T) F) *rapid.Generator[figure.Figure] {
	return rapid.Custom(func(t *rapid.T) figure.Figure { return fill(t) })
}

func anyFlow() *rapid.Generator[figure.Figure] {
	steps := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.FlowStep {
		return figure.FlowStep{Label: rapid.String().Draw(t, "step"), N: anyCount().Draw(t, "n"), Lost: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.FlowLoss {
			return figure.FlowLoss{Reason: rapid.String().Draw(t, "reason"), N: anyCount().Draw(t, "lost")}
		}), 0, 3).Draw(t, "losses")}
	}), 0, 4)
	return make1(func(t *rapid.T) figure.Flow {
		return figure.Flow{Entry: steps.Draw(t, "entry"), Arms: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.FlowArm {
			return figure.FlowArm{Label: rapid.String().Draw(t, "arm"), Steps: steps.Draw(t, "steps")}
		}), 0, 5).Draw(t, "arms")}
	})
}

func anyForest() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.Forest {
		return figure.Forest{
			Measure: rapid.String().Draw(t, "measure"), NoEffect: anyFloat().Draw(t, "no effect"), Left: rapid.String().Draw(t, "left"), Right: rapid.String().Draw(t, "right"),
			Low: anyFloat().Draw(t, "low"), High: anyFloat().Draw(t, "high"),
			Rows: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.ForestRow {
				return figure.ForestRow{
					Label: rapid.String().Draw(t, "label"), Note: rapid.String().Draw(t, "note"), Estimate: anyEstimate().Draw(t, "estimate"),
					Primary: rapid.Bool().Draw(t, "primary"), Reason: rapid.String().Draw(t, "reason"), HiddenBelow: anyCount().Draw(t, "hidden").Below,
				}
			}), 0, 8).Draw(t, "rows"),
		}
	})
}

func anySensitivity() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.Sensitivity {
		return figure.Sensitivity{NoEffect: anyFloat().Draw(t, "no effect"), Analyses: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.Analysis {
			return figure.Analysis{Label: rapid.String().Draw(t, "label"), Estimate: anyEstimate().Draw(t, "estimate"), Primary: rapid.Bool().Draw(t, "primary"), N: 3}
		}), 0, 6).Draw(t, "analyses")}
	})
}

func anyTrajectory() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.Trajectory {
		return figure.Trajectory{
			Measure: rapid.String().Draw(t, "measure"), Min: anyFloat().Draw(t, "min"), Max: anyFloat().Draw(t, "max"), Waves: rapid.SliceOfN(rapid.String(), 0, 14).Draw(t, "waves"),
			Arms: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.TrajectoryArm {
				return figure.TrajectoryArm{Label: rapid.StringN(0, 40, 200).Draw(t, "arm"), Points: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.TrajectoryPoint {
					return figure.TrajectoryPoint{Model: anyEstimate().Draw(t, "model"), Observed: anyFloat().Draw(t, "observed"), N: 12, Hidden: rapid.Bool().Draw(t, "hidden")}
				}), 0, 14).Draw(t, "points")}
			}), 0, 4).Draw(t, "arms"),
		}
	})
}

func anyScatter() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.ReliableScatter {
		return figure.ReliableScatter{
			Min: anyFloat().Draw(t, "min"), Max: anyFloat().Draw(t, "max"), Threshold: anyFloat().Draw(t, "threshold"), Cutoff: anyFloat().Draw(t, "cutoff"),
			LowerIsBetter: rapid.Bool().Draw(t, "lower"), PreLabel: rapid.String().Draw(t, "pre label"),
			People: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.ScatterPerson {
				return figure.ScatterPerson{Pre: anyFloat().Draw(t, "pre"), Post: anyFloat().Draw(t, "post"), Class: rapid.SampledFrom([]figure.ChangeClass{"", "better", figure.ClassWorse, figure.ClassRecovered}).Draw(t, "class")}
			}), 0, 20).Draw(t, "people"),
		}
	})
}

func anyResponders() *rapid.Generator[figure.Figure] {
	share := rapid.Custom(func(t *rapid.T) figure.ResponderShare {
		return figure.ResponderShare{N: anyCount().Draw(t, "n"), Share: anyEstimate().Draw(t, "share")}
	})
	return make1(func(t *rapid.T) figure.Responders {
		return figure.Responders{Arms: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.ResponderArm {
			return figure.ResponderArm{Label: rapid.String().Draw(t, "arm"), N: 10, Improved: share.Draw(t, "improved"), Unchanged: share.Draw(t, "unchanged"), Worse: share.Draw(t, "worse")}
		}), 0, 4).Draw(t, "arms")}
	})
}

func anyItems() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.ItemChange {
		return figure.ItemChange{
			Min: anyFloat().Draw(t, "min"), Max: anyFloat().Draw(t, "max"), PreLabel: rapid.String().Draw(t, "pre label"),
			Items: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.ItemMeans {
				return figure.ItemMeans{Label: rapid.String().Draw(t, "item"), Pre: anyFloat().Draw(t, "pre"), Post: anyFloat().Draw(t, "post"), Reversed: rapid.Bool().Draw(t, "reversed")}
			}), 0, 12).Draw(t, "items"),
		}
	})
}

func anyDiagnostic() *rapid.Generator[figure.Figure] {
	values := rapid.SliceOfN(anyFloat(), 0, 40)
	return make1(func(t *rapid.T) figure.Figure {
		if rapid.Bool().Draw(t, "qq") {
			return figure.QQ{Sample: values.Draw(t, "sample"), Label: rapid.String().Draw(t, "label")}
		}
		return figure.Residuals{Fitted: values.Draw(t, "fitted"), Residual: values.Draw(t, "residual")}
	})
}

func anyMissingness() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.Missingness {
		return figure.Missingness{Waves: rapid.SliceOfN(rapid.String(), 0, 14).Draw(t, "waves"), Patterns: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.MissingPattern {
			return figure.MissingPattern{Answered: rapid.SliceOfN(rapid.Bool(), 0, 14).Draw(t, "answered"), N: anyCount().Draw(t, "n")}
		}), 0, 8).Draw(t, "patterns")}
	})
}

func anyDose() *rapid.Generator[figure.Figure] {
	values := rapid.SliceOfN(anyFloat(), 0, 20)
	return make1(func(t *rapid.T) figure.Dose {
		return figure.Dose{
			Amount: values.Draw(t, "amount"), Change: values.Draw(t, "change"), Slope: rapid.String().Draw(t, "slope"),
			Fit: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.FitPoint {
				return figure.FitPoint{X: anyFloat().Draw(t, "x"), Mean: anyEstimate().Draw(t, "mean")}
			}), 0, 6).Draw(t, "fit"),
		}
	})
}

func anyPower() *rapid.Generator[figure.Figure] {
	return make1(func(t *rapid.T) figure.PowerCurve {
		return figure.PowerCurve{
			Target: anyFloat().Draw(t, "target"), DesignN: rapid.IntRange(-1, 1e6).Draw(t, "design"),
			Curves: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.PowerLine {
				return figure.PowerLine{Label: rapid.String().Draw(t, "label"), Points: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) figure.PowerPoint {
					return figure.PowerPoint{N: rapid.IntRange(-1, 1e6).Draw(t, "n"), Power: anyFloat().Draw(t, "power")}
				}), 0, 6).Draw(t, "points")}
			}), 0, 5).Draw(t, "curves"),
		}
	})
}
