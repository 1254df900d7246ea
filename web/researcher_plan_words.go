package web

import (
	"fmt"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// planWords names the choices of a plan; a choice without words is shown as it is
// stored.
func planWords[T ~string](choice T) string {
	words := map[string]string{
		string(plan.Everybody): "Everybody enrolled", string(plan.Completers): "Completers",
		string(plan.PerProtocol): "Per protocol",

		string(plan.MixedModel): "Mixed model", string(plan.PairedChange): "Mean change of completers",
		string(plan.ANCOVA): "ANCOVA", string(plan.MultipleImputation): "Multiple imputation",

		string(plan.RandomIntercept): "People differ in level (random intercept)",
		string(plan.RandomSlope):     "People differ in level and in change (random slope)",
		string(plan.Unstructured):    "Any correlation of the surveys (unstructured, MMRM)",

		string(plan.Satterthwaite): "Satterthwaite", string(plan.KenwardRoger): "Kenward–Roger (for fewer than about 30 people)",

		string(plan.Holm): "Holm", string(plan.BenjaminiHochberg): "Benjamini–Hochberg", string(plan.Unadjusted): "Not adjusted",

		string(plan.Likelihood): "Use every answer under the model (maximum likelihood)", string(plan.CompleteCases): "Leave out people without it",

		string(plan.DeltaAdjusted): "Missing scores are worse than predicted",
		string(plan.RankBased):     "Ranks instead of means", string(plan.Permutation): "Permutation test",
		string(plan.RobustErrors):      "Standard errors that allow unequal spread (HC3)",
		string(plan.MissingNoResponse): "Whoever did not answer did not respond",
	}
	if w, ok := words[string(choice)]; ok {
		return w
	}
	return string(choice)
}

// planHints explain in a sentence what a choice means.
func planHints[T ~string](choice T) string {
	return map[string]string{
		string(plan.Everybody):   "As they were allocated, whatever they did afterwards. It answers: does it help to be offered the course?",
		string(plan.Completers):  "People with the score before and after. It leaves out whoever stopped, who may have fared worse.",
		string(plan.PerProtocol): "People who came to enough meetings. It answers: does it help to take part? But those who come differ from those who do not.",

		string(plan.MixedModel):         "Uses every answer of everybody, also of people who stopped on the way.",
		string(plan.PairedChange):       "The plain mean of after minus before.",
		string(plan.ANCOVA):             "Compares the groups after the course at equal scores before it.",
		string(plan.MultipleImputation): "Fills each gap many times with plausible values and pools the results.",

		string(plan.DeltaAdjusted):     "Repeats the analysis with missing scores made worse step by step, to see when the answer would change.",
		string(plan.RankBased):         "Wilcoxon and Mann–Whitney: outliers and skew matter less.",
		string(plan.Permutation):       "The p-value comes from reshuffling, not from a normal curve.",
		string(plan.RobustErrors):      "For when one group's scores spread more than the other's.",
		string(plan.MissingNoResponse): "The strictest count of who responded.",
	}[string(choice)]
}

// standingWords labels a result by how it stands to the locked plan.
func standingWords(s plan.Standing) string {
	switch s {
	case plan.Primary:
		return "primary outcome of the plan"
	case plan.Secondary:
		return "secondary outcome of the plan"
	case plan.Varied:
		return "sensitivity analysis of the plan"
	case plan.InSubgroup:
		return "subgroup of the plan"
	case plan.Exploratory:
		return "exploratory: not in a locked plan"
	}
	return ""
}

// lockWords says when a plan was locked, by whom, and what there was to see then.
func lockWords(l survey.PlanLock) string {
	seen := "before any questionnaire after the course had been submitted"
	if !l.Seen.NoOutcome() {
		seen = fmt.Sprintf("after %s of %s had been received", count(l.Seen.PostSubmitted, "post-course questionnaire", "post-course questionnaires"),
			count(l.Seen.PostPeople, "person", "people"))
	}
	return fmt.Sprintf("Locked on %s UTC by %s, %s%s.", l.At.UTC().Format("2 January 2006, 15:04"), l.By.Name, seen, lookWords(l.Seen, "had"))
}

// lookWords says how often somebody had looked, or has.
func lookWords(s survey.DataSeen, had string) string {
	switch {
	case s.Unseen() && had == "had":
		return " and before anyone had opened results or exported data"
	case s.Unseen():
		return ", and nobody has opened results or exported data"
	}
	var looks []string
	if s.ReportsOpened > 0 {
		looks = append(looks, "results "+had+" been opened "+times(s.ReportsOpened))
	}
	if s.Exports > 0 {
		looks = append(looks, "data "+had+" been exported "+times(s.Exports))
	}
	joint := " and "
	if s.NoOutcome() {
		joint = "; "
	}
	return joint + strings.Join(looks, " and ")
}

func count(n int, one, many string) string { return strconv.Itoa(n) + " " + plural(n, one, many) }

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return count(n, "time", "times")
}
