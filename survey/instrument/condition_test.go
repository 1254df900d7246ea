package instrument_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tidemark/survey/instrument"
)

// faultsOf are the faults of a definition as text.
func faultsOf(t *testing.T, source string) []string {
	t.Helper()
	_, err := instrument.Parse([]byte(source))
	var faults instrument.Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("error %v, want Faults", err)
	}
	var texts []string
	for _, fault := range faults {
		texts = append(texts, fault.String())
	}
	return texts
}

func TestAFaultOfAConditionHasItsPlaceAndSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		"x":                                  `gives a number; a condition must be true or false`,
		"x + 1":                              `gives a number`,
		"q == 1":                             `"q" is not an item`,
		"X == 1":                             `"X" is not an item; is "x" meant?`,
		"raed == 1":                          `"raed" is not an item`,
		"reads == 1":                         `"reads" is not an item; is "read" meant?`,
		"read == 1":                          `"read" is only read and has no answer`,
		"z == 1":                             `asks for the answer to the item itself`,
		"x ==":                               `cannot be read at its end: something is missing`,
		"(x == 1":                            `cannot be read at its end`,
		"x == 1)":                            `cannot be read at character 7`,
		"x = 1":                              `cannot be read at character 3`,
		"x == \"a\"":                         `compares a number with text by "=="`,
		"t > 1":                              `compares text with a number by ">"`,
		`t == ""`:                            `compares with an empty text; write "not answered(x)"`,
		"m == 1":                             `compares several choices by "=="; write selected(x, 3)`,
		"answered(x) == true":                `compares what is true or false by "=="`,
		`d > "1. May"`:                       `compares a day with "1. May"; write it as "2026-03-02"`,
		`d in ["May"]`:                       `compares a day with "May"`,
		"x in m":                             "",
		"t in m":                             `looks for text among choices`,
		`x in ["a"]`:                         `looks for a number in a list with text`,
		"x in 3":                             `has a number behind "in"`,
		"x and true":                         `"and" needs true or false, and stands beside a number`,
		"not x":                              `"not" needs true or false`,
		`t + "a" == "b"`:                     `"+" needs a number, and stands beside text`,
		"-t > 1":                             `"-" needs a number`,
		"x > nil":                            `has "nil", which conditions do not know`,
		"answered()":                         `answered is called with 0 values; it is written answered(x)`,
		"answered(1)":                        `answered does not take a number there; it is written answered(x)`,
		"selected(t, 1)":                     `selected does not take text there; it is written selected(x, 3)`,
		"selected(m, t)":                     `selected does not take text there`,
		"answered":                           `uses answered without ( ) behind it`,
		"len(m) > 1":                         `len() is no function; there are abs, answered, chosen, days, max, mean, min, selected, sum`,
		"all(m, # > 1)":                      `has "all(m, # > 1)", which conditions do not know`,
		"m[0] == 1":                          `has "m[0]", which conditions do not know`,
		"(x ?? 1) > 0":                       `has "??", which conditions do not know`,
		"let q = x; q > 1":                   `which conditions do not know`,
		"x > 1 ? true : false":               `which conditions do not know`,
		"if x > 1 {true} else {false}":       `which conditions do not know`,
		"x > 1; true":                        `which conditions do not know`,
		"x ** 9 > 1":                         `has "**", which conditions do not know`,
		"1..9999999999 == x":                 `which conditions do not know`,
		`t matches "(a*)*b"`:                 `has "matches", which conditions do not know`,
		"$env == 1":                          `"$env" is not an item`,
		"t.x == 1":                           `which conditions do not know`,
		"{} == 1":                            `which conditions do not know`,
		"[1] == 1":                           `has a list where none can be`,
		" ":                                  `is empty; leave it out`,
		"x == 1\nand\ny ==":                  `cannot be read at its end`,
		"x == 1\nand % y":                    `cannot be read at line 2`,
		strings.Repeat("x", 501):             `is 501 bytes long; 500 are possible`,
		"x == 1" + strings.Repeat("+1", 200): `cannot be read because it is too long: 200 parts are possible`,
	} {
		got := faultsOf(t, asking(condition))
		if want == "" {
			if len(got) > 0 {
				t.Errorf("%q: faults %q, want none", condition, got)
			}
			continue
		}
		if len(got) == 0 || !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "items[7].show_if: ") && strings.Contains(s, want) }) {
			t.Errorf("%q: faults %q, want one of items[7].show_if with %q", condition, got, want)
		}
	}
}

func TestWhatDependsOnItselfIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ old, new, want string }{
		"two items in a circle":      {`"text": "Do you?"`, `"text": "Do you?", "show_if": "a_day > 1"`, `items[0].show_if: depends on itself: smokes → a_day → smokes`},
		"through a page":             {`"text": "Do you?"`, `"text": "Do you?", "show_if": "answered(born)"`, `items[0].show_if: depends on itself: smokes → `},
		"a later page":               {`"answered(smokes)"`, `"answered(born)"`, `pages[1].show_if: asks for "born", which is on page 3; a page can depend on earlier pages only`},
		"its own page":               {`"answered(smokes)"`, `"answered(colours)"`, `pages[1].show_if: asks for "colours", which is on page 2`},
		"required by itself":         {`"required_if": "true"`, `"required_if": "answered(name)"`, `items[5].required_if: asks for the answer to the item itself`},
		"required of a text to read": {`"text": "Think of today."`, `"text": "Think of today.", "required_if": "true"`, `items[3].required_if: cannot hold for what is only read`},
		"a code that is a word":      {`"code": "mood"`, `"code": "not"`, `items[7].code: "not" is a word of conditions`},
		"a code that is a function":  {`"code": "mood"`, `"code": "mean"`, `items[7].code: "mean" is a word of conditions`},
	} {
		damaged := strings.Replace(branching, c.old, c.new, 1)
		if damaged == branching {
			t.Fatalf("%s: nothing to replace", name)
		}
		if got := faultsOf(t, damaged); !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, c.want) }) {
			t.Errorf("%s: faults %q, want %q", name, got, c.want)
		}
	}
}

