package instrument_test

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/instrument"
	"tidemark/survey/internal/readability"
)

// released pins the hash of every released definition. A line of this file may
// be added, never changed: a corrected questionnaire is a new version.
const released = "testdata/released.txt"

func TestReleasedDefinitionsNeverChange(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(released)
	if err != nil {
		t.Fatal(err)
	}
	pinned := strings.Split(strings.TrimSpace(string(data)), "\n")
	for _, d := range builtin(t) {
		line := fmt.Sprintf("%s %s %s", d.Key, d.Version, d.Hash())
		if !slices.Contains(pinned, line) {
			t.Errorf("%s holds no line %q; give a changed definition a new version", released, line)
		}
	}
}

func TestBuiltinTextsReadAtAgeEleven(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		total := 0.0
		for _, item := range d.Items {
			grade := readability.Grade(item.Text)
			total += grade
			if grade > 8 {
				t.Errorf("%s has grade %.1f, want at most 8: %s", item.Code, grade, item.Text)
			}
			if words := len(strings.Fields(item.Text)); words > 18 {
				t.Errorf("%s has %d words, want at most 18", item.Code, words)
			}
		}
		if mean := total / float64(len(d.Items)); mean > 6 {
			t.Errorf("%s has the mean grade %.1f, want at most 6", d.Key, mean)
		}
		if grade := readability.Grade(d.Heading + " " + d.Intro); grade > 6 {
			t.Errorf("%s: heading and intro have grade %.1f, want at most 6", d.Key, grade)
		}
	}
}

// outcomes are the built-in questionnaires that measure something.
func outcomes(t *testing.T) []*instrument.Definition {
	t.Helper()
	return slices.DeleteFunc(builtin(t), func(d *instrument.Definition) bool { return d.Purpose != instrument.PurposeOutcome })
}

func TestBuiltinQuestionsAreSingleSentencesAndAskedOnce(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		seen := map[string]bool{}
		for _, item := range d.Items {
			if ends := strings.Count(item.Text, ".") + strings.Count(item.Text, "?"); ends != 1 || !strings.ContainsAny(item.Text[len(item.Text)-1:], ".?") {
				t.Errorf("%s is not one sentence: %s", item.Code, item.Text)
			}
			if seen[item.Text] {
				t.Errorf("%s repeats an item: %s", item.Code, item.Text)
			}
			seen[item.Text] = true
		}
	}
}

func TestBuiltinItemsAreStatementsInTheFirstPersonWithoutNegation(t *testing.T) {
	t.Parallel()
	self := regexp.MustCompile(`(?i)\b(I|me|my|myself)\b`)
	negation := regexp.MustCompile(`(?i)\b(not|no|never|nobody|nothing|cannot|without|\w+n't)\b`)
	for _, d := range outcomes(t) {
		for _, item := range d.Items {
			if !strings.HasSuffix(item.Text, ".") {
				t.Errorf("%s is not a statement: %s", item.Code, item.Text)
			}
			if !self.MatchString(item.Text) {
				t.Errorf("%s does not speak in the first person: %s", item.Code, item.Text)
			}
			if n := len(negation.FindAllString(item.Text, -1)); n > 1 {
				t.Errorf("%s has %d negations: %s", item.Code, n, item.Text)
			}
		}
	}
}

func TestBuiltinCodesAreColumnNamesEverywhere(t *testing.T) {
	t.Parallel()
	pattern := regexp.MustCompile(`^[a-z][a-z0-9_]{0,25}$`)
	seen := map[string]string{}
	for _, d := range builtin(t) {
		names := []string{d.Key}
		for _, item := range d.Items {
			names = append(names, item.Code)
		}
		for _, scale := range d.Scales {
			names = append(names, scale.Key)
		}
		for _, name := range names {
			if !pattern.MatchString(name) {
				t.Errorf("%s: %q does not match %s", d.Key, name, pattern)
			}
			if other, taken := seen[name]; taken {
				t.Errorf("%q is used by %s and %s", name, other, d.Key)
			}
			seen[name] = d.Key
		}
	}
}

func TestBuiltinScalesNeedFourFifthsOfTheirItems(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		for _, scale := range d.Scales {
			if want := int(math.Ceil(0.8 * float64(len(scale.Items)))); scale.MinAnswered != want {
				t.Errorf("%s needs %d of %d items, want %d", scale.Key, scale.MinAnswered, len(scale.Items), want)
			}
		}
	}
}

func TestBuiltinInstrumentsSayThatTheyAreNotValidated(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		if d.Status != "project instrument, not yet validated" || !strings.Contains(d.Citation, "not yet validated") {
			t.Errorf("%s: status %q, citation %q", d.Key, d.Status, d.Citation)
		}
		if !strings.Contains(d.Citation, "version "+d.Version) {
			t.Errorf("%s: citation names another version than %s: %s", d.Key, d.Version, d.Citation)
		}
		if d.Purpose == instrument.PurposeOutcome && len(d.Options) != 5 {
			t.Errorf("%s: %d options, want five", d.Key, len(d.Options))
		}
		if len(d.Options) > 0 && (d.Options[0].Value != 1 || d.Options[4].Value != 5) {
			t.Errorf("%s: options %v, want five from 1 to 5", d.Key, d.Options)
		}
	}
}

