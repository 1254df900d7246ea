package plan

import "slices"

// PopulationKind names a set of people.
type PopulationKind string

// The populations. Everybody is everyone enrolled, as allocated, whatever they
// did afterwards (intention to treat). Completers have the outcome's score at
// both waves. PerProtocol have come to enough meetings.
const (
	Everybody   PopulationKind = "everybody"
	Completers  PopulationKind = "completers"
	PerProtocol PopulationKind = "per_protocol"
)

// Populations are all kinds, in the order in which they are offered.
func Populations() []PopulationKind { return []PopulationKind{Everybody, Completers, PerProtocol} }

// Valid reports whether k is one of the kinds.
func (k PopulationKind) Valid() bool { return slices.Contains(Populations(), k) }

// Estimator names a way from data to an estimate.
type Estimator string

// The estimators. MixedModel uses every answer of everybody. PairedChange is the
// mean change of those with both scores. ANCOVA compares later scores between
// arms at equal earlier ones. MultipleImputation fills gaps many times over and
// pools.
const (
	MixedModel         Estimator = "mixed_model"
	PairedChange       Estimator = "paired_change"
	ANCOVA             Estimator = "ancova"
	MultipleImputation Estimator = "multiple_imputation"
)

// Estimators are all of them, in the order in which they are offered.
func Estimators() []Estimator {
	return []Estimator{MixedModel, PairedChange, ANCOVA, MultipleImputation}
}

// Valid reports whether e is one of the estimators.
func (e Estimator) Valid() bool { return slices.Contains(Estimators(), e) }

// Structure is what a mixed model assumes of a person's scores over time.
type Structure string

// The structures. RandomIntercept: people differ in level. RandomSlope: also in
// change. Unstructured: any variances and correlations of the waves (MMRM).
const (
	RandomIntercept Structure = "random_intercept"
	RandomSlope     Structure = "random_slope"
	Unstructured    Structure = "unstructured"
)

// Structures are all of them, in the order in which they are offered.
func Structures() []Structure { return []Structure{RandomIntercept, RandomSlope, Unstructured} }

// Valid reports whether s is one of the structures.
func (s Structure) Valid() bool { return slices.Contains(Structures(), s) }

// DF is how the degrees of freedom of a mixed model are found.
type DF string

// The methods: Satterthwaite 1946 as applied to mixed models, and Kenward &
// Roger 1997, which is better below some thirty people.
const (
	Satterthwaite DF = "satterthwaite"
	KenwardRoger  DF = "kenward_roger"
)

// DFs are all of them.
func DFs() []DF { return []DF{Satterthwaite, KenwardRoger} }

// Valid reports whether d is one of the methods.
func (d DF) Valid() bool { return slices.Contains(DFs(), d) }

// CovariateKind says what a covariate is.
type CovariateKind string

// The covariates: another scale's score before the course, the course run, or a
// column of a file.
const (
	CovariateScale  CovariateKind = "scale"
	CovariateRun    CovariateKind = "run"
	CovariateColumn CovariateKind = "column"
)

// Valid reports whether k is one of the kinds.
func (k CovariateKind) Valid() bool {
	return k == CovariateScale || k == CovariateRun || k == CovariateColumn
}

// Adjustment is a correction for testing several hypotheses.
type Adjustment string

// The corrections: Holm 1979 controls the chance of any false finding in the
// family, Benjamini & Hochberg 1995 the expected share of false ones.
const (
	Unadjusted        Adjustment = "none"
	Holm              Adjustment = "holm"
	BenjaminiHochberg Adjustment = "benjamini_hochberg"
)

// Adjustments are all of them, in the order in which they are offered.
func Adjustments() []Adjustment { return []Adjustment{Holm, BenjaminiHochberg, Unadjusted} }

// Valid reports whether a is one of the corrections.
func (a Adjustment) Valid() bool { return slices.Contains(Adjustments(), a) }

// Strategy is what the primary analysis does about missing answers.
type Strategy string

// The strategies: use what is there under the model (maximum likelihood, right
// when what is missing depends on what was seen), fill it in many times, or
// leave out whoever lacks it.
const (
	Likelihood    Strategy = "maximum_likelihood"
	Imputation    Strategy = "multiple_imputation"
	CompleteCases Strategy = "complete_cases"
)

// Strategies are all of them, in the order in which they are offered.
func Strategies() []Strategy { return []Strategy{Likelihood, Imputation, CompleteCases} }

// Valid reports whether s is one of the strategies.
func (s Strategy) Valid() bool { return slices.Contains(Strategies(), s) }

// Sensitivity names an analysis that varies an assumption of the primary one.
type Sensitivity string

// The sensitivity analyses. DeltaAdjusted: missing scores are worse than
// predicted. RankBased: no distribution is assumed. Permutation: p from
// reshuffling. RobustErrors: spread may differ (HC3 in ANCOVA).
// MissingNoResponse: whoever did not answer did not respond.
const (
	DeltaAdjusted     Sensitivity = "delta_adjusted"
	RankBased         Sensitivity = "rank_based"
	Permutation       Sensitivity = "permutation"
	RobustErrors      Sensitivity = "robust_errors"
	MissingNoResponse Sensitivity = "missing_no_response"
)

// Sensitivities are all of them, in the order in which they are offered.
func Sensitivities() []Sensitivity {
	return []Sensitivity{DeltaAdjusted, RankBased, Permutation, RobustErrors, MissingNoResponse}
}

// Valid reports whether s is one of the analyses.
func (s Sensitivity) Valid() bool { return slices.Contains(Sensitivities(), s) }

// SubgroupKind says by what people are divided.
type SubgroupKind string

// The divisions: by course run, by a scale's score before the course, or by a
// column of a file.
const (
	SubgroupRun    SubgroupKind = "run"
	SubgroupScale  SubgroupKind = "scale"
	SubgroupColumn SubgroupKind = "column"
)

// Valid reports whether k is one of the kinds.
func (k SubgroupKind) Valid() bool {
	return k == SubgroupRun || k == SubgroupScale || k == SubgroupColumn
}

// ReliabilitySource says where a reliability comes from.
type ReliabilitySource string

// Cronbach's α of the study's own people before the course, or a published
// value.
const (
	SampleAlpha ReliabilitySource = "sample_alpha"
	Published   ReliabilitySource = "published"
)

// Valid reports whether s is one of the sources.
func (s ReliabilitySource) Valid() bool { return s == SampleAlpha || s == Published }
