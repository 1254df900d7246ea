package analysis_test

// refDisputed lists expected values that are wrong by more than their own
// tolerance, with what is right, by case and field. A case passes only with the
// right values, and fails if the one in the suite has come within its tolerance.
//
// mmrm/orthodont-us-linear: the adjusted standard errors were taken from an
// optimiser that stops early (its degrees of freedom are 25.0092 and 24.9967,
// where the model has exactly 25, and pass at their tolerance of 1e-3; that of the
// standard errors is 1e-4). The values here are those of
// TestInferenceOfAnUnstructuredCovarianceIsThatOfTheDenseFormulas in package
// mixed, which computes them from the dense covariance matrix and differences of
// the likelihood; what second derivatives add is that of the other cases.
func refDisputed(id, field string) ([]any, bool) {
	switch id + " " + field {
	case "mmrm/orthodont-us-linear se_kr":
		return []any{0.6021554107, 0.1009219424, 0.7822228240, 0.1311014489}, true
	case "mmrm/orthodont-us-linear se_kr_linear":
		return []any{0.6133672921, 0.1066471394, 0.7967874853, 0.1385386980}, true
	}
	return nil, false
}
