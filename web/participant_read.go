package web

import (
	"errors"
	"math"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// Fields of a page of questions that are no questions. Codes of items begin with
// a letter.
const (
	fieldGo      = "_go"       // "back", or onward
	fieldShown   = "_shown"    // what stood on the page when it was shown
	fieldSeen    = "_seen"     // the questions that could be seen
	fieldOpened  = "_opened"   // when the page was sent, in milliseconds
	fieldClear   = "_clear"    // the question whose answer is taken back
	fieldSpeak   = "_language" // the page is to be shown again in this language
	fieldSeveral = "_several"  // the questions that take several answers
)

// posted is what a page brought.
type posted struct {
	answers instrument.Answers
	faults  survey.FieldErrors
	form    url.Values // as it was typed
}

// readPosted takes the item fields of a form. Items not answered are not in it, nor
// are those that stand as the page showed them: they may have been changed on
// another device since. An answer that was shown and is empty now is taken back.
func readPosted(d *instrument.Definition, language string, form url.Values) posted {
	g := posted{answers: instrument.Answers{}, faults: survey.FieldErrors{}, form: form}
	// A field that cannot be read shows nothing, and then everything is taken.
	shown, _ := url.ParseQuery(form.Get(fieldShown))
	for _, code := range fieldCodes(form) {
		item, known := d.Item(code)
		if !known || !item.Type.Asked() {
			g.faults[code] = instrument.MessageUnknownItem
			continue
		}
		value, fault := readItem(d, item, language, form)
		switch {
		case fault != "":
			g.faults[code] = fault
		case value.IsZero() && !shown.Has(code):
		case shown.Has(code) && shown.Get(code) == stamp(value):
		default:
			if fault := faultOf(d, code, value); fault != "" {
				g.faults[code] = fault
				continue
			}
			g.answers[code] = value
		}
	}
	if code := form.Get(fieldClear); code != "" { // an unknown one is refused later
		g.answers[code] = instrument.Value{}
		delete(g.faults, code)
	}
	return g
}

// faultOf says why an item does not take an answer; empty when it does.
func faultOf(d *instrument.Definition, code string, value instrument.Value) string {
	faults, _ := errors.AsType[instrument.FieldErrors](d.Check(instrument.Answers{code: value}))
	return faults[code]
}

// fieldCodes are the codes of the items that a form has something of.
func fieldCodes(form url.Values) []string {
	var codes []string
	for name := range form {
		if strings.HasPrefix(name, "_") {
			continue
		}
		code, _, _ := strings.Cut(name, "-")
		codes = append(codes, code)
	}
	codes = append(codes, form[fieldSeveral]...)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// readItem reads the answer to one item, or says what is wrong with it.
func readItem(d *instrument.Definition, item instrument.Item, language string, form url.Values) (instrument.Value, string) {
	values := form[item.Code]
	if item.Type == instrument.TypeMultiple {
		return readChoices(values)
	}
	if item.Type == instrument.TypeDate && len(values) == 0 {
		return readDay(form.Get(item.Code+"-day"), form.Get(item.Code+"-month"), form.Get(item.Code+"-year"))
	}
	if len(values) != 1 {
		return instrument.Value{}, instrument.MessageNotAnOption
	}
	return readText(d, item, language, values[0])
}

// readText reads an answer that came as text.
func readText(d *instrument.Definition, item instrument.Item, language, text string) (instrument.Value, string) {
	switch item.Type {
	case instrument.TypeNumber, instrument.TypeSlider:
		return readNumber(d, item, language, text)
	case instrument.TypeText, instrument.TypeLongText:
		return instrument.TextValue(cleanText(text, item.Type == instrument.TypeLongText)), ""
	case instrument.TypeDate:
		return instrument.TextValue(strings.TrimSpace(text)), ""
	case instrument.TypeSingle, instrument.TypeYesNo, instrument.TypeMultiple, instrument.TypeInformation:
	}
	v, ok := readPlain(text)
	if !ok {
		return instrument.Value{}, instrument.MessageNotAnOption
	}
	return instrument.NumberValue(v), ""
}

// readPlain is a number as the pages write it.
func readPlain(text string) (float64, bool) {
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil && !math.IsNaN(v) && !math.IsInf(v, 0)
}

func readChoices(values []string) (instrument.Value, string) {
	choices := make([]float64, len(values))
	for i, s := range values {
		v, ok := readPlain(s)
		if !ok {
			return instrument.Value{}, instrument.MessageNotAnOption
		}
		choices[i] = v
	}
	return instrument.ChoicesValue(choices...), ""
}

// readDay reads a day from its three fields; none of them filled is no answer.
func readDay(day, month, year string) (instrument.Value, string) {
	day, month, year = plainDigits(day), plainDigits(month), plainDigits(year)
	if day == "" && month == "" && year == "" {
		return instrument.Value{}, ""
	}
	const digitsOfYear = 4
	d, err1 := strconv.Atoi(day)
	m, err2 := strconv.Atoi(month)
	y, err3 := strconv.Atoi(year)
	at := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if err1 != nil || err2 != nil || err3 != nil || len(year) != digitsOfYear || at.Day() != d || at.Month() != time.Month(m) || at.Year() != y {
		return instrument.Value{}, instrument.MessageNotADay
	}
	return instrument.TextValue(at.Format(time.DateOnly)), ""
}

// readNumber reads a number as people type it. Of two things it can mean, the one
// that the question takes is meant, or else the likelier.
func readNumber(d *instrument.Definition, item instrument.Item, language, text string) (instrument.Value, string) {
	text = strings.TrimSpace(text)
	if item.Range != nil && item.Range.Unit != "" {
		text = strings.TrimSpace(strings.TrimSuffix(text, item.Range.Unit))
	}
	if text == "" {
		return instrument.Value{}, ""
	}
	readings := numberReadings(text, language)
	if v, ok := readPlain(text); ok && item.Type == instrument.TypeSlider {
		readings = slices.Insert(readings, 0, v) // as the page has written it
	}
	if len(readings) == 0 {
		return instrument.Value{}, instrument.MessageNotANumber
	}
	for _, v := range readings {
		if faultOf(d, item.Code, instrument.NumberValue(v)) == "" {
			return instrument.NumberValue(v), ""
		}
	}
	return instrument.NumberValue(readings[0]), ""
}

// The shapes of a typed number: digits in groups of three, and digits with one
// separator.
var (
	groupedNumber = regexp.MustCompile(`^[1-9][0-9]{0,2}(?:([ '.,])[0-9]{3})(?:[ '.,][0-9]{3})*(?:[.,][0-9]+)?$`)
	plainNumber   = regexp.MustCompile(`^(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)$`)
)

// numberReadings are what a typed number can mean, the likeliest first: "1,5" is
// one and a half everywhere, "1.234" is 1234 in German and 1.234 in English.
func numberReadings(text, language string) []float64 {
	const longest = 40
	if len(text) > longest {
		return nil
	}
	text = plainNumberText(text)
	sign := 1.0
	if rest, ok := strings.CutPrefix(text, "-"); ok {
		sign, text = -1, rest
	} else {
		text = strings.TrimPrefix(text, "+")
	}
	var readings []float64
	add := func(s string) {
		v, err := strconv.ParseFloat(s, 64)
		if err == nil && !slices.Contains(readings, sign*v) {
			readings = append(readings, sign*v)
		}
	}
	grouped, groupedBy := ungroup(text)
	plain := plainNumber.MatchString(text)
	if grouped != "" && !(plain && decimalSign(language) == groupedBy) {
		add(grouped)
	}
	if plain {
		add(strings.Replace(text, ",", ".", 1))
	}
	if grouped != "" {
		add(grouped)
	}
	return readings
}

// decimalSign is what stands before the decimals in a language.
func decimalSign(language string) string {
	switch primary, _, _ := strings.Cut(language, "-"); primary {
	case "de", "es", "fr", "it", "pt", "nl", "pl", "ru", "tr", "da", "sv", "nb", "fi", "cs":
		return ","
	}
	return "."
}

// ungroup takes the signs between thousands out of a number; empty when it is not
// grouped.
func ungroup(text string) (number, by string) {
	found := groupedNumber.FindStringSubmatch(text)
	if found == nil {
		return "", ""
	}
	by = found[1]
	whole, decimals := text, ""
	if i := strings.LastIndexAny(text, ".,"); i >= 0 && text[i:i+1] != by {
		whole, decimals = text[:i], "."+text[i+1:]
	}
	digits := strings.ReplaceAll(whole, by, "")
	if strings.Trim(digits, "0123456789") != "" {
		return "", ""
	}
	return digits + decimals, by
}

// plainNumberText writes digits, signs and spaces of any script and keyboard in
// the plain way.
func plainNumberText(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '−' || r == '–':
			return '-'
		case r == '٫':
			return '.'
		case r == '٬':
			return ','
		case r == '’' || r == '\'':
			return '\''
		case unicode.IsSpace(r) || r == '\u202f' || r == '\u2009':
			return ' '
		}
		return plainDigit(r)
	}, strings.TrimSpace(s))
}

func plainDigits(s string) string {
	const longest = 40
	if len(s) > longest {
		return "?"
	}
	return strings.Map(plainDigit, strings.TrimSpace(s))
}

// zeros are the zeros of the scripts whose digits people type; their ten digits
// follow each other.
const zeros = "٠۰०০๐０"

// plainDigit is the digit from 0 to 9 of a digit in one of these scripts.
func plainDigit(r rune) rune {
	for _, zero := range zeros {
		if r >= zero && r <= zero+9 {
			return '0' + r - zero
		}
	}
	return r
}

// cleanText drops what nobody typed: control characters, and space at the ends. A
// line has no line breaks.
func cleanText(s string, lines bool) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' && lines, r == '\t' && lines:
			return r
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || r == '\ufeff':
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// stamp is an answer as the page and its script remember it.
func stamp(v instrument.Value) string { return v.Stamp() }
