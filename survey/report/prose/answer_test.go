package prose_test

import (
	"strings"
	"testing"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/plan"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/prose"
)

// measured is a paper with one outcome whose primary estimate is as given.
func measured(direction instrument.Direction, against string, e paper.Estimate, others ...paper.Estimate) *paper.Paper {
	e.Estimator, e.Population = plan.MixedModel, plan.Everybody
	p := &paper.Paper{
		Level: 0.95,
		Plan:  paper.PlanUsed{Content: plan.Plan{Alpha: 0.05}},
		Arms:  []paper.Arm{{Key: "a", Name: "Course"}},
		Waves: []paper.Wave{{Key: "t0", Name: "T0", Short: "T0", Kind: survey.WavePre}, {Key: "t1", Name: "T1", Short: "T1", Kind: survey.WavePost}},
		Outcomes: []paper.Outcome{{
			Scale:   report.Scale{Key: "x", Name: "Distress (total)", Label: "Distress", Direction: direction, Min: 0, Max: 40},
			Planned: plan.Outcome{Scale: "x", Pre: "t0", Post: "t1"}, Pre: "T0", Post: "T1",
			Arm: "Course", Against: against, Estimates: append([]paper.Estimate{e}, others...),
			G: analysis.Unknown(analysis.ReasonNoData),
		}},
	}
	if against != "" {
		p.Arms = append(p.Arms, paper.Arm{Key: "b", Name: against, Control: true})
	}
	return p
}

func estimate(v, low, high float64) paper.Estimate {
	return paper.Estimate{Value: analysis.Known(v), CI: analysis.NewInterval(low, high, 0.95)}
}

func without(why analysis.Reason) paper.Estimate {
	return paper.Estimate{Value: analysis.Unknown(why), CI: analysis.NoInterval(why, 0.95)}
}

