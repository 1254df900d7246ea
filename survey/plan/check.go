package plan

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Faults are what is wrong with a plan, by field: "alpha", "primary_0_scale".
// The values are message keys.
type Faults map[string]string

// Error lists them in field order.
func (f Faults) Error() string {
	fields := make([]string, 0, len(f))
	for field, message := range f {
		fields = append(fields, field+" "+message)
	}
	slices.Sort(fields)
	return fmt.Sprintf("%d faults in the plan: %s", len(f), strings.Join(fields, ", "))
}

// Bounds of a plan. More than these is no plan but a search.
const (
	MaxPrimary     = 5
	MaxSecondary   = 60
	MaxSubgroups   = 20
	MaxCovariates  = 20
	MaxThresholds  = 100
	MaxDeltas      = 10
	MaxImputations = 1000
	MaxText        = 20_000 // bytes of the rationale
	maxNote        = 1000   // bytes of a citation
	maxSeed        = 1<<53 - 1
)

// Check finds what is wrong with a plan. With a design, what the plan names must
// be in it; without (nil), only the form is checked, as for a file of data.
func (p Plan) Check(d *Design) Faults {
	c := checker{faults: Faults{}, d: d}
	if p.Schema != Schema {
		c.fault("schema", "plan.bad_schema")
	}
	c.outcomes(p)
	c.populations(p.Populations)
	c.estimators(p)
	c.covariates(p)
	if !(p.Alpha > 0 && p.Alpha <= 0.5) {
		c.fault("alpha", "plan.bad_alpha")
	}
	for field, a := range map[string]Adjustment{
		"multiplicity_primary": p.Multiplicity.Primary, "multiplicity_secondary": p.Multiplicity.Secondary,
		"multiplicity_exploratory": p.Multiplicity.Exploratory,
	} {
		if !a.Valid() {
			c.fault(field, "plan.unknown_choice")
		}
	}
	c.missing(p)
	c.subgroups(p.Subgroups)
	c.thresholds(p.Thresholds)
	c.text("rationale", p.Rationale, MaxText)
	return c.faults
}

type checker struct {
	faults Faults
	d      *Design
}

// fault notes the first fault of a field.
func (c *checker) fault(field, message string) {
	if _, noted := c.faults[field]; !noted {
		c.faults[field] = message
	}
}

func (c *checker) text(field, text string, most int) {
	switch {
	case len(text) > most:
		c.fault(field, "text.too_long")
	case !utf8.ValidString(text) || strings.ContainsRune(text, 0):
		c.fault(field, "text.unreadable")
	}
}

// name checks a key: one that is not in the design, or that no design could
// have.
func (c *checker) name(field, key, message string, known func(*Design) bool) bool {
	if key == "" || len(key) > 200 || !utf8.ValidString(key) || strings.ContainsFunc(key, func(r rune) bool { return r < ' ' }) ||
		c.d != nil && !known(c.d) {
		c.fault(field, message)
		return false
	}
	return true
}

func (c *checker) scale(field, key string) bool {
	return c.name(field, key, "plan.unknown_scale", func(d *Design) bool { _, ok := d.Scale(key); return ok })
}

func (c *checker) outcomes(p Plan) {
	if len(p.Primary) == 0 {
		c.fault("primary_0_scale", "plan.no_primary")
	}
	if len(p.Primary) > MaxPrimary {
		c.fault("primary", "plan.too_many_primary")
	}
	if len(p.Secondary) > MaxSecondary {
		c.fault("secondary", "plan.too_many")
	}
	seen := map[Outcome]bool{}
	c.list("primary", p.Primary, seen)
	c.list("secondary", p.Secondary, seen)
}

func (c *checker) list(list string, outcomes []Outcome, seen map[Outcome]bool) {
	for i, o := range outcomes {
		field := fmt.Sprintf("%s_%d_", list, i)
		if seen[o] {
			c.fault(field+"scale", "plan.outcome_twice")
		}
		seen[o] = true
		c.outcome(field, o)
	}
}

func (c *checker) outcome(field string, o Outcome) {
	ok := c.scale(field+"scale", o.Scale)
	wave := func(key string) func(*Design) bool {
		return func(d *Design) bool { _, _, ok := d.Wave(key); return ok }
	}
	ok = c.name(field+"pre", o.Pre, "plan.unknown_wave", wave(o.Pre)) && ok
	ok = c.name(field+"post", o.Post, "plan.unknown_wave", wave(o.Post)) && ok
	arm := func(field, key string) bool {
		return key == "" || c.name(field, key, "plan.unknown_arm", func(d *Design) bool { _, ok := d.Arm(key); return ok })
	}
	ok = arm(field+"arm", o.Arm) && ok
	ok = arm(field+"against", o.Against) && ok
	switch {
	case o.Against != "" && (o.Arm == "" || o.Arm == o.Against):
		c.fault(field+"against", "plan.bad_contrast")
	case o.Pre != "" && o.Pre == o.Post:
		c.fault(field+"post", "plan.same_wave")
	case ok && c.d != nil:
		c.answerable(field, o)
	}
}

