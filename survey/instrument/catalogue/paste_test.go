package catalogue_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/instrument/catalogue"
)

// six are the items that every sheet below must give, for an entry of six items.
var six = []string{
	"I drink tea in the morning.",
	"I do not like rain on a Sunday.",
	"My shoes last for 2 years, or longer.",
	"Clocks bother me at night.",
	"Trains are on time where I live.",
	"It is hard to find a good pen.",
}

const fiveOptions = "1 = Never\n2 = Seldom\n3 = Now and then\n4 = Often\n5 = Always\n"

func TestItemsAreFoundHoweverTheyAreNumbered(t *testing.T) {
	t.Parallel()
	write := func(form string) string {
		var b strings.Builder
		for i, text := range six {
			b.WriteString(strings.NewReplacer("N", fmt.Sprint(i+1), "T", text).Replace(form) + "\n")
		}
		return b.String()
	}
	for name, sheet := range map[string]string{
		"dot":                      fiveOptions + "\n" + write("N. T"),
		"bracket":                  fiveOptions + "\n" + write("N) T"),
		"both brackets":            fiveOptions + "\n" + write("(N) T"),
		"dash":                     fiveOptions + "\n" + write("N - T"),
		"long dash":                fiveOptions + "\n" + write("N – T"),
		"tab":                      fiveOptions + "\n" + write("N\tT"),
		"space":                    fiveOptions + "\n" + write("N T"),
		"bullet":                   fiveOptions + "\n" + write("• N. T"),
		"word":                     fiveOptions + "\n" + write("Item N: T"),
		"blank to fill in":         fiveOptions + "\n" + write("_____ N. T"),
		"numbers for ticking":      fiveOptions + "\n" + write("N. T 1 2 3 4 5"),
		"tabs and numbers":         fiveOptions + "\n" + write("N.\tT\t1\t2\t3\t4\t5"),
		"boxes":                    fiveOptions + "\n" + write("N. T □ □ □ □ □"),
		"letters for boxes":        fiveOptions + "\n" + write("N. T o o o o o"),
		"dots":                     fiveOptions + "\n" + write("N. T ........"),
		"line ends of old Macs":    strings.ReplaceAll(fiveOptions+"\n"+write("N. T"), "\n", "\r"),
		"hard spaces":              strings.ReplaceAll(fiveOptions+"\n"+write("N. T"), ". ", ".\u00a0"),
		"empty lines between":      fiveOptions + "\n" + write("N. T\n"),
		"number above the text":    fiveOptions + "\n" + write("N.\nT"),
		"options in one line":      "1 = Never, 2 = Seldom, 3 = Now and then, 4 = Often, 5 = Always\n" + write("N. T"),
		"options as a header":      "\tNever\tSeldom\tNow and then\tOften\tAlways\n" + write("N. T\t□\t□\t□\t□\t□"),
		"options under the items":  write("N. T") + "\n" + fiveOptions,
		"heading and instruction":  "A scale of pens\nRead each line with care.\n\n" + fiveOptions + write("N. T"),
		"sentence behind the last": fiveOptions + write("N. T") + "\nThank you for your help.",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := catalogue.PasteWording(entry(t, "brs-6"), sheet)
			if diff := cmp.Diff(p.Texts(), six); diff != "" {
				t.Errorf("items (got − want +):\n%s", diff)
			}
			if p.Stops() {
				t.Errorf("doubts %+v", p.Doubts)
			}
			options, ok := entry(t, "brs-6").Options(p.Options)
			if !ok || options[0].Label != "Never" || options[4].Label != "Always" || options[4].Value != 5 {
				t.Errorf("options %+v of %+v", options, p.Options)
			}
		})
	}
}

func TestWrappedLinesAreJoined(t *testing.T) {
	t.Parallel()
	sheet := fiveOptions + `
1. I drink tea
   in the morning.
2. I do not like rain on a
Sunday.
3. My shoes last for
2 years, or longer.
4. Clocks bother me at night.
5. Trains are on time where I live.
6. It is hard to find a good
pen.
`
	p := catalogue.PasteWording(entry(t, "brs-6"), sheet)
	if diff := cmp.Diff(p.Texts(), six); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
}

func TestTwoColumnsAreTakenApart(t *testing.T) {
	t.Parallel()
	sheet := fiveOptions + `
1. I drink tea                      4. Clocks bother me at night.
in the morning.
2. I do not like rain on a          5. Trains are on time
Sunday.                             where I live.
3. My shoes last for                6. It is hard to find
2 years, or longer.                 a good pen.
`
	p := catalogue.PasteWording(entry(t, "brs-6"), sheet)
	if diff := cmp.Diff(p.Texts(), six); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
	if !doubts(p, "two columns") || p.Stops() {
		t.Errorf("doubts %+v", p.Doubts)
	}
}