func TestTheAnswerSaysWhatTheIntervalAllows(t *testing.T) {
	t.Parallel()
	pointless := estimate(-3, 0, 0)
	pointless.CI = analysis.NoInterval(analysis.ReasonTooFew2, 0.95)
	for name, c := range map[string]struct {
		p  *paper.Paper
		en string
		de string
	}{
		"less distress is better": {
			measured(instrument.LowerBetter, "", estimate(-3, -5, -1)),
			"From before to after the course, distress in the course group improved by 3.00 points on the scale from 0 to 40; the data are compatible with a change between 1.00 and 5.00 points (95% confidence interval), but without a comparison group nobody can tell how much of it is due to the course.",
			"Zwischen den Befragungen vor und nach dem Kurs verbesserten sich die Werte der Skala „Distress“ in der Gruppe „Course“ um 3,00 Punkte (Skala von 0 bis 40); mit den Daten vereinbar ist eine Veränderung zwischen 1,00 und 5,00 Punkten (95-%-Konfidenzintervall), doch ohne Vergleichsgruppe lässt sich nicht sagen, wie viel davon am Kurs liegt.",
		},
		"more distress is worse": {
			measured(instrument.LowerBetter, "Waiting list", estimate(3, 1, 5)),
			"From before to after the course, the change in distress was less favourable in the course group than in the waiting list group, by 3.00 points on the scale from 0 to 40; the data are compatible with a difference between 1.00 and 5.00 points (95% confidence interval).",
			"Zwischen den Befragungen vor und nach dem Kurs veränderten sich die Werte der Skala „Distress“ in der Gruppe „Course“ um 3,00 Punkte (Skala von 0 bis 40) ungünstiger als in der Gruppe „Waiting list“; mit den Daten vereinbar ist ein Unterschied zwischen 1,00 und 5,00 Punkten (95-%-Konfidenzintervall).",
		},
		"nothing may have happened between arms": {
			measured(instrument.LowerBetter, "Waiting list", estimate(-1, -3, 1)),
			"From before to after the course, no clear difference was found between the course group and the waiting list group in the change of distress: the estimate is 1.00 points in favour of the course group on the scale from 0 to 40, and the data are compatible with anything from 1.00 points in favour of the waiting list group to 3.00 points in favour of the course group (95% confidence interval).",
			"Zwischen den Befragungen vor und nach dem Kurs zeigte sich in der Veränderung der Skala „Distress“ kein klarer Unterschied zwischen der Gruppe „Course“ und der Gruppe „Waiting list“: Geschätzt wird ein Vorteil der Gruppe „Course“ von 1,00 Punkten (Skala von 0 bis 40), und mit den Daten vereinbar ist alles von einem Vorteil der Gruppe „Waiting list“ von 1,00 Punkten bis zu einem Vorteil der Gruppe „Course“ von 3,00 Punkten (95-%-Konfidenzintervall).",
		},
		"nothing may have happened within an arm": {
			measured(instrument.HigherBetter, "", estimate(0.5, -1, 2)),
			"From before to after the course, distress in the course group did not clearly change: the estimate is an improvement by 0.50 points on the scale from 0 to 40, and the data are compatible with anything from a worsening by 1.00 points to an improvement by 2.00 points (95% confidence interval).",
			"Zwischen den Befragungen vor und nach dem Kurs veränderten sich die Werte der Skala „Distress“ in der Gruppe „Course“ nicht klar: Geschätzt wird eine Verbesserung um 0,50 Punkte (Skala von 0 bis 40), und mit den Daten vereinbar ist alles von einer Verschlechterung um 1,00 Punkte bis zu einer Verbesserung um 2,00 Punkte (95-%-Konfidenzintervall).",
		},
		"no direction is better": {
			measured(instrument.Neutral, "", estimate(-3, -5, -1)),
			"From before to after the course, distress in the course group fell by 3.00 points on the scale from 0 to 40; the data are compatible with a change between 1.00 and 5.00 points (95% confidence interval), but without a comparison group nobody can tell how much of it is due to the course.",
			"Zwischen den Befragungen vor und nach dem Kurs sanken die Werte der Skala „Distress“ in der Gruppe „Course“ um 3,00 Punkte (Skala von 0 bis 40); mit den Daten vereinbar ist eine Veränderung zwischen 1,00 und 5,00 Punkten (95-%-Konfidenzintervall), doch ohne Vergleichsgruppe lässt sich nicht sagen, wie viel davon am Kurs liegt.",
		},
		"not estimable": {
			measured(instrument.HigherBetter, "Waiting list", without(analysis.ReasonEmptyGroup)),
			"How the change in distress from before to after the course differed between the course group and the waiting list group cannot be estimated: a group has no values.",
			"Wie sich die Veränderung auf der Skala „Distress“ zwischen den Befragungen vor und nach dem Kurs zwischen der Gruppe „Course“ und der Gruppe „Waiting list“ unterscheidet, lässt sich nicht schätzen: eine Gruppe hat keine Werte.",
		},
		"hidden": {
			measured(instrument.HigherBetter, "", without(report.ReasonTooFewPeople)),
			"So few people have answered that the results on distress are not shown, to protect them.",
			"Es haben so wenige Personen geantwortet, dass die Ergebnisse der Skala „Distress“ zu ihrem Schutz nicht gezeigt werden.",
		},
		"no interval": {
			measured(instrument.LowerBetter, "", pointless),
			"From before to after the course, the change in distress in the course group was an improvement by 3.00 points on the scale from 0 to 40, and how uncertain this is cannot be said: fewer than 2 values.",
			"Zwischen den Befragungen vor und nach dem Kurs wird für die Werte der Skala „Distress“ in der Gruppe „Course“ eine Verbesserung um 3,00 Punkte (Skala von 0 bis 40) geschätzt; wie unsicher das ist, lässt sich nicht sagen (weniger als 2 Werte).",
		},
		"nothing asked twice": {
			&paper.Paper{},
			"No questionnaire was answered both before and after the course, so there is no change to report.",
			"Kein Fragebogen wurde sowohl vor als auch nach dem Kurs beantwortet; über eine Veränderung lässt sich daher nichts berichten.",
		},
	} {
		for l, want := range map[prose.Language]string{prose.English: c.en, prose.German: c.de} {
			if got := prose.Write(c.p, l).Answer.String(); got != want {
				t.Errorf("%s, %s:\n got %s\nwant %s", name, l, got, want)
			}
		}
	}
}

