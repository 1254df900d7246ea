package web

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/plan"
)

// How a plan is a form: each field has the name that plan.Check gives its faults,
// but for the arms of an outcome, which are one choice. Numbers stay the text that
// was typed until they are read, so that a wrong one is shown again as it was.

// spare is how many empty outcomes a form offers beyond those that are filled.
const (
	sparePrimary   = 1
	spareSecondary = 3
)

// planValues is a plan as a filled form.
func planValues(p plan.Plan, d plan.Design) url.Values {
	v := url.Values{}
	writeOutcomes(v, "primary", p.Primary)
	writeOutcomes(v, "secondary", p.Secondary)
	for i, q := range p.Populations {
		if i == 0 {
			v.Set("population", string(q.Kind))
		}
		v.Add("populations", string(q.Kind))
		if q.Kind == plan.PerProtocol {
			v.Set("sessions", strconv.Itoa(q.Sessions))
		}
	}
	for i, e := range p.Estimators {
		if i == 0 {
			v.Set("estimator", string(e))
		}
		v.Add("estimators", string(e))
	}
	v.Set("structure", string(p.Model.Structure))
	v.Set("df", string(p.Model.DF))
	for _, c := range p.Covariates {
		v.Add("covariates", knownValue(string(c.Kind), c.Key, nil))
	}
	v.Set("alpha", numberText(p.Alpha))
	v.Set("multiplicity_primary", string(p.Multiplicity.Primary))
	v.Set("multiplicity_secondary", string(p.Multiplicity.Secondary))
	v.Set("multiplicity_exploratory", string(p.Multiplicity.Exploratory))
	v.Set("strategy", string(p.Missing.Strategy))
	v.Set("imputations", strconv.Itoa(p.Missing.Imputations))
	v.Set("seed", strconv.FormatInt(p.Missing.Seed, 10))
	v.Set("deltas", numberList(p.Missing.Deltas))
	for _, s := range p.Sensitivity {
		v.Add("sensitivity", string(s))
	}
	for _, s := range p.Subgroups {
		v.Add("subgroups", knownValue(string(s.Kind), s.Key, s.Cut))
	}
	writeThresholds(v, p, d)
	v.Set("rationale", p.Rationale)
	return v
}

func writeOutcomes(v url.Values, list string, outcomes []plan.Outcome) {
	for i, o := range outcomes {
		field := fmt.Sprintf("%s_%d_", list, i)
		v.Set(field+"scale", o.Scale)
		v.Set(field+"pre", o.Pre)
		v.Set(field+"post", o.Post)
		v.Set(field+"against", compareValue(o.Arm, o.Against))
	}
}

// compareValue is the arms of an outcome as one choice.
func compareValue(arm, against string) string { return arm + "|" + against }

// knownValue is something known before the course as one choice.
func knownValue(kind, key string, cut *float64) string {
	value := kind
	if key != "" || cut != nil {
		value += "|" + key
	}
	if cut != nil {
		value += "|" + numberText(*cut)
	}
	return value
}

func numberList(list []float64) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = numberText(v)
	}
	return strings.Join(texts, ", ")
}

// writeThresholds fills in those of the plan, and empty ones of the other main
// scales.
func writeThresholds(v url.Values, p plan.Plan, d plan.Design) {
	all := slices.Clone(p.Thresholds)
	for _, s := range d.Scales {
		if _, there := p.Threshold(s.Key); !there && !s.Part {
			all = append(all, plan.Threshold{Scale: s.Key, Reliability: plan.Reliability{Source: plan.SampleAlpha}})
		}
	}
	optional := func(field string, value *float64) {
		if value != nil {
			v.Set(field, numberText(*value))
		}
	}
	for i, t := range all {
		field := fmt.Sprintf("threshold_%d_", i)
		v.Set(field+"scale", t.Scale)
		optional(field+"mcid", t.MCID)
		v.Set(field+"mcid_source", t.MCIDSource)
		v.Set(field+"source", string(t.Reliability.Source))
		optional(field+"value", t.Reliability.Value)
		optional(field+"sd", t.Reliability.SD)
		v.Set(field+"citation", t.Reliability.Citation)
		if t.Norm != nil {
			optional(field+"norm_mean", &t.Norm.Mean)
			optional(field+"norm_sd", &t.Norm.SD)
			v.Set(field+"norm_citation", t.Norm.Citation)
		}
	}
}

// planForm reads a form as a plan.
type planForm struct {
	url.Values
	faults survey.FieldErrors
}

