package sheet

import (
	"slices"
	"strings"
	"unicode"
)

// Nearest are the names most like a wrong one, the likest first, at most three:
// those that differ in case or marks only, and those a few slips of the keyboard
// away (Damerau 1964).
func Nearest(name string, have []string) []string {
	type near struct {
		name  string
		slips int
	}
	bare := letters(name)
	most := max(1, len([]rune(bare))/3)
	var all []near
	for _, h := range have {
		other := letters(h)
		n := slips([]rune(bare), []rune(other))
		if n > most && len(bare) >= 3 && (strings.HasPrefix(other, bare) || strings.HasSuffix(other, bare)) {
			n = most // a part of the name
		}
		if h != "" && n <= most {
			all = append(all, near{h, n})
		}
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.slips - b.slips })
	var names []string
	for _, n := range all[:min(3, len(all))] {
		names = append(names, n.name)
	}
	return names
}

// letters leaves the letters and digits of a name, in lower case.
func letters(name string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, name)
}

// slips is the least number of letters put in, left out, mistaken or swapped
// with their neighbour that make one name of the other.
func slips(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			mistaken := last[j]
			if a[i] != b[j] {
				mistaken++
			}
			row[j+1] = min(mistaken, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}