func TestAnItemMayDependOnALaterOne(t *testing.T) {
	t.Parallel()
	d := parsed(t, strings.Replace(branching, `"text": "Think of today."`, `"text": "Think of today.", "show_if": "selected(colours, 1)"`, 1))
	if !d.Shown(instrument.Answers{"smokes": num(1), "colours": instrument.ChoicesValue(1)})["hint"] {
		t.Error("an item before the one it depends on is not shown")
	}
}

func TestConditionsFollowADefinitionThatIsChanged(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	changed := *d
	changed.Items = slices.Clone(d.Items)
	changed.Items[1].ShowIf = "smokes == 0"
	answers := instrument.Answers{"smokes": num(0)}
	if !changed.Shown(answers)["a_day"] || d.Shown(answers)["a_day"] {
		t.Error("a changed copy is asked by the conditions of the original, or the other way round")
	}
	if _, err := changed.Compile(); err != nil {
		t.Error(err)
	}
	changed.Items[1].ShowIf = "smokes =="
	if _, err := changed.Compile(); err == nil {
		t.Error("a broken condition compiles")
	}
	if shown := changed.Shown(answers); !shown["a_day"] {
		t.Error("an item with a broken condition is hidden")
	}
}

func TestConditionsAreSafeForManyAtOnce(t *testing.T) {
	t.Parallel()
	d := parsed(t, branching)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for range 200 {
				shown := d.Shown(instrument.Answers{"smokes": num(float64(i % 2)), "a_day": num(30)})
				if shown["many"] != (i%2 == 1) {
					t.Errorf("person %d sees another's questions", i)
					return
				}
			}
		})
	}
	wg.Wait()
}

// long is a questionnaire of 300 items, each shown for the answer to the one
// before.
func long(t *testing.T) *instrument.Definition {
	t.Helper()
	t.Helper()
	var items []string
	for i := range 300 {
		condition := ""
		if i > 0 {
			condition = fmt.Sprintf(`, "show_if": "i%d >= 1 and not (i%d in [7, 8])"`, i-1, i-1)
		}
		items = append(items, fmt.Sprintf(`{"code": "i%d", "text": "I"%s}`, i, condition))
	}
	head, _, _ := strings.Cut(asking("true"), `"items"`)
	return parsed(t, head+`"items": [`+strings.Join(items, ",")+`]}`)
}

func TestALongChainOfConditionsIsWorkedOutAtOnce(t *testing.T) {
	t.Parallel()
	d := long(t)
	answers := instrument.Answers{}
	for _, item := range d.Items {
		answers[item.Code] = num(1)
	}
	start := time.Now()
	if shown := d.Shown(answers); !shown["i299"] {
		t.Error("the end of the chain is hidden")
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("300 conditions took %v", took)
	}
	answers["i100"] = num(0)
	if shown := d.Shown(answers); shown["i101"] || shown["i299"] || !shown["i100"] {
		t.Error("a broken chain goes on")
	}
}

func TestShownMakesLittleGarbage(t *testing.T) {
	d := parsed(t, branching)
	answers := instrument.Answers{"smokes": num(1), "a_day": num(30), "colours": instrument.ChoicesValue(1, 2)}
	d.Shown(answers)
	if got := testing.AllocsPerRun(200, func() { d.Shown(answers) }); got > 40 {
		t.Errorf("%v allocations for eight items, want at most 40", got)
	}
	plain := parseSmall(t)
	if got := testing.AllocsPerRun(200, func() { plain.Shown(nil) }); got > 3 {
		t.Errorf("%v allocations without conditions, want at most 3", got)
	}
}

func BenchmarkShown(b *testing.B) {
	d, err := instrument.Parse([]byte(branching))
	if err != nil {
		b.Fatal(err)
	}
	answers := instrument.Answers{"smokes": num(1), "a_day": num(30), "colours": instrument.ChoicesValue(1, 2)}
	b.ReportAllocs()
	for b.Loop() {
		d.Shown(answers)
	}
}

func FuzzCondition(f *testing.F) {
	for _, s := range []string{"x == 1", "not (x in [1, 2]) and answered(t)", `d > "2026-01-01"`, "sum(x, y) / 0 > 1", "1..9", "((((x", `t contains "\u00e9"`, "2 in m", "let a = 1; a", "x | answered()"} {
		f.Add(s)
	}
	answers := instrument.Answers{"x": num(2), "t": text("a"), "m": instrument.ChoicesValue(1)}
	f.Fuzz(func(t *testing.T, condition string) {
		start := time.Now()
		_, err := instrument.Parse([]byte(asking("true")))
		if err != nil {
			t.Fatal(err)
		}
		d := parsed(t, asking("true"))
		d.Items[7].ShowIf = condition
		if _, err := d.Compile(); err != nil {
			var faults instrument.Faults
			if !errors.As(err, &faults) || strings.Contains(err.Error(), "cannot be used") {
				t.Fatalf("%q passes the reading and not the language: %v", condition, err)
			}
		}
		d.Shown(answers)
		d.Shown(nil)
		if took := time.Since(start); took > 2*time.Second {
			t.Fatalf("%q took %v", condition, took)
		}
	})
}