// Only an arm that clearly moved by itself is said to have improved more than
// another one.
func TestMoreImprovementIsSaidOnlyOfWhoImproved(t *testing.T) {
	t.Parallel()
	p := measured(instrument.LowerBetter, "Waiting list", estimate(-3, -5, -1))
	arm := func(v, low, high float64) report.Outcome {
		return report.Outcome{Groups: []report.Change{{Group: "Course", Mean: analysis.Known(v), CI: analysis.NewInterval(low, high, 0.95)}}}
	}
	p.Outcomes[0].Change = arm(-2, -3, -1)
	if got := prose.Write(p, prose.English).Answer.String(); !strings.Contains(got, "improved more in the course group than") {
		t.Error(got)
	}
	p.Outcomes[0].Change = arm(1, -1, 3)
	if got := prose.Write(p, prose.English).Answer.String(); !strings.Contains(got, "more favourable in the course group than") {
		t.Error(got)
	}
}

func TestTheSupportCountsWhoAgrees(t *testing.T) {
	t.Parallel()
	ranks := estimate(1, 0.2, 2)
	ranks.Sensitivity = plan.RankBased
	other := estimate(-0.5, -2, 1)
	other.Estimator, other.Population = plan.ANCOVA, plan.Completers
	permuted := estimate(1, 0.5, 2)
	permuted.Sensitivity = plan.Permutation
	turned := measured(instrument.LowerBetter, "", estimate(-1, -2, -0.5), estimate(-1, -2, -0.2))
	if got, want := prose.Write(turned, prose.English).Support.String(),
		"The one other analysis of this question points in the same direction (1.00 points for the better), and its interval leaves out zero."; got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	for name, c := range map[string]struct {
		others []paper.Estimate
		en, de string
	}{
		"none": {nil, "", ""},
		"all clear": {
			[]paper.Estimate{estimate(1, 0.2, 2), estimate(2, 1, 3), permuted},
			"Both other analyses of this question point in the same direction (from 1.00 to 2.00 points), and the interval of each leaves out zero.",
			"Beide weiteren Auswertungen dieser Frage weisen in dieselbe Richtung (1,00 bis 2,00 Punkte), und ihre Intervalle schließen die Null aus.",
		},
		"one against": {
			[]paper.Estimate{ranks, other, without(report.ReasonTooFewPeople)},
			"Of two other analyses of this question, one points in the same direction (all: from −0.50 to 1.00 points); this one does not: the ANCOVA of those with both scores; the interval of one of them leaves out zero; one more could not be estimated or is not shown.",
			"Von zwei weiteren Auswertungen dieser Frage (−0,50 bis 1,00 Punkte) weist eine nicht in dieselbe Richtung: die Kovarianzanalyse mit allen, die beide Werte haben; eines ihrer Intervalle schließt die Null aus; eine weitere ließ sich nicht schätzen oder wird nicht gezeigt.",
		},
	} {
		p := measured(instrument.HigherBetter, "", estimate(1, 0.5, 2), c.others...)
		for l, want := range map[prose.Language]string{prose.English: c.en, prose.German: c.de} {
			if got := prose.Write(p, l).Support.String(); got != want {
				t.Errorf("%s, %s:\n got %s\nwant %s", name, l, got, want)
			}
		}
	}
}

// A plan whose primary outcome the data do not have is not said to be answered.
func TestAnotherOutcomeIsNotCalledThePrimaryOne(t *testing.T) {
	t.Parallel()
	p := measured(instrument.LowerBetter, "", estimate(-3, -5, -1))
	p.Plan.Version, p.Outcomes[0].As = 1, plan.Secondary
	for l, want := range map[prose.Language][2]string{
		prose.English: {"The data have no outcome that the plan calls primary", "The primary outcome was"},
		prose.German:  {"Die Daten enthalten keine Zielgröße, die der Plan primär nennt", "Primäre Zielgröße war"},
	} {
		if text := prose.Write(p, l).String(); !strings.Contains(text, want[0]) || strings.Contains(text, want[1]) {
			t.Error(text)
		}
	}
	p.Outcomes[0].As = plan.Primary
	if text := prose.Write(p, prose.English).String(); !strings.Contains(text, "The primary outcome was the change in distress") {
		t.Error(text)
	}
}
