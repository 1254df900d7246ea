package plan

// Schema names the form of the file. A change that older programs would
// misread gets another number.
const Schema = "tidemark.plan/1"

// Plan is what will be done with a study's data.
type Plan struct {
	Schema string `json:"schema"`
	// Primary are the outcomes the study stands or falls with: at least one,
	// rarely two. Secondary ones support or limit what they say.
	Primary   []Outcome `json:"primary"`
	Secondary []Outcome `json:"secondary,omitempty"`
	// Populations say whose data are analysed. The first is that of the
	// primary analysis, the others stand beside it.
	Populations []Population `json:"populations"`
	// Estimators say how. The first is that of the primary analysis.
	Estimators []Estimator `json:"estimators"`
	Model      Model       `json:"model"`
	// Covariates go into the mixed model, ANCOVA and the imputation model.
	// The outcome's own score before the course is in ANCOVA without being
	// named.
	Covariates []Covariate `json:"covariates,omitempty"`
	// Alpha is the two-sided level of tests; intervals cover 1 − Alpha.
	Alpha        float64      `json:"alpha"`
	Multiplicity Multiplicity `json:"multiplicity"`
	Missing      Missing      `json:"missing"`
	// Sensitivity analyses ask how far the answer depends on what cannot be
	// checked.
	Sensitivity []Sensitivity `json:"sensitivity,omitempty"`
	Subgroups   []Subgroup    `json:"subgroups,omitempty"`
	Thresholds  []Threshold   `json:"thresholds,omitempty"`
	// Rationale is free text: why these choices.
	Rationale string `json:"rationale,omitempty"`
}

// Outcome is one comparison: the change of a scale between two waves, in an arm
// or between two.
type Outcome struct {
	Scale string `json:"scale"`
	Pre   string `json:"pre"`  // key of the earlier wave
	Post  string `json:"post"` // key of the later wave
	// Arm is the key of the arm the outcome is about; empty: everyone.
	Arm string `json:"arm,omitempty"`
	// Against is the key of the arm that Arm is compared with; empty: the
	// change within Arm alone.
	Against string `json:"against,omitempty"`
}

// Population is a set of people.
type Population struct {
	Kind PopulationKind `json:"kind"`
	// Sessions is the least number of meetings attended, for PerProtocol in
	// arms that have meetings.
	Sessions int `json:"sessions,omitempty"`
}

// Model says how the mixed model is built.
type Model struct {
	Structure Structure `json:"structure"`
	DF        DF        `json:"df"`
}

// Covariate is something known before the course that is adjusted for.
type Covariate struct {
	Kind CovariateKind `json:"kind"`
	// Key is the scale, or the column of a file; empty for the course run.
	Key string `json:"key,omitempty"`
}

// Multiplicity says how p-values of each family are adjusted.
type Multiplicity struct {
	Primary     Adjustment `json:"primary"`
	Secondary   Adjustment `json:"secondary"`
	Exploratory Adjustment `json:"exploratory"`
}

// Missing says what is done about answers that did not come.
type Missing struct {
	Strategy Strategy `json:"strategy"`
	// Imputations and Seed are for multiple imputation, as the strategy or
	// beside it.
	Imputations int   `json:"imputations"`
	Seed        int64 `json:"seed"` // up to 2^53 − 1, which every reader of JSON keeps
	// Deltas are tried one by one in the delta-adjusted analysis: imputed
	// scores are made worse by so many standard deviations of the score
	// before the course.
	Deltas []float64 `json:"deltas,omitempty"`
}

// Subgroup is a division of people by something known before the course.
type Subgroup struct {
	Kind SubgroupKind `json:"kind"`
	// Key is the scale or the column of a file; empty for the course run.
	Key string `json:"key,omitempty"`
	// Cut divides a scale's score before the course into below and at or
	// above; nil: its median.
	Cut *float64 `json:"cut,omitempty"`
}

// Threshold says from where on a change in one scale counts.
type Threshold struct {
	Scale string `json:"scale"`
	// MCID is the least change that matters to people, in points of the scale
	// in the direction of benefit; nil: none is known.
	MCID *float64 `json:"mcid,omitempty"`
	// MCIDSource says where it comes from.
	MCIDSource string `json:"mcid_source,omitempty"`
	// Reliability is used for reliable change (Jacobson & Truax 1991).
	Reliability Reliability `json:"reliability"`
	// Norm describes people without the problem; nil: none.
	Norm *Norm `json:"norm,omitempty"`
}

// Reliability says how exactly a scale measures.
type Reliability struct {
	Source ReliabilitySource `json:"source"`
	// Value, between 0 and 1, and SD, in points, are for Published. SD nil:
	// that of the sample before the course.
	Value *float64 `json:"value,omitempty"`
	SD    *float64 `json:"sd,omitempty"`
	// Citation says where the values are published.
	Citation string `json:"citation,omitempty"`
}

// Norm is the distribution of a scale in a reference population.
type Norm struct {
	Mean     float64 `json:"mean"`
	SD       float64 `json:"sd"`
	Citation string  `json:"citation,omitempty"`
}

// Level is the coverage of intervals: 1 − Alpha.
func (p Plan) Level() float64 { return 1 - p.Alpha }

// Threshold finds what the plan says about a scale.
func (p Plan) Threshold(scale string) (Threshold, bool) {
	for _, t := range p.Thresholds {
		if t.Scale == scale {
			return t, true
		}
	}
	return Threshold{}, false
}
