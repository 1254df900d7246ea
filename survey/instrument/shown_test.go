package instrument_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument"
)

// branching is a definition in which much depends on answers. The items can be
// changed by replacing their lines.
const branching = `{
  "key": "way", "version": "1.0.0", "title": "Way", "heading": "Your way", "intro": "Answer what fits.",
  "language": "en", "purpose": "background", "status": "test", "terms": "free", "citation": "none", "minutes": 1, "page_size": 0,
  "sets": {"things": [{"value": 1, "label": "Red"}, {"value": 2, "label": "Blue"}, {"value": 9, "label": "None", "exclusive": true}]},
  "items": [
    {"code": "smokes", "type": "yes_no", "text": "Do you?"},
    {"code": "a_day", "type": "number", "text": "How many?", "range": {"min": 0, "max": 100, "step": 1, "unit": "a day"}, "show_if": "smokes == 1"},
    {"code": "many", "type": "long_text", "text": "Why so many?", "show_if": "a_day > 20", "required_if": "a_day > 40"},
    {"code": "hint", "type": "information", "text": "Think of today."},
    {"code": "colours", "type": "multiple", "text": "Which?", "set": "things"},
    {"code": "name", "type": "text", "text": "Its name?", "max_length": 10, "show_if": "selected(colours, 2) or chosen(colours) > 1", "required_if": "true"},
    {"code": "born", "type": "date", "text": "When?"},
    {"code": "mood", "type": "slider", "text": "How?", "range": {"min": 0, "max": 10, "step": 0.5}}
  ],
  "pages": [
    {"items": ["smokes", "a_day", "many"]},
    {"heading": "More", "items": ["hint", "colours", "name"], "show_if": "answered(smokes)"},
    {"items": ["born", "mood"], "show_if": "name != \"Rex\""}
  ]
}`

func parsed(t *testing.T, source string) *instrument.Definition {
	t.Helper()
	d, err := instrument.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

var (
	num  = instrument.NumberValue
	text = instrument.TextValue
)

func TestItemsAreShownWhenTheirConditionAndThatOfTheirPageHold(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	for name, c := range map[string]struct {
		answers instrument.Answers
		want    string
	}{
		"nothing answered":                    {nil, "smokes"},
		"no":                                  {instrument.Answers{"smokes": num(0)}, "smokes hint colours"},
		"yes":                                 {instrument.Answers{"smokes": num(1)}, "smokes a_day hint colours"},
		"many":                                {instrument.Answers{"smokes": num(1), "a_day": num(30)}, "smokes a_day many hint colours"},
		"hidden answers count as none":        {instrument.Answers{"smokes": num(0), "a_day": num(30)}, "smokes hint colours"},
		"one of several":                      {instrument.Answers{"smokes": num(0), "colours": instrument.ChoicesValue(2)}, "smokes hint colours name"},
		"two of several":                      {instrument.Answers{"smokes": num(0), "colours": instrument.ChoicesValue(1, 9)}, "smokes hint colours name"},
		"another of several":                  {instrument.Answers{"smokes": num(0), "colours": instrument.ChoicesValue(1)}, "smokes hint colours"},
		"a text unequal to another":           {instrument.Answers{"smokes": num(0), "colours": instrument.ChoicesValue(2), "name": text("Bo")}, "smokes hint colours name born mood"},
		"a text equal to another":             {instrument.Answers{"smokes": num(0), "colours": instrument.ChoicesValue(2), "name": text("Rex")}, "smokes hint colours name"},
		"a hidden text is unequal to nothing": {instrument.Answers{"smokes": num(0), "name": text("Bo")}, "smokes hint colours"},
		"an answer of the wrong kind":         {instrument.Answers{"smokes": text("1")}, "smokes"},
		"an answer taken back":                {instrument.Answers{"smokes": {}}, "smokes"},
	} {
		shown := d.Shown(c.answers)
		var got []string
		for _, item := range d.Items {
			if shown[item.Code] {
				got = append(got, item.Code)
			}
		}
		if len(shown) != len(d.Items) || strings.Join(got, " ") != c.want {
			t.Errorf("%s: shown %v, want %s", name, got, c.want)
		}
	}
}

func TestAnAnswerIsRequiredOnlyOfAnItemThatIsShown(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	for name, c := range map[string]struct {
		answers instrument.Answers
		want    []string
	}{
		"nothing answered": {nil, nil},
		"not shown":        {instrument.Answers{"smokes": num(0), "a_day": num(50)}, nil},
		"below":            {instrument.Answers{"smokes": num(1), "a_day": num(30)}, nil},
		"above":            {instrument.Answers{"smokes": num(1), "a_day": num(50)}, []string{"many"}},
		"always":           {instrument.Answers{"smokes": num(1), "colours": instrument.ChoicesValue(2)}, []string{"name"}},
	} {
		got := slices.Sorted(maps.Keys(d.Required(c.answers)))
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: required %v, want %v", name, got, c.want)
		}
		var refused instrument.FieldErrors
		if err := d.CheckRequired(c.answers); err != nil {
			refused = err.(instrument.FieldErrors) //nolint:errorlint // the documented type
		}
		if missing := slices.Sorted(maps.Keys(refused)); !slices.Equal(missing, c.want) {
			t.Errorf("%s: missing %v, want %v", name, missing, c.want)
		}
	}
	if err := d.CheckRequired(instrument.Answers{"smokes": num(1), "a_day": num(50), "many": text("Because")}); err != nil {
		t.Errorf("a required answer that is there: %v", err)
	}
}