func TestEveryDoubtAboutASheetIsTold(t *testing.T) {
	t.Parallel()
	lines := make([]string, len(six))
	for i, text := range six {
		lines[i] = fmt.Sprintf("%d. %s", i+1, text)
	}
	with := func(change func([]string) []string) string {
		return fiveOptions + strings.Join(change(append([]string(nil), lines...)), "\n")
	}
	for name, c := range map[string]struct {
		entry, sheet string
		stop         bool
		says         string
	}{
		"nothing numbered":      {"brs-6", "Some words.\nMore words.", true, "No numbered item"},
		"a number missing":      {"brs-6", with(func(l []string) []string { return append(l[:3], l[4:]...) }), true, "not found: 4"},
		"a number twice":        {"brs-6", with(func(l []string) []string { l[4] = "4. Trains are late."; return l }), true, "Number 4 was found 2 times"},
		"too many":              {"brs-6", with(func(l []string) []string { return append(l, "7. One more.") }), true, "Number 7 is too many"},
		"no text":               {"brs-6", with(func(l []string) []string { l[5] = "6."; return l }), true, "Number 6 has no text"},
		"same words":            {"brs-6", with(func(l []string) []string { l[5] = "6. " + six[0]; return l }), false, "same words"},
		"a broken word":         {"brs-6", with(func(l []string) []string { l[0] = "1. I drink green-\ntea."; return l }), false, "hyphen within item 1"},
		"no options":            {"brs-6", strings.Join(lines, "\n"), true, "options were not found"},
		"too few options":       {"brs-6", "1 = Never, 2 = Seldom, 3 = Always\n" + strings.Join(lines, "\n"), true, "3 options were found"},
		"values from zero":      {"brs-6", "0 = Never, 1 = Seldom, 2 = Now and then, 3 = Often, 4 = Always\n" + strings.Join(lines, "\n"), false, "counts from 0, the key from 1"},
		"upside down":           {"brs-6", "1 = Always, 2 = Often, 3 = Now and then, 4 = Seldom, 5 = Never\n" + strings.Join(lines, "\n"), false, "runs the other way"},
		"only ends":             {"brs-6", "Never 1 2 3 4 5 Always\n" + strings.Join(lines, "\n"), false, "shown as numbers"},
		"no values":             {"brs-6", "Never\tSeldom\tNow and then\tOften\tAlways\n" + strings.Join(lines, "\n"), false, "“Never” is taken as 1"},
		"other marks":           {"brs-6", with(func(l []string) []string { l[0] += " (R)"; l[2] += " (R)"; return l }), false, "marks 1 and 3 as turned, the key turns 2, 4 and 6"},
		"WHO-5 from 1 to 6":     {"who-5", "1 = Never\n2 = a\n3 = b\n4 = c\n5 = d\n6 = Always\n" + strings.Join(lines[:5], "\n"), false, "counts from 1, the key from 0"},
		"WHO-5 without numbers": {"who-5", "Always\tb\tc\td\te\tNever\n" + strings.Join(lines[:5], "\n"), false, "“Always” is taken as 5"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := catalogue.PasteWording(entry(t, c.entry), c.sheet)
			if !doubts(p, c.says) || p.Stops() != c.stop {
				t.Errorf("want %q (stop %v), have %+v", c.says, c.stop, p.Doubts)
			}
		})
	}
}

func TestASheetThatFitsRaisesNoDoubt(t *testing.T) {
	t.Parallel()
	sheet := fiveOptions
	for i, text := range six {
		sheet += fmt.Sprintf("%d. %s\n", i+1, text)
		if i == 1 || i == 3 || i == 5 {
			sheet = strings.TrimSuffix(sheet, "\n") + " *\n" // marked as the key has it
		}
	}
	p := catalogue.PasteWording(entry(t, "brs-6"), sheet)
	if len(p.Doubts) > 0 {
		t.Errorf("doubts %+v", p.Doubts)
	}
	if diff := cmp.Diff(p.Texts(), six); diff != "" {
		t.Errorf("marks stay in the text:\n%s", diff)
	}
}

