package instrument

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// A Working shows how one score came about, for people who want to check it.
type Working struct {
	Score Score
	// Name and Label are the scale's.
	Name, Label string
	Method      Method
	Items       []WorkedItem
	// Parts are those of a mean of scales.
	Parts []WorkedPart
	// Total is the sum of the answered items as they count.
	Total float64
	// Factor multiplied the mean or sum; 0: none did.
	Factor float64
	// Raw is the score before the table, and Table whether there is one.
	Raw   float64
	Table bool
	// Needed is the least number of answers for a score.
	Needed int
}

// A WorkedItem is one item of a scale: what was answered, and how it counts.
type WorkedItem struct {
	Code, Text string
	// Given: the item was answered. Fits: the answer is one that the item takes.
	Given, Fits bool
	Answer      float64
	Reversed    bool
	// Least and Greatest possible answers, between which a reversed one is turned.
	Least, Greatest float64
	// Counts is the answer as the scale counts it.
	Counts float64
}

// A WorkedPart is one part of a mean of scales.
type WorkedPart struct {
	Scale, Label            string
	Answered, Needed, Items int
	Mean                    float64
	// Valid: enough of the part was answered.
	Valid bool
}

// Explain computes every scale as Score does and shows each step.
func (d *Definition) Explain(answers Numbers) []Working {
	workings := make([]Working, len(d.Scales))
	for i := range d.Scales {
		scale := &d.Scales[i]
		w := Working{
			Name: scale.Name, Label: scale.Label, Method: scale.Method, Factor: scale.Factor,
			Table: len(scale.Lookup) > 0, Needed: max(scale.MinAnswered, 1),
		}
		w.Score = d.scoreScale(scale, answers, &w)
		workings[i] = w
	}
	return workings
}

func (w *Working) add(d *Definition, scale *Scale, code string, item *Item, answer float64, given bool) {
	worked := WorkedItem{Code: code, Given: given, Reversed: slices.Contains(scale.Reversed, code)}
	if item != nil {
		worked.Text = item.Text
		worked.Least, worked.Greatest, _ = d.boundsOf(item)
		if given {
			worked.Answer, worked.Fits = answer, d.offersNumber(item, answer)
		}
		if worked.Fits {
			worked.Counts = d.counted(scale, item, answer)
		}
	}
	w.Items = append(w.Items, worked)
}

// Lines are the steps in words, in English: one for each thing that is done.
func (w Working) Lines() []string {
	var lines []string
	var terms, turned []string
	for _, item := range w.Items {
		switch {
		case !item.Given:
		case !item.Fits:
			lines = append(lines, fmt.Sprintf("%s: %s is not an answer that it takes.", item.Code, show(item.Answer)))
		default:
			terms = append(terms, show(item.Counts))
			if item.Reversed {
				turned = append(turned, fmt.Sprintf("%s: %s + %s − %s = %s", item.Code, show(item.Least), show(item.Greatest), show(item.Answer), show(item.Counts)))
			}
		}
	}
	lines = append(lines, fmt.Sprintf("Answered: %d of %d; at least %d are needed.", w.Score.Answered, w.Score.Items, w.Needed))
	if len(turned) > 0 {
		lines = append(lines, "Reversed: "+strings.Join(turned, "; ")+".")
	}
	if w.Score.Reason == ReasonInvalidAnswer || w.Score.Answered < w.Needed {
		return append(lines, w.outcome())
	}
	if w.Method == MethodMeanOfScales {
		lines = append(lines, w.partLines()...)
	} else {
		lines = append(lines, fmt.Sprintf("Sum of the answered items: %s = %s.", strings.Join(terms, " + "), show(w.Total)))
		lines = append(lines, w.combined())
	}
	if w.Score.Reason == ReasonTooFewAnswered {
		return append(lines, w.outcome())
	}
	if w.Factor != 0 {
		lines = append(lines, fmt.Sprintf("Times %s: %s.", show(w.Factor), show(w.Raw)))
	}
	if w.Table && w.Score.Valid {
		lines = append(lines, fmt.Sprintf("By the table: %s becomes %s.", show(w.Raw), show(w.Score.Value)))
	}
	return append(lines, w.outcome())
}

func (w Working) combined() string {
	mean := w.Total / float64(w.Score.Answered)
	switch {
	case w.Method == MethodMean:
		return fmt.Sprintf("Mean: %s ÷ %d = %s.", show(w.Total), w.Score.Answered, show(mean))
	case w.Score.Answered == w.Score.Items:
		return fmt.Sprintf("Sum: %s.", show(w.Total))
	default:
		return fmt.Sprintf("Sum, the missing items as the mean of the others: %s ÷ %d × %d = %s.",
			show(w.Total), w.Score.Answered, w.Score.Items, show(mean*float64(w.Score.Items)))
	}
}

func (w Working) partLines() []string {
	var lines, means []string
	total := 0.0
	for _, part := range w.Parts {
		if !part.Valid {
			lines = append(lines, fmt.Sprintf("%s: %d of %d answered, %d are needed.", part.Label, part.Answered, part.Items, part.Needed))
			continue
		}
		lines = append(lines, fmt.Sprintf("%s: mean %s.", part.Label, show(part.Mean)))
		means = append(means, show(part.Mean))
		total += part.Mean
	}
	if len(means) < len(w.Parts) {
		return lines
	}
	return append(lines, fmt.Sprintf("Mean of the parts: (%s) ÷ %d = %s.", strings.Join(means, " + "), len(means), show(total/float64(len(means)))))
}

func (w Working) outcome() string {
	switch w.Score.Reason {
	case "":
		return fmt.Sprintf("Score: %s.", show(w.Score.Value))
	case ReasonTooFewAnswered:
		return "No score: too few answers."
	case ReasonInvalidAnswer:
		return "No score: an answer is not among those offered."
	case ReasonNotInTable:
		return fmt.Sprintf("No score: the table has no %s.", show(w.Raw))
	}
	return "No score."
}

// show writes a number with at most four decimals.
func show(v float64) string {
	const decimals = 1e4
	if rounded := math.Round(v*decimals) / decimals; !math.IsInf(rounded, 0) {
		v = rounded
	}
	return strings.Replace(strconv.FormatFloat(v, 'f', -1, 64), "-", "−", 1)
}
