package pastwaves

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
	"unicode"
	"unicode/utf8"
)

// noAnswer reports whether a cell stands for no answer: by a word, or by a number
// that is none of the answers.
func (c *checker) noAnswer(def *instrument.Definition, item instrument.Item, text string) bool {
	switch strings.ToLower(text) {
	case "na", "n/a", "#n/a", "nan", ".", "null":
		return true
	}
	v, err := number(text)
	if err != nil || !slices.Contains(c.o.Missing, v) {
		return false
	}
	value := instrument.NumberValue(v)
	if item.Type == instrument.TypeMultiple {
		value = instrument.ChoicesValue(v)
	}
	return def.Check(instrument.Answers{item.Code: value}) != nil
}

// value reads an answer; the fault goes on from the cell that it is about.
func (c *checker) value(def *instrument.Definition, item instrument.Item, text string) (instrument.Value, string) {
	switch item.Type {
	case instrument.TypeText, instrument.TypeLongText:
		return instrument.TextValue(text), ""
	case instrument.TypeDate:
		day, fault := c.days.day(text)
		return instrument.TextValue(day), fault
	case instrument.TypeMultiple:
		return severalOf(def, item, text)
	case instrument.TypeSingle, instrument.TypeYesNo:
		if v, ok := option(def, item, text); ok {
			return instrument.NumberValue(v), ""
		}
		return instrument.Value{}, notAnOption(def, item)
	case instrument.TypeNumber, instrument.TypeSlider, instrument.TypeInformation:
	}
	v, err := number(text)
	if err != nil {
		return instrument.Value{}, "is no number. Write it with digits, without a unit or a mark between thousands."
	}
	return instrument.NumberValue(v), ""
}

// number reads a number with a decimal point or a decimal comma.
func number(text string) (float64, error) {
	text = strings.Replace(text, "−", "-", 1)
	if strings.Count(text, ",") == 1 && !strings.Contains(text, ".") {
		text = strings.Replace(text, ",", ".", 1)
	}
	if strings.ContainsAny(text, "xXpP_iInN") { // forms of programs, not of people
		return 0, strconv.ErrSyntax
	}
	v, err := strconv.ParseFloat(text, 64)
	if err == nil && (math.IsInf(v, 0) || math.IsNaN(v)) {
		err = strconv.ErrRange
	}
	return v, err
}

// option is the answer that a cell means: by its code, or else by its label in any
// language of the questionnaire.
func option(def *instrument.Definition, item instrument.Item, text string) (float64, bool) {
	options, _ := def.ItemOptions(item.Code)
	if v, err := number(text); err == nil {
		for _, o := range options {
			if math.Abs(o.Value-v) < 1e-9 {
				return o.Value, true
			}
		}
	}
	var found []float64
	note := func(options []instrument.Option) {
		for _, o := range options {
			if o.Label != "" && same(o.Label, text) && !slices.Contains(found, o.Value) {
				found = append(found, o.Value)
			}
		}
	}
	note(options)
	for language := range def.Translations {
		localized, _ := def.In(language)
		translated, _ := localized.ItemOptions(item.Code)
		note(translated)
	}
	if len(found) != 1 {
		return 0, false
	}
	return found[0], true
}

// severalOf reads choices as "1,3", or their labels between semicolons or bars.
func severalOf(def *instrument.Definition, item instrument.Item, text string) (instrument.Value, string) {
	if v, ok := option(def, item, text); ok { // a label may have a comma
		return instrument.ChoicesValue(v), ""
	}
	for _, separators := range []string{";|\n", ";|\n,"} {
		var values []float64
		for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(separators, r) }) {
			v, ok := option(def, item, strings.TrimSpace(part))
			if !ok {
				values = nil
				break
			}
			values = append(values, v)
		}
		if len(values) > 0 {
			return instrument.ChoicesValue(values...), ""
		}
	}
	return instrument.Value{}, notAnOption(def, item)
}

func notAnOption(def *instrument.Definition, item instrument.Item) string {
	var all []Choice
	options, _ := def.ItemOptions(item.Code)
	for _, o := range options {
		all = append(all, Choice{datafile.FormatNumber(o.Value), short(o.Label)})
	}
	text := "is not one of the answers: " + list(all) + "."
	return text + " Correct it, or name it as a code for no answer."
}

// refusal is why a questionnaire does not take an answer; empty when it does.
func refusal(def *instrument.Definition, item instrument.Item, value instrument.Value) string {
	err := def.Check(instrument.Answers{item.Code: value})
	if err == nil {
		return ""
	}
	faults, _ := err.(instrument.FieldErrors) //nolint:errorlint // Check says that it is this type
	switch faults[item.Code] {
	case instrument.MessageOutOfRange, instrument.MessageOffStep:
		low, high, _ := def.ItemBounds(item.Code)
		text := "is outside of what can be answered: " + datafile.FormatNumber(low) + " to " + datafile.FormatNumber(high)
		if item.Range != nil && item.Range.Step > 0 {
			text += " in steps of " + datafile.FormatNumber(item.Range.Step)
		}
		return text + ". Correct it, or name it as a code for no answer."
	case instrument.MessageTooLong:
		return "is longer than the " + strconv.Itoa(item.MaxText()) + " characters that can be answered."
	case instrument.MessageNotAText:
		return "has characters that cannot be shown; a question of one line takes no line ends."
	case instrument.MessageExclusive:
		return "hold one that stands alone, and another."
	case instrument.MessageNotADay:
		return "is no day that can be answered; years go from 1880 to 2199."
	}
	return notAnOption(def, item)
}

// unguard takes off the mark that keeps spreadsheets from running a text.
func unguard(text string) string {
	if rest, guarded := strings.CutPrefix(text, "'"); guarded {
		if r, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " \u00a0")); strings.ContainsRune("=+-@＝＋－＠", r) {
			return rest
		}
	}
	return text
}

// longestCode is in characters.
const longestCode = 64

// codeFault says why a text cannot be a code.
func codeFault(code string) string {
	switch {
	case utf8.RuneCountInString(code) > longestCode:
		return "it is longer than 64 characters"
	case strings.Contains(code, "@"):
		return "it looks like an address, and answers are kept under pseudonyms alone"
	case strings.ContainsFunc(code, unicode.IsControl):
		return "it has characters that cannot be shown"
	}
	return ""
}
