package paper

import (
	"tidemark/analysis"
	"tidemark/survey/report"
)

// tooFew is the reason that hides the results of n people, if they are to be
// hidden.
func tooFew(n, minimum int) analysis.Reason {
	if n > 0 && n < minimum {
		return report.ReasonTooFewPeople
	}
	return ""
}

// hideRow hides the small counts of a row whose sum is known, and one more when a
// single hidden count would follow from the sum.
func hideRow(row []report.Count, minimum int) {
	hidden, sum := 0, 0
	for i := range row {
		row[i].Hidden = row[i].N > 0 && row[i].N < minimum
		if row[i].Hidden {
			hidden, sum = hidden+1, sum+row[i].N
		}
	}
	for hidden > 0 && (hidden == 1 || sum < minimum) {
		next := -1
		for i, c := range row {
			if !c.Hidden && c.N > 0 && (next < 0 || c.N < row[next].N) {
				next = i
			}
		}
		if next < 0 {
			return
		}
		row[next].Hidden = true
		hidden, sum = hidden+1, sum+row[next].N
	}
}
