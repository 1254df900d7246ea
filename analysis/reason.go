package analysis

// Reason says why a number cannot be had. It is a stable key, fit for
// translation; Explain gives an English sentence. The empty Reason means that
// the number exists.
type Reason string

// The reasons for which an estimate may not exist.
const (
	// ReasonNoData: not a single value (or complete pair) entered.
	ReasonNoData Reason = "no_data"
	// ReasonTooFew2, 3 and 4: the statistic needs at least that many values.
	ReasonTooFew2 Reason = "n_lt_2"
	ReasonTooFew3 Reason = "n_lt_3"
	ReasonTooFew4 Reason = "n_lt_4"
	// ReasonDF2: fewer than two degrees of freedom.
	ReasonDF2 Reason = "df_lt_2"
	// ReasonZeroVariance: the values that divide the statistic do not vary.
	ReasonZeroVariance Reason = "zero_variance"
	// ReasonAllZero: no pair changed, so there is nothing to rank.
	ReasonAllZero Reason = "all_zero_differences"
	// ReasonEmptyGroup: one of the groups has no value.
	ReasonEmptyGroup Reason = "empty_group"
	// ReasonGroupTooFew2: one of the groups has fewer than two values.
	ReasonGroupTooFew2 Reason = "group_n_lt_2"
	// ReasonColumnsTooFew2: fewer than two columns were given.
	ReasonColumnsTooFew2 Reason = "columns_lt_2"
	// ReasonNoErrorVariance: repeated values agree exactly, so there is no error
	// to divide by.
	ReasonNoErrorVariance Reason = "zero_error_variance"
	// ReasonUnbounded: the quantity has no finite value, as degrees of freedom
	// without limit.
	ReasonUnbounded Reason = "unbounded"
	// ReasonZeroCell: nobody is in one of the cells that divide a ratio.
	ReasonZeroCell Reason = "zero_cell"
	// ReasonEmptyMargin: nobody or everybody had the event.
	ReasonEmptyMargin Reason = "empty_margin"
	// ReasonZeroDifference: both rates are equal, and their difference divides.
	ReasonZeroDifference Reason = "zero_risk_difference"
	// ReasonNoDiscordant: nobody moved from one answer to the other.
	ReasonNoDiscordant Reason = "no_discordant_pairs"
	// ReasonTooFewAnswers: a person answered fewer items than a score needs.
	ReasonTooFewAnswers Reason = "too_few_answered"
	// ReasonOneSided: all replicates of a bootstrap lie on one side of the
	// estimate, so that its bias cannot be told.
	ReasonOneSided Reason = "replicates_on_one_side"
	// ReasonNothingMissing: there are no missing values to say anything about.
	ReasonNothingMissing Reason = "nothing_missing"
	// ReasonNoDonors: a column with missing values has too few observed ones to
	// impute from.
	ReasonNoDonors Reason = "no_donors"
	// ReasonNotIdentified: the model has more parameters than the data have
	// moments.
	ReasonNotIdentified Reason = "not_identified"
	// ReasonNoResamples: an interval by resampling was not asked for.
	ReasonNoResamples Reason = "no_resamples"
	// ReasonSaturated: the model has no degrees of freedom, so it must fit.
	ReasonSaturated Reason = "saturated"
	// ReasonFixed: the model fixes the value, so it has no standard error.
	ReasonFixed Reason = "fixed"
	// ReasonImproper: the solution has a negative variance (Heywood case).
	ReasonImproper Reason = "improper_solution"
	// ReasonItemsTooFew2: fewer than two items vary.
	ReasonItemsTooFew2 Reason = "items_lt_2"
	// ReasonItemsTooFew3: the statistic needs three varying items.
	ReasonItemsTooFew3 Reason = "items_lt_3"
	// ReasonSingular: the correlation matrix cannot be inverted.
	ReasonSingular Reason = "singular"
	// ReasonNoPairs: two items were never answered by the same person often
	// enough to have a covariance.
	ReasonNoPairs Reason = "no_common_answers"
	// ReasonContradictory: covariances from different people (pairwise deletion)
	// contradict each other, as a correlation above 1 would.
	ReasonContradictory Reason = "not_positive_definite"
	// ReasonPerfect: reliability is exactly one, so the interval has no width.
	ReasonPerfect Reason = "perfect_reliability"
	// ReasonNegativeRDD: the reliability of the difference is not positive.
	ReasonNegativeRDD Reason = "negative_reliability_of_difference"
	// ReasonGroupsTooFew2: fewer than two groups (people) have rows.
	ReasonGroupsTooFew2 Reason = "groups_lt_2"
	// ReasonPerfectFit: the model reproduces the data without error, which
	// leaves no variance to judge by.
	ReasonPerfectFit Reason = "perfect_fit"
	// ReasonSingularCovariance: the values at one occasion are a combination of
	// those at others, or do not vary.
	ReasonSingularCovariance Reason = "singular_covariance"
	// ReasonNeedsREML: the quantity exists for REML, not for maximum likelihood.
	ReasonNeedsREML Reason = "needs_reml"
	// ReasonNotApplicable: the quantity is not defined for this kind of model.
	ReasonNotApplicable Reason = "not_applicable"
	// ReasonDuplicateVisit: a person has two rows at the same visit.
	ReasonDuplicateVisit Reason = "duplicate_visit"
	// ReasonNoNorms: no norms of a functional population were given.
	ReasonNoNorms Reason = "no_norms"
	// ReasonTooManyForExact: too many pairs to enumerate; see the normal p.
	ReasonTooManyForExact Reason = "n_too_large_for_exact"
	// ReasonTooMany: more values than the method is defined for.
	ReasonTooMany Reason = "n_too_large"
	// ReasonInfiniteInput: the data contain an infinite value.
	ReasonInfiniteInput Reason = "infinite_input"
	// ReasonOutOfRange: the result exceeds double precision.
	ReasonOutOfRange Reason = "out_of_range"
	// ReasonInvalidOption: an option (level, reliability, keys) is not usable.
	ReasonInvalidOption Reason = "invalid_option"
	// ReasonPerfectCorrelation: the correlation is exactly −1 or 1, so that its
	// test and interval have no width.
	ReasonPerfectCorrelation Reason = "perfect_correlation"
	// ReasonTies: equal values occur, and the exact distribution is that of
	// values without ties.
	ReasonTies Reason = "ties"
	// ReasonAliased: the column is a linear combination of earlier ones.
	ReasonAliased Reason = "aliased"
	// ReasonColumnsTooFew3: fewer than three columns were given.
	ReasonColumnsTooFew3 Reason = "columns_lt_3"
	// ReasonPeopleTooFew: too few people for what is to be estimated from them.
	ReasonPeopleTooFew Reason = "n_too_small"
	// ReasonCovariateConstant: the covariate is the same for everybody.
	ReasonCovariateConstant Reason = "covariate_zero_variance"
	// ReasonLeverage: one row alone determines a coefficient, so that its
	// residual says nothing.
	ReasonLeverage Reason = "leverage_one"
	// ReasonPowerUnreachable: no sample that could be had reaches the power.
	ReasonPowerUnreachable Reason = "power_unreachable"
	// ReasonNotConverged: an iterative solution was not found.
	ReasonNotConverged Reason = "not_converged"
)

