package instrument

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// Numbers are numeric answers by item code. An item without an answer is absent;
// it is never stored as zero.
type Numbers map[string]float64

// Reasons why a Score has no value.
const (
	// ReasonTooFewAnswered: fewer items answered than the scale's MinAnswered, or
	// in a part of a mean of scales fewer than the part's.
	ReasonTooFewAnswered = "too_few_answered"
	// ReasonInvalidAnswer: an answer is not among its item's options. Check
	// refuses such answers before they are stored.
	ReasonInvalidAnswer = "invalid_answer"
	// ReasonNotInTable: the table that turns raw scores into reported ones does
	// not have the raw score.
	ReasonNotInTable = "not_in_table"
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

// Score computes every scale, in the definition's order. Explain shows the way.
//
// The score is the mean of the answered items, reversed items as min + max − x,
// when at least MinAnswered were answered; a sum is that mean times the number
// of items. This is the person-mean rule for missing answers (Schafer & Graham
// 2002, Psychological Methods 7:147–177, discuss its limits). A mean of scales is
// the mean of its parts' means. A factor multiplies the result, and a table looks
// it up.
func (d *Definition) Score(answers Numbers) []Score {
	scores := make([]Score, 0, len(d.Scales))
	for i := range d.Scales {
		scores = append(scores, d.scoreScale(&d.Scales[i], answers, nil))
	}
	return scores
}

// scoreScale computes one scale, and writes down how when notes are wanted.
func (d *Definition) scoreScale(scale *Scale, answers Numbers, notes *Working) Score {
	score := Score{Scale: scale.Key, Items: len(scale.Items), Rule: scale.Rule()}
	total := d.add(scale, scale.Items, answers, &score, notes)
	switch {
	case score.Reason != "":
		return score
	case score.Answered < max(scale.MinAnswered, 1):
		score.Reason = ReasonTooFewAnswered
		return score
	}
	raw := total / float64(score.Answered)
	switch scale.Method {
	case MethodSum:
		raw *= float64(score.Items)
	case MethodMeanOfScales:
		var enough bool
		if raw, enough = d.meanOfParts(scale, answers, notes); !enough {
			score.Reason = ReasonTooFewAnswered
			return score
		}
	case MethodMean:
	}
	if scale.Factor != 0 {
		raw *= scale.Factor
	}
	if notes != nil {
		notes.Total, notes.Raw = total, raw
	}
	if len(scale.Lookup) > 0 {
		step, found := scale.lookUp(raw)
		if !found {
			score.Reason = ReasonNotInTable
			return score
		}
		raw = step
	}
	score.Value, score.Valid = raw, true
	return score
}

// add sums the answered items as the scale counts them.
func (d *Definition) add(scale *Scale, codes []string, answers Numbers, score *Score, notes *Working) float64 {
	total := 0.0
	for _, code := range codes {
		answer, given := answers[code]
		item := d.item(code)
		if notes != nil {
			notes.add(d, scale, code, item, answer, given)
		}
		if !given {
			continue
		}
		if item == nil || !d.offersNumber(item, answer) {
			score.Reason = ReasonInvalidAnswer
			continue
		}
		total += d.counted(scale, item, answer)
		score.Answered++
	}
	return total
}

// counted is an answer as the scale counts it.
func (d *Definition) counted(scale *Scale, item *Item, answer float64) float64 {
	if !slices.Contains(scale.Reversed, item.Code) {
		return answer
	}
	low, high, _ := d.boundsOf(item)
	return low + high - answer
}

// meanOfParts is the mean of the means of the parts; false when one of them has
// too few answers.
func (d *Definition) meanOfParts(scale *Scale, answers Numbers, notes *Working) (float64, bool) {
	total, enough := 0.0, true
	for _, key := range scale.Parts {
		part, _ := d.Scale(key)
		one := Score{}
		sum := d.add(scale, part.Items, answers, &one, nil)
		if one.Answered < max(part.MinAnswered, 1) {
			enough = false
		}
		mean := sum / float64(max(one.Answered, 1))
		total += mean
		if notes != nil {
			notes.Parts = append(notes.Parts, WorkedPart{
				Scale: part.Key, Label: part.Label, Answered: one.Answered, Needed: part.MinAnswered, Items: len(part.Items),
				Mean: mean, Valid: one.Answered >= max(part.MinAnswered, 1),
			})
		}
	}
	return total / float64(len(scale.Parts)), enough
}

// lookupTolerance is how far a raw score may be from that of the table: sums of
// decimals are not exact.
const lookupTolerance = 1e-9

func (s Scale) lookUp(raw float64) (float64, bool) {
	i := slices.IndexFunc(s.Lookup, func(l LookupStep) bool { return l.Raw-raw < lookupTolerance && raw-l.Raw < lookupTolerance })
	if i < 0 {
		return 0, false
	}
	return s.Lookup[i].Score, true
}

// Rule names how the scale is scored. The text is stored with each score and
// stays the same as long as the computation does.
func (s Scale) Rule() string {
	name := "person-mean"
	switch s.Method {
	case MethodSum:
		name = "person-mean-sum"
	case MethodMeanOfScales:
		name = fmt.Sprintf("mean-of-%d-means", len(s.Parts))
	case MethodMean:
	}
	then := ""
	if s.Factor != 0 {
		then = "/times" + strconv.FormatFloat(s.Factor, 'g', -1, 64)
	}
	if len(s.Lookup) > 0 {
		table, _ := json.Marshal(s.Lookup) // finite numbers, which Parse makes sure of
		sum := sha256.Sum256(table)
		then += "/table-" + hex.EncodeToString(sum[:4])
	}
	return fmt.Sprintf("%s/min%dof%d%s/v1", name, s.MinAnswered, len(s.Items), then)
}

// Range returns the least and greatest possible score of a scale; false when
// the key is unknown, or when the scale has no items or one without bounds.
func (d *Definition) Range(key string) (low, high float64, ok bool) {
	scale, known := d.Scale(key)
	if !known || len(scale.Items) == 0 {
		return 0, 0, false
	}
	if len(scale.Lookup) > 0 {
		low, high = scale.Lookup[0].Score, scale.Lookup[0].Score
		for _, step := range scale.Lookup[1:] {
			low, high = min(low, step.Score), max(high, step.Score)
		}
		return low, high, true
	}
	for i, code := range scale.Items {
		least, greatest, bounded := d.ItemBounds(code)
		if !bounded {
			return 0, 0, false
		}
		if i == 0 || scale.Method == MethodSum {
			low, high = low+least, high+greatest
		}
	}
	if scale.Factor != 0 {
		low, high = low*scale.Factor, high*scale.Factor
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
