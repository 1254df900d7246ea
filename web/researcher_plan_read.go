package web

import (
	"fmt"
	"strings"

	"tidemark/survey/plan"
)

// planSection is a part of a plan to read.
type planSection struct {
	Title string
	Lines []planLine
	Text  string // in place of lines
}

type planLine struct{ Name, Text string }

// planReader puts a plan in words.
type planReader struct {
	plan.Plan
	design plan.Design
}

// planSections are all of a plan in words.
func planSections(p plan.Plan, d plan.Design) []planSection {
	r := planReader{p, d}
	sections := []planSection{
		{Title: "Outcomes", Lines: r.outcomes()},
		{Title: "Who is analysed, and how", Lines: r.analysis()},
		{Title: "Missing answers", Lines: r.missing()},
		{Title: "When a change counts", Lines: r.thresholds()},
	}
	if p.Rationale != "" {
		sections = append(sections, planSection{Title: "Why", Text: p.Rationale})
	}
	return sections
}

func (r planReader) outcomes() []planLine {
	var lines []planLine
	for i, o := range r.Primary {
		lines = append(lines, planLine{ordinal("Primary", i, len(r.Primary)), r.outcome(o)})
	}
	for i, o := range r.Secondary {
		lines = append(lines, planLine{ordinal("Secondary", i, len(r.Secondary)), r.outcome(o)})
	}
	return lines
}

func ordinal(name string, i, n int) string {
	if n == 1 {
		return name
	}
	return fmt.Sprintf("%s %d", name, i+1)
}

// outcome says "Self-compassion (total), before → after: Course against Waiting
// list".
func (r planReader) outcome(o plan.Outcome) string {
	return fmt.Sprintf("%s, %s → %s: %s", r.scale(o.Scale), r.wave(o.Pre), r.wave(o.Post), lowerFirst(comparison(r.design, o.Arm, o.Against)))
}

// comparison says which arms an outcome compares.
func comparison(d plan.Design, arm, against string) string {
	name := func(key string) string {
		if a, ok := d.Arm(key); ok && a.Name != "" {
			return a.Name
		}
		return key
	}
	switch {
	case against != "":
		return name(arm) + " against " + name(against)
	case arm != "":
		return "Change within " + name(arm)
	default:
		return "Change of everyone"
	}
}

func (r planReader) scale(key string) string {
	if s, ok := r.design.Scale(key); ok {
		return s.Name
	}
	return key
}

func (r planReader) wave(key string) string {
	if w, _, ok := r.design.Wave(key); ok {
		return lowerFirst(w.Name)
	}
	return key
}

// lowerFirst begins a phrase within a sentence; a name such as "Course against
// Waiting list" keeps its capital.
func lowerFirst(s string) string {
	for _, begins := range []string{"Change ", "Before ", "After ", "Three "} {
		if strings.HasPrefix(s, begins) {
			return strings.ToLower(s[:1]) + s[1:]
		}
	}
	return s
}

func (r planReader) analysis() []planLine {
	var populations, estimators, covariates, groups, more []string
	for _, q := range r.Populations {
		words := planWords(q.Kind)
		if q.Kind == plan.PerProtocol {
			words += fmt.Sprintf(" (at least %s)", count(q.Sessions, "meeting", "meetings"))
		}
		populations = append(populations, words)
	}
	for _, e := range r.Estimators {
		estimators = append(estimators, planWords(e))
	}
	for _, v := range r.Covariates {
		covariates = append(covariates, r.known(string(v.Kind), v.Key))
	}
	for _, s := range r.Subgroups {
		words := r.known(string(s.Kind), s.Key)
		if s.Cut != nil {
			words += ", divided at " + numberText(*s.Cut)
		} else if s.Kind == plan.SubgroupScale {
			words += ", divided at the median"
		}
		groups = append(groups, words)
	}
	for _, s := range r.Sensitivity {
		more = append(more, planWords(s))
	}
	lines := []planLine{
		{"Population", first(populations)}, {"Beside it", others(populations)},
		{"Estimator", first(estimators)}, {"Beside it", others(estimators)},
		{"Mixed model", planWords(r.Model.Structure) + ", degrees of freedom by " + planWords(r.Model.DF)},
		{"Adjusted for", strings.Join(covariates, "; ")},
		{"Level of tests", fmt.Sprintf("α = %s, two-sided; intervals cover %s %%", numberText(r.Alpha), numberText(100*(1-r.Alpha)))},
		{"Several tests", fmt.Sprintf("primary outcomes: %s; secondary: %s; exploratory: %s", planWords(r.Multiplicity.Primary),
			planWords(r.Multiplicity.Secondary), planWords(r.Multiplicity.Exploratory))},
		{"Sensitivity", strings.Join(more, "; ")}, {"Subgroups", strings.Join(groups, "; ")},
	}
	return filled(lines)
}

// known names something known before the course.
func (r planReader) known(kind, key string) string {
	switch kind {
	case string(plan.CovariateRun):
		return "course run"
	case string(plan.CovariateScale):
		return r.scale(key) + " before the course"
	}
	return key
}

func (r planReader) missing() []planLine {
	var deltas []string
	for _, v := range r.Missing.Deltas {
		deltas = append(deltas, numberText(v))
	}
	lines := []planLine{
		{"Primary analysis", planWords(r.Missing.Strategy)},
		{"Multiple imputation", fmt.Sprintf("%d imputations, seed %d", r.Missing.Imputations, r.Missing.Seed)},
		{"Made worse by", strings.Join(deltas, ", ")},
	}
	if len(deltas) > 0 {
		lines[2].Text += " standard deviations of the score before the course"
	}
	return filled(lines)
}

func (r planReader) thresholds() []planLine {
	var lines []planLine
	for _, t := range r.Thresholds {
		parts := []string{"reliability: Cronbach’s α of this study before the course"}
		if t.Reliability.Source == plan.Published && t.Reliability.Value != nil {
			parts[0] = "reliability: " + numberText(*t.Reliability.Value)
			if t.Reliability.SD != nil {
				parts[0] += ", SD " + numberText(*t.Reliability.SD)
			}
			parts[0] += cited(t.Reliability.Citation)
		}
		if t.MCID != nil {
			parts = append([]string{"responders: better by at least " + numberText(*t.MCID) + " points" + cited(t.MCIDSource)}, parts...)
		}
		if t.Norm != nil {
			parts = append(parts, fmt.Sprintf("norm: M = %s, SD = %s%s", numberText(t.Norm.Mean), numberText(t.Norm.SD), cited(t.Norm.Citation)))
		}
		lines = append(lines, planLine{r.scale(t.Scale), strings.Join(parts, "; ")})
	}
	return lines
}

func cited(source string) string {
	if source == "" {
		return ""
	}
	return " (" + source + ")"
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

func others(list []string) string {
	if len(list) < 2 {
		return ""
	}
	return strings.Join(list[1:], "; ")
}

// filled leaves out lines without text.
func filled(lines []planLine) []planLine {
	var kept []planLine
	for _, l := range lines {
		if l.Text != "" {
			kept = append(kept, l)
		}
	}
	return kept
}