// Valid reports whether r is one of the reasons of this package.
func (r Reason) Valid() bool { return r.Explain() != "" }

// Explain returns the reason as an English phrase that completes
// "not estimable: …". It is empty for an unknown reason.
func (r Reason) Explain() string {
	switch r {
	case ReasonNoData:
		return "no data"
	case ReasonTooFew2:
		return "fewer than 2 values"
	case ReasonTooFew3:
		return "fewer than 3 values"
	case ReasonTooFew4:
		return "fewer than 4 values"
	case ReasonDF2:
		return "fewer than 2 degrees of freedom"
	case ReasonZeroVariance:
		return "the values do not vary"
	case ReasonAllZero:
		return "no pair changed"
	case ReasonEmptyGroup:
		return "a group has no values"
	case ReasonGroupTooFew2:
		return "a group has fewer than 2 values"
	case ReasonColumnsTooFew2:
		return "fewer than 2 columns"
	case ReasonNoErrorVariance:
		return "repeated values agree exactly"
	case ReasonUnbounded:
		return "it has no finite value"
	case ReasonZeroCell:
		return "a cell that divides is empty"
	case ReasonEmptyMargin:
		return "nobody or everybody had the event"
	case ReasonZeroDifference:
		return "the rates are equal"
	case ReasonNoDiscordant:
		return "nobody moved from one answer to the other"
	case ReasonTooFewAnswers:
		return "too few items were answered"
	case ReasonOneSided:
		return "all resamples lie on one side of the estimate"
	case ReasonNothingMissing:
		return "nothing is missing"
	case ReasonNoDonors:
		return "too few observed values to impute from"
	case ReasonNotIdentified:
		return "the model has more parameters than the data can tell apart"
	case ReasonNoResamples:
		return "no resamples were asked for"
	case ReasonSaturated:
		return "the model has no degrees of freedom"
	case ReasonFixed:
		return "the model fixes this value"
	case ReasonImproper:
		return "the best solution has a negative variance"
	case ReasonItemsTooFew2:
		return "fewer than 2 items vary"
	case ReasonItemsTooFew3:
		return "fewer than 3 items vary"
	case ReasonSingular:
		return "the items are linearly dependent"
	case ReasonNoPairs:
		return "some items were never answered together"
	case ReasonContradictory:
		return "covariances from different people contradict each other"
	case ReasonPerfect:
		return "reliability is exactly 1"
	case ReasonNegativeRDD:
		return "the reliability of the difference is not positive"
	case ReasonGroupsTooFew2:
		return "fewer than 2 people or groups"
	case ReasonPerfectFit:
		return "the model fits the data without error"
	case ReasonSingularCovariance:
		return "the covariance matrix of the occasions is singular"
	case ReasonNeedsREML:
		return "it exists for REML only"
	case ReasonNotApplicable:
		return "it is not defined for this model"
	case ReasonDuplicateVisit:
		return "a person has two values at the same visit"
	case ReasonNoNorms:
		return "no norms were given"
	case ReasonTooManyForExact:
		return "too many pairs for the exact distribution"
	case ReasonTooMany:
		return "more values than the method is defined for"
	case ReasonInfiniteInput:
		return "the data contain an infinite value"
	case ReasonOutOfRange:
		return "the result exceeds double precision"
	case ReasonInvalidOption:
		return "an option is not valid"
	case ReasonPerfectCorrelation:
		return "the correlation is exactly 1 or -1"
	case ReasonTies:
		return "equal values occur"
	case ReasonAliased:
		return "it is a linear combination of other effects"
	case ReasonColumnsTooFew3:
		return "fewer than 3 columns"
	case ReasonPeopleTooFew:
		return "too few people for the model"
	case ReasonCovariateConstant:
		return "the covariate does not vary"
	case ReasonLeverage:
		return "one person alone determines a coefficient"
	case ReasonPowerUnreachable:
		return "no number of people reaches the power"
	case ReasonNotConverged:
		return "the solution did not converge"
	default:
		return ""
	}
}

// FirstReason returns the first reason that is not empty.
func FirstReason(rs ...Reason) Reason {
	for _, r := range rs {
		if r != "" {
			return r
		}
	}
	return ""
}
