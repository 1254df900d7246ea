package analysis

import (
	"math"

	"tidemark/analysis/dist"
)

// CriticalT is the t beyond which, on both sides together, lies 1 − level of
// Student's distribution with df degrees of freedom: a mean ± CriticalT(0.95,
// n−1) standard errors is its 95 % interval. It is NaN unless 0 < level < 1 and
// df > 0.
func CriticalT(level, df float64) float64 {
	if !(level > 0 && level < 1 && df > 0) {
		return math.NaN()
	}
	return dist.StudentCritical(level, df)
}
