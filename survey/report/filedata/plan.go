package filedata

import (
	"fmt"
	"slices"
	"strings"

	"tidemark/survey/plan"
	"tidemark/survey/report/sheet"
)

// Plan is a plan to begin from: the first outcome after the course is primary,
// compared between the groups when two are.
func (f *File) Plan() plan.Plan {
	p := plan.Default(f.Data.Design())
	if len(p.Primary) > 0 && p.Primary[0].Against == "" {
		// ANCOVA needs two groups; what is left does not.
		p.Estimators = slices.DeleteFunc(p.Estimators, func(e plan.Estimator) bool { return e == plan.ANCOVA })
	}
	return p
}

// CheckPlan finds what of a plan the file does not have, with the nearest there
// is, and what no plan may say.
func (f *File) CheckPlan(p plan.Plan) error {
	var wrong []string
	for field, message := range p.Check(nil) {
		wrong = append(wrong, field+": "+message)
	}
	slices.Sort(wrong)
	d := f.Data.Design()
	var scales, waves, arms, columns []string
	for _, s := range d.Scales {
		scales = append(scales, s.Key)
	}
	for _, w := range d.Waves {
		waves = append(waves, w.Key)
	}
	for _, a := range d.Arms {
		if a.Key != "" {
			arms = append(arms, a.Key)
		}
	}
	for _, c := range f.Data.Baseline {
		columns = append(columns, c.Key)
	}
	look := func(where, what, key string, have []string) {
		if key == "" || slices.Contains(have, key) {
			return
		}
		text := fmt.Sprintf("%s: there is no %s %q", where, what, key)
		if near := sheet.Nearest(key, have); len(near) > 0 {
			text += fmt.Sprintf("; did you mean %q?", near[0])
		} else if len(have) > 0 {
			text += "; there is " + some(have, 20)
		}
		wrong = append(wrong, text)
	}
	for list, outcomes := range map[string][]plan.Outcome{"primary": p.Primary, "secondary": p.Secondary} {
		for i, o := range outcomes {
			where := fmt.Sprintf("%s outcome %d", list, i+1)
			look(where, "scale", o.Scale, scales)
			look(where, "wave", o.Pre, waves)
			look(where, "wave", o.Post, waves)
			look(where, "group", o.Arm, arms)
			look(where, "group", o.Against, arms)
		}
	}
	for _, c := range p.Covariates {
		switch c.Kind {
		case plan.CovariateScale:
			look("covariates", "scale", c.Key, scales)
		case plan.CovariateColumn:
			look("covariates", "column", c.Key, columns)
		case plan.CovariateRun:
		}
	}
	for _, t := range p.Thresholds {
		look("thresholds", "scale", t.Scale, scales)
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fmt.Errorf("the plan does not fit the file:\n%s", strings.Join(wrong, "\n"))
}

// Facts are what is published about a scale.
type Facts struct {
	Reliability, SD, MCID *float64
	Norm                  *plan.Norm
	Source                string
}

// SetFacts puts what is known of a scale into a plan; what the plan says itself
// stays.
func SetFacts(p *plan.Plan, scale string, f Facts) {
	i := slices.IndexFunc(p.Thresholds, func(t plan.Threshold) bool { return t.Scale == scale })
	if i < 0 {
		i = len(p.Thresholds)
		p.Thresholds = append(p.Thresholds, plan.Threshold{Scale: scale, Reliability: plan.Reliability{Source: plan.SampleAlpha}})
	}
	t := &p.Thresholds[i]
	if f.Reliability != nil {
		t.Reliability = plan.Reliability{Source: plan.Published, Value: f.Reliability, SD: f.SD, Citation: f.Source}
	}
	if f.Norm != nil {
		t.Norm = f.Norm
	}
	if f.MCID != nil {
		t.MCID, t.MCIDSource = f.MCID, f.Source
	}
}

// PlanColumns are the outcomes a plan names, found among the columns of a file
// with a row a person: "bdi" at "pre" is bdi_pre, pre_bdi or the like, or a
// column named as the wave.
func PlanColumns(p plan.Plan, header []string) ([]Outcome, error) {
	var waves []string
	var outcomes []Outcome
	all := slices.Concat(p.Primary, p.Secondary)
	for _, o := range all {
		for _, w := range []string{o.Pre, o.Post} {
			if !slices.Contains(waves, w) {
				waves = append(waves, w)
			}
		}
	}
	for _, o := range all {
		if slices.ContainsFunc(outcomes, func(have Outcome) bool { return have.Key == o.Scale }) {
			continue
		}
		of := Outcome{Key: o.Scale}
		for _, w := range waves {
			column := columnFor(o.Scale, w, header)
			asked := slices.ContainsFunc(all, func(c plan.Outcome) bool { return c.Scale == o.Scale && (c.Pre == w || c.Post == w) })
			if column == "" && asked {
				return nil, fmt.Errorf("the plan names %s at %s, and no column is called so: %w; or name the columns with --outcome %s=…",
					o.Scale, w, sheet.UnknownColumnError{Name: o.Scale + "_" + w, Have: header}, o.Scale)
			}
			of.Columns = append(of.Columns, column)
		}
		outcomes = append(outcomes, of)
	}
	return outcomes, nil
}

func columnFor(scale, wave string, header []string) string {
	for _, name := range []string{scale + "_" + wave, wave + "_" + scale, scale + "." + wave, wave + "." + scale, scale + "-" + wave, scale + wave, wave} {
		if i := slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(h, name) }); i >= 0 {
			return header[i]
		}
	}
	return ""
}