// answerable holds an outcome, all of whose names are known, to what the study
// asks of whom.
func (c *checker) answerable(field string, o Outcome) {
	s, _ := c.d.Scale(o.Scale)
	pre, before, _ := c.d.Wave(o.Pre)
	post, after, _ := c.d.Wave(o.Post)
	if before >= after {
		c.fault(field+"post", "plan.waves_reversed")
	}
	if !s.askedAt(o.Pre) {
		c.fault(field+"pre", "plan.scale_not_asked")
		return
	}
	if !s.askedAt(o.Post) {
		c.fault(field+"post", "plan.scale_not_asked")
		return
	}
	for _, arm := range []string{o.Arm, o.Against} {
		if arm != "" && (!pre.asks(arm) || !post.asks(arm)) {
			c.fault(field+"against", "plan.arm_not_asked")
		}
	}
}

func (c *checker) populations(all []Population) {
	if len(all) == 0 {
		c.fault("populations", "plan.no_population")
	}
	seen := map[PopulationKind]bool{}
	for _, q := range all {
		if !q.Kind.Valid() || seen[q.Kind] {
			c.fault("populations", "plan.unknown_choice")
		}
		seen[q.Kind] = true
		most := 1000
		if c.d != nil && c.d.Meetings > 0 {
			most = c.d.Meetings
		}
		switch {
		case q.Kind == PerProtocol && (q.Sessions < 1 || q.Sessions > most):
			c.fault("sessions", "plan.bad_sessions")
		case q.Kind != PerProtocol && q.Sessions != 0:
			c.fault("sessions", "plan.unknown_choice")
		}
	}
}

func (c *checker) estimators(p Plan) {
	if len(p.Estimators) == 0 {
		c.fault("estimators", "plan.no_estimator")
	}
	for i, e := range p.Estimators {
		if !e.Valid() || slices.Contains(p.Estimators[:i], e) {
			c.fault("estimators", "plan.unknown_choice")
		}
	}
	if len(p.Estimators) > 0 && p.Estimators[0] == ANCOVA {
		for _, o := range p.Primary {
			if o.Against == "" {
				c.fault("estimators", "plan.ancova_needs_arms")
			}
		}
	}
	if !p.Model.Structure.Valid() {
		c.fault("structure", "plan.unknown_choice")
	}
	if !p.Model.DF.Valid() {
		c.fault("df", "plan.unknown_choice")
	}
	for i, s := range p.Sensitivity {
		if !s.Valid() || slices.Contains(p.Sensitivity[:i], s) {
			c.fault("sensitivity", "plan.unknown_choice")
		}
	}
}

func (c *checker) covariates(p Plan) {
	if len(p.Covariates) > MaxCovariates {
		c.fault("covariates", "plan.too_many")
	}
	for i, v := range p.Covariates {
		if !v.Kind.Valid() || slices.Contains(p.Covariates[:i], v) {
			c.fault("covariates", "plan.unknown_choice")
		}
		c.by("covariates", string(v.Kind), v.Key)
	}
}

// by checks the key of something known before the course. A study has no columns.
func (c *checker) by(field, kind, key string) {
	switch kind {
	case string(CovariateScale):
		c.scale(field, key)
	case string(CovariateColumn):
		c.name(field, key, "plan.unknown_choice", func(*Design) bool { return false })
	default:
		if key != "" {
			c.fault(field, "plan.unknown_choice")
		}
	}
}

func (c *checker) missing(p Plan) {
	m := p.Missing
	if !m.Strategy.Valid() {
		c.fault("strategy", "plan.unknown_choice")
	}
	if m.Strategy == Likelihood && len(p.Estimators) > 0 && p.Estimators[0] != MixedModel {
		c.fault("strategy", "plan.likelihood_needs_model")
	}
	if m.Strategy == Imputation && !slices.Contains(p.Estimators, MultipleImputation) {
		c.fault("strategy", "plan.imputation_not_listed")
	}
	if m.Imputations < 2 || m.Imputations > MaxImputations {
		c.fault("imputations", "plan.bad_imputations")
	}
	if m.Seed < 0 || m.Seed > maxSeed {
		c.fault("seed", "plan.bad_seed")
	}
	if len(m.Deltas) > MaxDeltas || slices.Contains(p.Sensitivity, DeltaAdjusted) && len(m.Deltas) == 0 {
		c.fault("deltas", "plan.bad_deltas")
	}
	for i, v := range m.Deltas {
		if !(math.Abs(v) <= 10) || slices.Contains(m.Deltas[:i], v) {
			c.fault("deltas", "plan.bad_deltas")
		}
	}
}

func (c *checker) subgroups(all []Subgroup) {
	if len(all) > MaxSubgroups {
		c.fault("subgroups", "plan.too_many")
	}
	for i, s := range all {
		if !s.Kind.Valid() {
			c.fault("subgroups", "plan.unknown_choice")
		}
		c.by("subgroups", string(s.Kind), s.Key)
		if s.Cut != nil && (s.Kind != SubgroupScale || !finite(*s.Cut)) {
			c.fault("subgroups", "plan.bad_number")
		}
		if (Plan{Subgroups: all[:i]}).divides(s) {
			c.fault("subgroups", "plan.unknown_choice")
		}
	}
}
