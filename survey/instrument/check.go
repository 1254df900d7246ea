package instrument

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// Message keys in FieldErrors.
const (
	// MessageUnknownItem: the instrument has no such item.
	MessageUnknownItem = "answer.unknown_item"
	// MessageNotAnOption: the answer is not one of those offered.
	MessageNotAnOption = "answer.not_an_option"
	// MessageExclusive: an option that stands alone, and another.
	MessageExclusive = "answer.exclusive"
	// MessageNotANumber: something else where a number belongs.
	MessageNotANumber = "answer.not_a_number"
	// MessageOutOfRange: a number below the least or above the greatest possible.
	MessageOutOfRange = "answer.out_of_range"
	// MessageOffStep: a number between two possible ones.
	MessageOffStep = "answer.off_step"
	// MessageNotAText: something else where a text belongs, or a text with
	// characters that cannot be shown.
	MessageNotAText = "answer.not_a_text"
	// MessageTooLong: a text longer than the item takes.
	MessageTooLong = "answer.too_long"
	// MessageNotADay: no day of the calendar.
	MessageNotADay = "answer.not_a_day"
	// MessageRequired: no answer where one is needed.
	MessageRequired = "answer.required"
)

// FieldErrors are refused answers: item code to message key.
type FieldErrors map[string]string

// Error lists the refused items in the order of their codes. It never holds an
// answer.
func (f FieldErrors) Error() string {
	parts := make([]string, 0, len(f))
	for _, code := range slices.Sorted(maps.Keys(f)) {
		parts = append(parts, fmt.Sprintf("%q: %s", code, f[code]))
	}
	return "answers refused: " + strings.Join(parts, ", ")
}

// Check says whether all answers are to known items and among what they offer.
// Unanswered items, and answers taken back, are no fault. The error is of type
// FieldErrors.
func (d *Definition) Check(answers Answers) error {
	refused := FieldErrors{}
	for code, answer := range answers {
		item := d.item(code)
		switch {
		case item == nil || !item.Type.Asked():
			refused[code] = MessageUnknownItem
		case answer.IsZero():
		default:
			if message := d.refuses(item, answer); message != "" {
				refused[code] = message
			}
		}
	}
	return refused.err()
}

// CheckRequired says which answers are needed, given all that there are, and not
// there. The error is of type FieldErrors.
func (d *Definition) CheckRequired(answers Answers) error {
	missing := FieldErrors{}
	for code := range d.Required(answers) {
		if answers[code].IsZero() {
			missing[code] = MessageRequired
		}
	}
	return missing.err()
}

func (f FieldErrors) err() error {
	if len(f) == 0 {
		return nil
	}
	return f
}

// refuses is the message why an item does not take an answer; empty when it does.
func (d *Definition) refuses(item *Item, answer Value) string {
	switch item.Type {
	case TypeSingle, TypeYesNo:
		if number, ok := answer.Number(); !ok || !d.offersNumber(item, number) {
			return MessageNotAnOption
		}
		return ""
	case TypeMultiple:
		return refusesChoices(d.optionsOf(item), answer)
	case TypeNumber, TypeSlider:
		return refusesNumber(item.Range, answer)
	case TypeText, TypeLongText:
		return refusesText(*item, answer)
	case TypeDate:
		if day, ok := answer.Text(); !ok || !validDay(day) {
			return MessageNotADay
		}
		return ""
	case TypeInformation: // has no answer, which Check knows
	}
	return MessageUnknownItem
}

func refusesChoices(options []Option, answer Value) string {
	choices := answer.Choices()
	if choices == nil {
		return MessageNotAnOption
	}
	alone := false
	for _, choice := range choices {
		i := slices.IndexFunc(options, func(o Option) bool { return o.Value == choice })
		if i < 0 {
			return MessageNotAnOption
		}
		alone = alone || options[i].Exclusive
	}
	if alone && len(choices) > 1 {
		return MessageExclusive
	}
	return ""
}

func refusesNumber(within *Range, answer Value) string {
	number, ok := answer.Number()
	switch {
	case !ok || math.IsNaN(number) || math.IsInf(number, 0):
		return MessageNotANumber
	case within == nil && math.Abs(number) > greatestNumber:
		return MessageOutOfRange
	case within == nil:
		return ""
	case number < within.Min || number > within.Max:
		return MessageOutOfRange
	case !within.onStep(number):
		return MessageOffStep
	}
	return ""
}

func refusesText(item Item, answer Value) string {
	text, ok := answer.Text()
	if !ok || !utf8.ValidString(text) {
		return MessageNotAText
	}
	if utf8.RuneCountInString(text) > item.MaxText() {
		return MessageTooLong
	}
	unshowable := func(r rune) bool {
		lines := item.Type == TypeLongText && (r == '\n' || r == '\r' || r == '\t')
		return unicode.IsControl(r) && !lines
	}
	if strings.ContainsFunc(text, unshowable) {
		return MessageNotAText
	}
	return ""
}

// greatestNumber is the greatest that a number can be, whichever its sign.
const greatestNumber = 1e9

// holds reports whether a number is within the range and on a step of it.
func (r *Range) holds(v float64) bool {
	if r == nil {
		return math.Abs(v) <= greatestNumber // false for what is undefined
	}
	return v >= r.Min && v <= r.Max && r.onStep(v)
}

// stepTolerance is how far a number may be from a step, in steps: decimals such as
// 0.1 are not exact.
const stepTolerance = 1e-6

func (r *Range) onStep(v float64) bool {
	if r.Step <= 0 {
		return true
	}
	steps := (v - r.Min) / r.Step
	return math.Abs(steps-math.Round(steps)) <= stepTolerance
}

// Years that a day can be in. Before and after, somebody has mistyped.
const firstYear, lastYear = 1880, 2199

// validDay reports whether a text is a day, as "2026-03-02".
func validDay(s string) bool {
	day, err := time.Parse(time.DateOnly, s)
	return err == nil && day.Year() >= firstYear && day.Year() <= lastYear
}
