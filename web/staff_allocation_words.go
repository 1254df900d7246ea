package web

import (
	"fmt"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/allocation"
)

// schemeWords says in sentences how a study allots people, as far as the book does.
func schemeWords(b survey.AllocationBook) []string {
	s := b.Scheme
	ratio, names := make([]string, len(s.Arms)), make([]string, len(s.Arms))
	for i, a := range s.Arms {
		ratio[i], names[i] = strconv.Itoa(a.Share), a.Key
		for _, arm := range b.Arms {
			if arm.Key == a.Key {
				names[i] = arm.Name
			}
		}
	}
	words := []string{"Each person is allotted by chance, when they are added to a course run."}
	if s.Unit == allocation.ByRun {
		words[0] = "Whole course runs are allotted by chance: a run is drawn when its first people are added, and everybody in it is in that group."
	}
	words = append(words, fmt.Sprintf("%s: %s.", strings.Join(names, " to "), strings.Join(ratio, " to ")))
	switch s.Method {
	case allocation.Simple:
		words = append(words, "Simple: every draw is like the toss of a coin, whatever came before.")
	case allocation.Blocks:
		words = append(words, blockWords(s))
	case allocation.Minimisation:
		words = append(words, minimisationWords(s))
	}
	return append(words, "Who is put into a group by hand is marked, with the reason, and takes no place in the sequence.")
}

func blockWords(s allocation.Scheme) string {
	text := "Permuted blocks that keep the ratio"
	switch n := len(s.Sizes); {
	case n == 1:
		text += fmt.Sprintf(", of %d", s.Sizes[0])
	case n > 1:
		text += fmt.Sprintf(", of %s, the size drawn by chance too", orText(s.Sizes))
	}
	if len(s.Factors) > 0 {
		return text + "; separately for each " + factorWords(s, " and ") + "."
	}
	return text + ", in one list for the whole study."
}

func minimisationWords(s allocation.Scheme) string {
	text := "Minimisation: the group that leaves the best balance of " + factorWords(s, ", ") + " is preferred"
	if s.Best > 0 {
		text += fmt.Sprintf(" in %d of 100 cases, and the others are drawn by chance", s.Best)
	}
	return text + ". Who was put into a group by hand counts."
}

func factorWords(s allocation.Scheme, between string) string {
	words := make([]string, len(s.Factors))
	for i, f := range s.Factors {
		words[i] = f.Name
		switch f.Name {
		case allocation.FactorRun:
			words[i] = "course run"
		case allocation.FactorCourse:
			words[i] = "course"
		default:
			words[i] = fmt.Sprintf("%s (%s)", f.Name, strings.Join(f.Levels, ", "))
		}
		if f.Weight > 0 {
			words[i] += fmt.Sprintf(", weight %d", f.Weight)
		}
	}
	return strings.Join(words, between)
}

// orText lists numbers as "4, 6 or 8".
func orText(list []int) string {
	if n := len(list) - 1; n > 0 {
		return numbersText(list[:n]) + " or " + strconv.Itoa(list[n])
	}
	return numbersText(list)
}