// The two orders of the RSES turn different items. Which order a sheet has shows in
// how its items are worded, and in any case somebody must compare.
func TestTheOtherOrderOfASheetIsRecognisedByItsWording(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		sheetTurns []int
		entry      string
		looks      bool // like the other order
	}{
		{[]int{2, 5, 6, 8, 9}, "rses-10-umd", true},
		{[]int{3, 5, 8, 9, 10}, "rses-10-umd", false},
		{[]int{3, 5, 8, 9, 10}, "rses-10-1965", true},
		{[]int{2, 5, 6, 8, 9}, "rses-10-1965", false},
	} {
		sheet := "0 = a\n1 = b\n2 = c\n3 = d\n"
		for n := 1; n <= 10; n++ {
			word := "likes"
			for _, turned := range c.sheetTurns {
				if turned == n {
					word = "does not like"
				}
			}
			sheet += fmt.Sprintf("%d. My cat %s dish number %s.\n", n, word, strings.Repeat("i", n))
		}
		p := catalogue.PasteWording(entry(t, c.entry), sheet)
		if !doubts(p, "in two orders") || doubts(p, "Is this the other order?") != c.looks || p.Stops() {
			t.Errorf("%+v: %+v", c, p.Doubts)
		}
	}
}

func TestTheWrongKeyOfAShortFormIsRecognisedByTheMarksOfASheet(t *testing.T) {
	t.Parallel()
	sheet := fiveOptions
	for n := 1; n <= 12; n++ {
		mark := ""
		for _, wrong := range []int{2, 3, 5, 7, 9, 12} {
			if wrong == n {
				mark = " (R)"
			}
		}
		sheet += fmt.Sprintf("%d. My dog sees cloud number %s.%s\n", n, strings.Repeat("i", n), mark)
	}
	if p := catalogue.PasteWording(entry(t, "scs-sf-12"), sheet); !doubts(p, "the wrong key in circulation") {
		t.Errorf("doubts %+v", p.Doubts)
	}
}

func TestWhatIsNotUsedIsListed(t *testing.T) {
	t.Parallel()
	sheet := "A scale of pens\n" + fiveOptions
	for i, text := range six {
		sheet += fmt.Sprintf("%d. %s\n", i+1, text)
	}
	sheet += "\nReturn this page."
	p := catalogue.PasteWording(entry(t, "brs-6"), sheet)
	if diff := cmp.Diff(p.Unused, []string{"A scale of pens", "Return this page."}); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
}

func TestALineIsAskedBetweenItsStatements(t *testing.T) {
	t.Parallel()
	e := entry(t, "srs-4")
	if p := catalogue.PasteWording(e, "1. a one | left | right\n2. b two | left | right\n3. c three | left\n4. d four | left | right\n"); !p.Stops() || !doubts(p, "Item 3 is answered on a line") {
		t.Errorf("doubts %+v", p.Doubts)
	}
	p := catalogue.PasteWording(e, "1. a one | left | right\n2. b two | left | right\n3. c three | left | right\n4. d four | left | right\n")
	if p.Stops() {
		t.Errorf("doubts %+v", p.Doubts)
	}
}

func TestOptionsAreReadAsTheyAreWritten(t *testing.T) {
	t.Parallel()
	e := entry(t, "brs-6")
	p := catalogue.PasteWording(e, fiveOptions)
	if diff := cmp.Diff(e.ReadOptions(catalogue.WriteOptions(p.Options)), p.Options); diff != "" {
		t.Errorf("(got − want +):\n%s", diff)
	}
	for _, text := range []string{"Never\nSeldom\nNow and then\nOften\nAlways", "1 Never\n2 Seldom\n3 Now and then\n4 Often\n5 Always", "Never (1)\nSeldom (2)\nNow and then (3)\nOften (4)\nAlways (5)", "5: Always\n4: Often\n3: Now and then\n2: Seldom\n1: Never"} {
		options, ok := e.Options(e.ReadOptions(text))
		if !ok {
			t.Errorf("%q: refused", text)
			continue
		}
		for _, o := range options {
			if (o.Label == "Always") != (o.Value == 5) {
				t.Errorf("%q: %+v", text, o)
			}
		}
	}
}

func FuzzAnyPasteGivesAPreview(f *testing.F) {
	f.Add(fiveOptions+"1. a\n2) b\n(3) c   4. d\n\t5\te\n6 - f 1 2 3 4 5", "brs-6")
	f.Add("Never 1 2 3 4 5 Always\n\n* 1. x (R)\n7. y\n1.", "scs-26")
	f.Add("1. a | b | c", "srs-4")
	f.Fuzz(func(t *testing.T, text, id string) {
		e, err := catalogue.ByID(id)
		if err != nil {
			return
		}
		p := catalogue.PasteWording(e, text)
		if p.Stops() || e.KeyOnForm || !e.Ready {
			return
		}
		// A preview without a stop makes a questionnaire, or says what is wrong.
		options, _ := e.Options(p.Options)
		if d, err := e.Definition(catalogue.Wording{Items: p.Texts(), Options: options}); err == nil && len(d.Items) != e.Items {
			t.Errorf("%d items", len(d.Items))
		}
	})
}

func doubts(p *catalogue.Preview, text string) bool {
	for _, d := range p.Doubts {
		if strings.Contains(d.Text, text) {
			return true
		}
	}
	return false
}
