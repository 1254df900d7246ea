package web

import (
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// questionKind is how a question is asked; the templates and the script know it.
type questionKind string

const (
	kindRadio  questionKind = "radio"  // one of several answers
	kindSteps  questionKind = "steps"  // a slider as a few answers in a row
	kindTicks  questionKind = "ticks"  // any of several answers
	kindNumber questionKind = "number" // typed, or a slider of many steps
	kindLine   questionKind = "line"
	kindLines  questionKind = "lines"
	kindDay    questionKind = "day"
	kindInfo   questionKind = "info"
)

// phrase is words with the language they are in.
type phrase struct{ Words, Lang string }

type question struct {
	Number   int // 0: not numbered
	Code     string
	Kind     questionKind
	Text     phrase
	Blocks   []textBlock // of information
	Note     phrase
	Hint     string // in the language of the page
	Options  []option
	Across   bool // few and short enough to stand side by side
	Slider   bool
	Range    instrument.Range
	Unit     phrase
	Low      phrase
	High     phrase
	Whole    bool // whole numbers that are not negative
	Limit    int  // characters of a text
	Value    string
	Day      [3]string // day, month and year as they stand in their fields
	Fault    string    // in words
	Required bool
	Hidden   bool // not asked now; there for the script
	Fresh    bool // has just appeared
}

type option struct {
	Value     float64
	Label     phrase
	Checked   bool
	Exclusive bool
}

// Described are the ids of what helps to answer, for aria-describedby.
func (q question) Described() string {
	var ids []string
	if q.Fault != "" {
		ids = append(ids, q.Code+"-fault")
	}
	if q.Note.Words != "" {
		ids = append(ids, q.Code+"-note")
	}
	if q.Hint != "" {
		ids = append(ids, q.Code+"-hint")
	}
	return strings.Join(ids, " ")
}

// Unit of the day's fields, for their names.
var dayParts = [3]string{"day", "month", "year"}

// blank is the question of an item without an answer. What it holds is shared by
// all who are asked, and never changed.
func (w worded) blank(code string) question {
	if q, ok := w.blanks[code]; ok {
		return q
	}
	item, _ := w.Item(code)
	return w.newBlank(item)
}

func (w worded) newBlank(item instrument.Item) question {
	q := question{
		Code: item.Code, Kind: kindOf(item), Text: w.phrase(item.Text, item.TextLang), Note: w.phrase(item.Note, item.NoteLang),
	}
	if item.Range != nil {
		q.Range = *item.Range
		q.Unit, q.Low, q.High = w.phrase(item.Range.Unit, item.RangeLang), w.phrase(item.Range.LowLabel, item.RangeLang), w.phrase(item.Range.HighLabel, item.RangeLang)
		q.Whole = item.Range.Min >= 0 && item.Range.Min == math.Trunc(item.Range.Min) && item.Range.Step == math.Trunc(item.Range.Step) && item.Range.Step > 0
	}
	q.Slider = item.Type == instrument.TypeSlider
	switch q.Kind {
	case kindRadio, kindSteps, kindTicks:
		q.Options = w.offered(item)
		q.Across = q.Kind == kindRadio && fitAcross(q.Options)
		if q.Kind == kindTicks {
			q.Hint = w.page.Say("asking.several")
		}
	case kindNumber:
		if item.Range != nil {
			q.Hint = w.page.Say("asking.from_to", "Low", item.Range.Min, "High", item.Range.Max)
		}
	case kindLine, kindLines:
		q.Limit = item.MaxText()
		q.Hint = w.page.Say("asking.at_most", "Limit", q.Limit)
	case kindDay:
		q.Hint = w.page.Say("asking.day_hint")
	case kindInfo:
		q.Blocks = textBlocks(item.Text)
	}
	return q
}

// ask makes the question of an item, with what was typed, or else stored.
func (w worded) ask(item instrument.Item, answer instrument.Value, form url.Values) question {
	q := w.blank(item.Code)
	typed, given := form[item.Code]
	given = given || slices.Contains(form[fieldSeveral], item.Code)
	switch q.Kind {
	case kindRadio, kindSteps, kindTicks:
		q.Options = withChosen(q.Options, answer, typed, given)
	case kindNumber:
		if number, ok := answer.Number(); ok {
			q.Value = strings.Replace(numberText(number), ".", decimalSign(w.page.Tag), 1)
		}
	case kindLine, kindLines:
		q.Value, _ = answer.Text()
	case kindDay:
		text, _ := answer.Text()
		if at, err := time.Parse(time.DateOnly, text); err == nil {
			q.Day = [3]string{strconv.Itoa(at.Day()), strconv.Itoa(int(at.Month())), strconv.Itoa(at.Year())}
		}
		for i, part := range dayParts {
			if v, ok := form[item.Code+"-"+part]; ok {
				q.Day[i] = v[0]
			}
		}
	case kindInfo:
	}
	if given && len(typed) == 1 {
		q.Value = typed[0]
	}
	return q
}

func kindOf(item instrument.Item) questionKind {
	switch item.Type {
	case instrument.TypeSingle, instrument.TypeYesNo:
		return kindRadio
	case instrument.TypeMultiple:
		return kindTicks
	case instrument.TypeText:
		return kindLine
	case instrument.TypeLongText:
		return kindLines
	case instrument.TypeDate:
		return kindDay
	case instrument.TypeInformation:
		return kindInfo
	case instrument.TypeSlider:
		if item.Range != nil && len(steps(*item.Range)) > 0 {
			return kindSteps
		}
	case instrument.TypeNumber:
	}
	return kindNumber
}

// steps are the answers of a slider that has few enough to stand in a row.
func steps(r instrument.Range) []float64 {
	const most = 11
	if r.Step <= 0 || (r.Max-r.Min)/r.Step > most-1+1e-9 {
		return nil
	}
	var values []float64
	for i := range most {
		v := r.Min + float64(i)*r.Step
		if v > r.Max+1e-9 {
			break
		}
		values = append(values, math.Round(v*1e9)/1e9)
	}
	return values
}

// offered are the answers that an item offers, none of them chosen.
func (w worded) offered(item instrument.Item) []option {
	var all []option
	switch {
	case item.Type == instrument.TypeSlider:
		for _, v := range steps(*item.Range) {
			all = append(all, option{Value: v, Label: phrase{w.page.Number(v), w.page.Tag}})
		}
	default:
		offered, _ := w.ItemOptions(item.Code)
		for _, o := range offered {
			all = append(all, option{Value: o.Value, Label: w.phrase(o.Label, o.Lang), Exclusive: o.Exclusive})
		}
	}
	return all
}

// withChosen are the answers offered, with those that are chosen: by what was typed
// where something was given, and else by the stored answer.
func withChosen(offered []option, answer instrument.Value, typed []string, given bool) []option {
	chosen := answer.Choices()
	if v, ok := answer.Number(); ok {
		chosen = []float64{v}
	}
	if given {
		chosen = nil
		for _, s := range typed {
			if v, err := strconv.ParseFloat(s, 64); err == nil {
				chosen = append(chosen, v)
			}
		}
	}
	if len(chosen) == 0 {
		return offered
	}
	all := slices.Clone(offered)
	for i := range all {
		all[i].Checked = slices.Contains(chosen, all[i].Value)
	}
	return all
}

// fitAcross reports whether the answers fit side by side on a line of some 37
// rem: at most five of them, in words that need no more than two short lines.
func fitAcross(options []option) bool {
	const most, longest = 5, 20
	for _, o := range options {
		if utf8.RuneCountInString(o.Label.Words) > longest {
			return false
		}
	}
	return len(options) <= most
}

// layoutOf names how a question stands on its page when no script says better.
func layoutOf(q question) string {
	if q.Across {
		return "across"
	}
	if q.Kind == kindRadio {
		return "stack"
	}
	return string(q.Kind)
}

// layouts are what a script may say instead.
var layouts = []string{"stack", "across", "steps", "slider", "ticks", "number", "line", "lines", "day"}

// askedAs are how the items of a page are asked, to be kept with the answers. told
// is what the script says of the layout, by item.
func (w worded) askedAs(walk survey.Walk, answers instrument.Answers, told map[string]string) map[string]survey.AskedAs {
	how := make(map[string]survey.AskedAs, len(answers))
	for n := 1; n <= walk.Pages(); n++ {
		for _, item := range walk.Page(n) {
			if _, ok := answers[item.Code]; !ok {
				continue
			}
			q := w.blank(item.Code)
			layout := layoutOf(q)
			if slices.Contains(layouts, told[item.Code]) {
				layout = told[item.Code]
			}
			how[item.Code] = survey.AskedAs{Language: q.Text.Lang, Layout: layout + "@" + strconv.Itoa(n)}
		}
	}
	return how
}