func TestOnlyAnswersToShownItemsCount(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	answers := instrument.Answers{"smokes": num(0), "a_day": num(30), "many": text("Hm"), "born": {}}
	before := maps.Clone(answers)
	if diff := cmp.Diff(d.Given(answers), instrument.Answers{"smokes": num(0)}); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	if diff := cmp.Diff(answers, before); diff != "" {
		t.Errorf("the answers were changed, now -, before +:\n%s", diff)
	}
}

// holds reports whether a condition on two numbers, a text, a day and several
// choices holds.
func holds(t *testing.T, condition string, answers instrument.Answers) bool {
	t.Helper()
	t.Helper()
	return parsed(t, asking(condition)).Shown(answers)["z"]
}

func asking(condition string) string {
	return fmt.Sprintf(`{
  "key": "way", "version": "1.0.0", "title": "Way", "heading": "Your way", "intro": "Answer.", "language": "en",
  "status": "test", "terms": "free", "citation": "none", "minutes": 1, "page_size": 9,
  "options": [{"value": 0, "label": "No"}, {"value": 1, "label": "A bit"}, {"value": 2, "label": "Yes"}],
  "items": [{"code": "x", "text": "X"}, {"code": "y", "text": "Y"}, {"code": "t", "type": "text", "text": "T"},
    {"code": "d", "type": "date", "text": "D"}, {"code": "e", "type": "date", "text": "E"},
    {"code": "m", "type": "multiple", "text": "M"}, {"code": "read", "type": "information", "text": "R"},
    {"code": "z", "text": "Z", "show_if": %q}]}`, condition)
}

func TestConditionsSayWhatTheySeem(t *testing.T) {
	t.Parallel()
	all := instrument.Answers{"x": num(2), "y": num(0), "t": text("blue"), "d": text("2026-03-02"), "e": text("2026-03-12"), "m": instrument.ChoicesValue(0, 2)}
	for condition, want := range map[string][2]bool{ // with all answered, with none
		"x == 2":                              {true, false},
		"x != 2":                              {false, false},
		"x != 1":                              {true, false},
		"x > 1":                               {true, false},
		"x <= 1":                              {false, false},
		"not (x <= 1)":                        {true, true},
		"1 < x":                               {true, false},
		"0 < x and x < 3":                     {true, false},
		"0 < x < 3":                           {true, false},
		"x in [1, 2]":                         {true, false},
		"x not in [1, 2]":                     {false, true},
		"x == y":                              {false, false},
		"x != y":                              {true, false},
		"x + y * 2 == 2":                      {true, false},
		"x / 2 == 1":                          {true, false},
		"-x < -1":                             {true, false},
		"answered(x)":                         {true, false},
		"!answered(x)":                        {false, true},
		"answered(t) && answered(d)":          {true, false},
		"answered(m)":                         {true, false},
		"selected(m, 2)":                      {true, false},
		"selected(m, 1)":                      {false, false},
		"selected(x, 2)":                      {true, false},
		"2 in m":                              {true, false},
		"1 in m":                              {false, false},
		"chosen(m) == 2":                      {true, false},
		"chosen(m) == 0":                      {false, true},
		"sum(x, y) == 2":                      {true, false},
		"sum(x, y) != 1":                      {true, false},
		"mean(x, y) == 1":                     {true, false},
		"mean(x, y) < 5":                      {true, false},
		"min(x, y) == 0":                      {true, false},
		"max(x, y, 7) == 7":                   {true, true},
		"abs(y - x) == 2":                     {true, false},
		`t == "blue"`:                         {true, false},
		`t != "red"`:                          {true, false},
		`t < "c"`:                             {true, false},
		`t in ["red", "blue"]`:                {true, false},
		`t contains "lu"`:                     {true, false},
		`t startsWith "b" and t endsWith "e"`: {true, false},
		`t == t`:                              {true, false},
		`d < "2026-04-01"`:                    {true, false},
		`d < e`:                               {true, false},
		`days(d, e) == 10`:                    {true, false},
		`days(d, e) != 3`:                     {true, false},
		"true":                                {true, true},
		"x == 1 or answered(y)":               {true, false},
	} {
		if got := [2]bool{holds(t, condition, all), holds(t, condition, nil)}; got != want {
			t.Errorf("%s: with all answers and with none %v, want %v", condition, got, want)
		}
	}
}
