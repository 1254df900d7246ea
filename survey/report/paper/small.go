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
			// The least that protects; an empty cell only when there is nothing else.
			if !c.Hidden && (next < 0 || row[next].N == 0 || c.N > 0 && c.N < row[next].N) {
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

// hiddenParts says which parts of a whole are not told, given the people in each: few
// people, and as many more, the least first, that neither a small part nor several
// that are small together follow from the whole and the rest.
func hiddenParts(people []int, minimum int) []bool {
	row := make([]report.Count, len(people))
	for i, n := range people {
		row[i].N = n
	}
	hideRow(row, minimum)
	out := make([]bool, len(row))
	for i, c := range row {
		out[i] = c.Hidden
	}
	return out
}