func TestSelfCompassionHasSixFacetsOfTwoAndReversesTheUnkindThree(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("self_compassion")
	if err != nil {
		t.Fatal(err)
	}
	total, _ := d.Scale("sc_total")
	var unkind, covered []string
	for _, scale := range d.Scales[1:] {
		if len(scale.Items) != 2 || len(scale.Reversed) != 0 || scale.Parent != total.Key {
			t.Errorf("facet %+v, want two items, none reversed, part of %s", scale, total.Key)
		}
		covered = append(covered, scale.Items...)
		if scale.Direction == "lower_better" {
			unkind = append(unkind, scale.Items...)
		}
	}
	slices.Sort(unkind)
	slices.Sort(covered)
	if !slices.Equal(unkind, total.Reversed) || len(unkind) != 6 {
		t.Errorf("items of the unkind facets %v, reversed in the total %v", unkind, total.Reversed)
	}
	if !slices.Equal(covered, total.Items) {
		t.Errorf("facets cover %v, the total %v", covered, total.Items)
	}
}

// languages are those that all our own questionnaires are written in.
var languages = []string{"en", "de", "es"}

func TestBuiltinIsWhollyTranslated(t *testing.T) {
	t.Parallel()
	for _, d := range builtin(t) {
		if got := d.Languages(); !slices.Equal(got, languages) {
			t.Errorf("%s is in %v, want %v", d.Key, got, languages)
		}
		for _, language := range languages {
			for _, gap := range d.Gaps(language) {
				t.Errorf("%s in %s: %s is missing", d.Key, language, gap.Place)
			}
		}
		for language, words := range d.Translations {
			if !strings.Contains(words.Source, "not yet validated") {
				t.Errorf("%s in %s does not say that it is not validated: %q", d.Key, language, words.Source)
			}
		}
	}
}

// Words for "you" that keep people at a distance, and words of the trait in the
// heading, are not ours.
func TestBuiltinTranslationsAreInformalShortAndAsManySentences(t *testing.T) {
	t.Parallel()
	distant := map[string]*regexp.Regexp{
		"de": regexp.MustCompile(`\b(Sie|Ihnen|Ihr|Ihre|Ihren|Ihrem)\b`), "es": regexp.MustCompile(`(?i)\b(usted|ustedes)\b`),
	}
	for _, d := range builtin(t) {
		for language, pattern := range distant {
			words, _ := d.In(language)
			texts := []string{words.Heading, words.Intro}
			for i, item := range words.Items {
				texts = append(texts, item.Text, item.Note)
				if n := len(strings.Fields(item.Text)); n > 20 {
					t.Errorf("%s in %s has %d words, want at most 20: %s", item.Code, language, n, item.Text)
				}
				original := d.Items[i].Text
				if item.Text[len(item.Text)-1] != original[len(original)-1] {
					t.Errorf("%s in %s ends otherwise than %q: %s", item.Code, language, original, item.Text)
				}
				if question := strings.Contains(item.Text, "¿"); language == "es" && question != strings.HasSuffix(item.Text, "?") {
					t.Errorf("%s in Spanish: %s", item.Code, item.Text)
				}
				if item.Text == original {
					t.Errorf("%s in %s is English: %s", item.Code, language, item.Text)
				}
			}
			for _, text := range texts {
				if found := pattern.FindString(text); found != "" {
					t.Errorf("%s in %s says %q: %s", d.Key, language, found, text)
				}
			}
		}
	}
}

// The later versions are those that people have answered, in more languages or with
// more said about their items.
func TestLaterVersionsAskAndScoreAsTheOnesBefore(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile(released)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range builtin(t) {
		if d.Version == "1.0.0" {
			continue
		}
		before := *d
		before.Version = "1.0.0"
		if d.Key != "demographics" { // had its translations from the beginning
			before.Translations = nil
		}
		before.Items = slices.Clone(d.Items)
		for i := range before.Items {
			before.Items[i].Identifying = instrument.IdentifyingNot
		}
		before.Citation = strings.Replace(d.Citation, "version "+d.Version, "version 1.0.0", 1)
		if line := fmt.Sprintf("%s 1.0.0 %s\n", d.Key, before.Hash()); !strings.Contains(string(data), line) {
			t.Errorf("%s %s differs from 1.0.0 in more than its translations and marks", d.Key, d.Version)
		}
		c := instrument.Compare(&before, d)
		if !c.Comparable || !c.Correction || c.NextVersion("1.0.0") != d.Version {
			t.Errorf("%s: %s Next version %s", d.Key, c.Summary(), c.NextVersion("1.0.0"))
		}
	}
}

func TestBackgroundQuestionsHaveAWayOutAndNoScore(t *testing.T) {
	t.Parallel()
	d, err := instrument.BuiltinByKey("demographics")
	if err != nil {
		t.Fatal(err)
	}
	if d.Purpose != instrument.PurposeBackground || len(d.Scales) > 0 {
		t.Errorf("purpose %q, %d scales", d.Purpose, len(d.Scales))
	}
	for _, item := range d.Items {
		if item.RequiredIf != "" {
			t.Errorf("%s can be required", item.Code)
		}
	}
	shown := func(answers instrument.Answers) (own, about bool) {
		s := d.Shown(answers)
		return s["dm_gender_own"], s["dm_course_about"]
	}
	if own, about := shown(nil); own || about {
		t.Error("follow-up questions are shown to everybody")
	}
	if own, about := shown(instrument.Answers{"dm_gender": instrument.ChoicesValue(1, 4), "dm_course": instrument.NumberValue(1)}); !own || !about {
		t.Error("follow-up questions are not shown where they belong")
	}
}
