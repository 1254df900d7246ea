package instrument

import (
	"fmt"
	"slices"
)

// Numbers are numeric answers by item code. An item without an answer is absent;
// it is never stored as zero.
type Numbers map[string]float64

// Reasons why a Score has no value.
const (
	// ReasonTooFewAnswered: fewer items answered than the scale's MinAnswered.
	ReasonTooFewAnswered = "too_few_answered"
	// ReasonInvalidAnswer: an answer is not among its item's options. Check
	// refuses such answers before they are stored.
	ReasonInvalidAnswer = "invalid_answer"
)

// A Score is the result of one scale for one set of answers.
type Score struct {
	// Scale is the scale's key.
	Scale string
	// Value has a meaning only when Valid is true.
	Value float64
	Valid bool
	// Reason says why there is no value; empty when Valid.
	Reason string
	// Answered of Items were answered.
	Answered, Items int
	// Rule names the scoring rule and its version, such as
	// "person-mean/min10of12/v1". It is stored with the score.
	Rule string
}

// Score computes every scale, in the definition's order.
//
// The score is the mean of the answered items, reversed items as min + max − x,
// when at least MinAnswered were answered; a sum is that mean times the number
// of items. This is the person-mean rule for missing answers (Schafer & Graham
// 2002, Psychological Methods 7:147–177, discuss its limits).
func (d *Definition) Score(answers Numbers) []Score {
	scores := make([]Score, 0, len(d.Scales))
	for _, scale := range d.Scales {
		scores = append(scores, d.scoreScale(scale, answers))
	}
	return scores
}

func (d *Definition) scoreScale(scale Scale, answers Numbers) Score {
	score := Score{Scale: scale.Key, Items: len(scale.Items), Rule: scale.Rule()}
	total := 0.0
	for _, code := range scale.Items {
		answer, given := answers[code]
		if !given {
			continue
		}
		item := d.item(code)
		if item == nil || !d.offersNumber(item, answer) {
			score.Reason = ReasonInvalidAnswer
			continue
		}
		if slices.Contains(scale.Reversed, code) {
			low, high, _ := d.boundsOf(item)
			answer = low + high - answer
		}
		total += answer
		score.Answered++
	}
	if score.Reason != "" {
		return score
	}
	if score.Answered < max(scale.MinAnswered, 1) {
		score.Reason = ReasonTooFewAnswered
		return score
	}
	score.Value = total / float64(score.Answered)
	if scale.Method == MethodSum {
		score.Value *= float64(score.Items)
	}
	score.Valid = true
	return score
}

// Rule names how the scale is scored. The text is stored with each score and
// stays the same as long as the computation does.
func (s Scale) Rule() string {
	name := "person-mean"
	if s.Method == MethodSum {
		name = "person-mean-sum"
	}
	return fmt.Sprintf("%s/min%dof%d/v1", name, s.MinAnswered, len(s.Items))
}

// Range returns the least and greatest possible score of a scale; false when
// the key is unknown or the scale has no items.
func (d *Definition) Range(key string) (low, high float64, ok bool) {
	scale, known := d.Scale(key)
	if !known || len(scale.Items) == 0 {
		return 0, 0, false
	}
	options, known := d.ItemOptions(scale.Items[0])
	if !known || len(options) == 0 {
		return 0, 0, false
	}
	low, high = bounds(options)
	if scale.Method == MethodSum {
		k := float64(len(scale.Items))
		low, high = low*k, high*k
	}
	return low, high, true
}

// Reverse turns a value around within the range of the options: min + max − x.
// Reversing twice gives the value back.
func Reverse(options []Option, value float64) float64 {
	low, high := bounds(options)
	return low + high - value
}

// bounds returns the least and greatest value among options, of which there is
// at least one.
func bounds(options []Option) (low, high float64) {
	low, high = options[0].Value, options[0].Value
	for _, option := range options[1:] {
		low, high = min(low, option.Value), max(high, option.Value)
	}
	return low, high
}

// offers reports whether value is one of the options. Option values are read
// from text and never computed, so they compare exactly.
func offers(options []Option, value float64) bool {
	return slices.ContainsFunc(options, func(o Option) bool { return o.Value == value })
}