// planOf reads a form, and what in it is no number. Outcomes close up: of a row
// left empty in between nothing is left, in the values either.
func planOf(values url.Values) (plan.Plan, survey.FieldErrors) {
	f := planForm{values, survey.FieldErrors{}}
	p := plan.Plan{
		Schema: plan.Schema, Primary: f.outcomes("primary", plan.MaxPrimary+sparePrimary),
		Secondary:   f.outcomes("secondary", plan.MaxSecondary+spareSecondary),
		Populations: f.populations(),
		Estimators:  chosenFirst(plan.Estimators(), plan.Estimator(f.Get("estimator")), f.Values["estimators"]),
		Model:       plan.Model{Structure: plan.Structure(f.Get("structure")), DF: plan.DF(f.Get("df"))},
		Alpha:       f.number("alpha", "plan.bad_alpha"),
		Multiplicity: plan.Multiplicity{
			Primary: plan.Adjustment(f.Get("multiplicity_primary")), Secondary: plan.Adjustment(f.Get("multiplicity_secondary")),
			Exploratory: plan.Adjustment(f.Get("multiplicity_exploratory")),
		},
		Missing: plan.Missing{
			Strategy: plan.Strategy(f.Get("strategy")), Imputations: int(f.integer("imputations", "plan.bad_imputations")),
			Seed: f.integer("seed", "plan.bad_seed"), Deltas: f.deltas(),
		},
		Sensitivity: chosenFirst(plan.Sensitivities(), "", f.Values["sensitivity"]),
		Thresholds:  f.thresholds(),
		Rationale:   strings.TrimSpace(f.Get("rationale")),
	}
	for _, value := range f.Values["covariates"] {
		kind, key, _ := strings.Cut(value, "|")
		p.Covariates = append(p.Covariates, plan.Covariate{Kind: plan.CovariateKind(kind), Key: key})
	}
	for _, value := range f.Values["subgroups"] {
		kind, key, _ := strings.Cut(value, "|")
		key, cut, hasCut := strings.Cut(key, "|")
		g := plan.Subgroup{Kind: plan.SubgroupKind(kind), Key: key}
		if hasCut {
			v, err := strconv.ParseFloat(cut, 64)
			if err != nil {
				f.faults["subgroups"] = "plan.bad_number"
			}
			g.Cut = &v
		}
		p.Subgroups = append(p.Subgroups, g)
	}
	return p, f.faults
}

func (f planForm) outcomes(list string, most int) []plan.Outcome {
	var outcomes []plan.Outcome
	for i := range most {
		field := fmt.Sprintf("%s_%d_", list, i)
		arm, against, _ := strings.Cut(f.Get(field+"against"), "|")
		o := plan.Outcome{Scale: f.Get(field + "scale"), Pre: f.Get(field + "pre"), Post: f.Get(field + "post"), Arm: arm, Against: against}
		for _, name := range []string{"scale", "pre", "post", "against"} {
			f.Del(field + name)
		}
		if o.Scale != "" {
			outcomes = append(outcomes, o)
		}
	}
	writeOutcomes(f.Values, list, outcomes)
	return outcomes
}

func (f planForm) populations() []plan.Population {
	kinds := chosenFirst(plan.Populations(), plan.PopulationKind(f.Get("population")), f.Values["populations"])
	all := make([]plan.Population, len(kinds))
	for i, k := range kinds {
		all[i].Kind = k
		if k == plan.PerProtocol {
			all[i].Sessions = int(f.integer("sessions", "plan.bad_sessions"))
		}
	}
	return all
}

// chosenFirst is the first choice and then the others that were ticked, in the
// order in which they are offered; what is not offered is kept, to be found.
func chosenFirst[T ~string](offered []T, one T, ticked []string) []T {
	var list []T
	if one != "" {
		list = append(list, one)
	}
	for _, v := range offered {
		if v != one && slices.Contains(ticked, string(v)) {
			list = append(list, v)
		}
	}
	for _, v := range ticked {
		if !slices.Contains(offered, T(v)) {
			list = append(list, T(v))
		}
	}
	return list
}

func (f planForm) thresholds() []plan.Threshold {
	var all []plan.Threshold
	for i := range plan.MaxThresholds {
		field := fmt.Sprintf("threshold_%d_", i)
		scale := f.Get(field + "scale")
		if scale == "" {
			return all
		}
		t := plan.Threshold{
			Scale: scale, MCID: f.optional(field+"mcid", "plan.bad_mcid"), MCIDSource: strings.TrimSpace(f.Get(field + "mcid_source")),
			Reliability: plan.Reliability{
				Source: plan.ReliabilitySource(f.Get(field + "source")), Value: f.optional(field+"value", "plan.bad_reliability"),
				SD: f.optional(field+"sd", "plan.bad_sd"), Citation: strings.TrimSpace(f.Get(field + "citation")),
			},
		}
		mean, sd := f.optional(field+"norm_mean", "plan.bad_number"), f.optional(field+"norm_sd", "plan.bad_sd")
		switch {
		case mean != nil && sd != nil:
			t.Norm = &plan.Norm{Mean: *mean, SD: *sd, Citation: strings.TrimSpace(f.Get(field + "norm_citation"))}
		case mean != nil && f.Get(field+"norm_sd") == "":
			f.faults[field+"norm_sd"] = "plan.norm_incomplete"
		case sd != nil && f.Get(field+"norm_mean") == "":
			f.faults[field+"norm_mean"] = "plan.norm_incomplete"
		}
		all = append(all, t)
	}
	return all
}

// decimal reads a number as people write it, also with a comma.
func decimal(text string) (float64, error) {
	return strconv.ParseFloat(strings.Replace(strings.TrimSpace(text), ",", ".", 1), 64)
}

func (f planForm) number(field, fault string) float64 {
	v, err := decimal(f.Get(field))
	if err != nil {
		f.faults[field] = fault
	}
	return v
}

func (f planForm) integer(field, fault string) int64 {
	v, err := strconv.ParseInt(strings.TrimSpace(f.Get(field)), 10, 64)
	if err != nil {
		f.faults[field] = fault
	}
	return v
}

// optional is a number, or nil for an empty field.
func (f planForm) optional(field, fault string) *float64 {
	if strings.TrimSpace(f.Get(field)) == "" {
		return nil
	}
	v := f.number(field, fault)
	return &v
}

// deltas reads "0.2, 0.5" or, where a comma is a decimal sign, "0,2; 0,5".
func (f planForm) deltas() []float64 {
	text := f.Get("deltas")
	separator := ","
	if strings.Contains(text, ";") {
		separator = ";"
	}
	var list []float64
	for part := range strings.SplitSeq(text, separator) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		v, err := decimal(part)
		if err != nil {
			f.faults["deltas"] = "plan.bad_deltas"
		}
		list = append(list, v)
	}
	return list
}
