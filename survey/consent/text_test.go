package consent_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey/consent"
	"tidemark/survey/internal/readability"
)

func template(t *testing.T, language string, b consent.Blanks) consent.Text {
	t.Helper()
	text, err := consent.Template(language, b)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

var known = consent.Blanks{Team: "The Harbour Institute", Contact: "Ines, ines@example.org", Ethics: "Board of Harbour, 12/2026"}

func TestOurTextsTellEveryElementInEveryLanguage(t *testing.T) {
	t.Parallel()
	for _, language := range consent.Languages() {
		for _, b := range []consent.Blanks{known, {Rehearsal: true}} {
			text := template(t, language, b)
			if faults := text.Check(false); len(faults) > 0 {
				t.Errorf("%s, rehearsal %v: lacks %v", language, b.Rehearsal, faults)
			}
			if len(text.Sections) != len(consent.Elements()) || len(text.Choices) != len(consent.ChoiceKeys()) || text.Safety == "" {
				t.Errorf("%s: %d sections, %d choices, safety %q", language, len(text.Sections), len(text.Choices), text.Safety)
			}
			for i, e := range consent.Elements() {
				if text.Sections[i].Element != e {
					t.Errorf("%s: section %d tells %s, want %s", language, i, text.Sections[i].Element, e)
				}
			}
		}
	}
}

func TestWhatOnlyAStudyKnowsStaysABlankThatIsFound(t *testing.T) {
	t.Parallel()
	for _, language := range consent.Languages() {
		got := template(t, language, consent.Blanks{}).Check(false)
		want := []consent.Fault{
			{Field: "who", Problem: consent.Unfinished}, {Field: "contact", Problem: consent.Unfinished},
			{Field: "ethics", Problem: consent.Unfinished},
		}
		if diff := cmp.Diff(got, want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", language, diff)
		}
	}
}

func TestOnlyARehearsalSaysThatPeopleAreSimulated(t *testing.T) {
	t.Parallel()
	for language, word := range map[string]string{"en": "simulated", "de": "simuliert", "es": "simulad"} {
		for _, rehearsal := range []bool{true, false} {
			b := known
			b.Rehearsal = rehearsal
			if got := strings.Contains(template(t, language, b).Plain(), word); got != rehearsal {
				t.Errorf("%s, rehearsal %v: says so %v", language, rehearsal, got)
			}
		}
	}
}

func TestOurEnglishTextIsReadAtTheAgeOfEleven(t *testing.T) {
	t.Parallel()
	for _, b := range []consent.Blanks{known, {Rehearsal: true}} {
		text := template(t, "en", b)
		for _, s := range text.Sections {
			if grade := readability.Grade(s.Body); grade > 6.5 && s.Element != consent.Contact && s.Element != consent.Ethics {
				t.Errorf("%s has grade %.1f", s.Element, grade)
			}
		}
		if grade := readability.Grade(text.Plain()); grade > 6 {
			t.Errorf("the whole has grade %.1f, want at most 6", grade)
		}
	}
}

func TestEachMissingElementIsNamed(t *testing.T) {
	t.Parallel()
	for i, e := range consent.Elements() {
		text := template(t, "en", known)
		text.Sections[i].Body = " \n"
		if diff := cmp.Diff(text.Check(false), []consent.Fault{{Field: string(e), Problem: consent.Missing}}); diff != "" {
			t.Errorf("%s (-got +want):\n%s", e, diff)
		}
		text = template(t, "en", known)
		text.Sections = append(text.Sections[:i], text.Sections[i+1:]...)
		if text.Complete(false) {
			t.Errorf("a text without a section %s is complete", e)
		}
		text = template(t, "en", known)
		text.Sections[i].Heading = ""
		if diff := cmp.Diff(text.Check(false), []consent.Fault{{Field: string(e), Problem: consent.NoHeading}}); diff != "" {
			t.Errorf("%s (-got +want):\n%s", e, diff)
		}
	}
	if got := len(consent.Text{}.Check(true)); got != 4+len(consent.Elements()) {
		t.Errorf("an empty later version lacks %d things", got)
	}
}

func TestALaterVersionSaysWhatChanged(t *testing.T) {
	t.Parallel()
	text := template(t, "en", known)
	if diff := cmp.Diff(text.Check(true), []consent.Fault{{Field: "changed", Problem: consent.Missing}}); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	text.Changed = "We now ask three questions more."
	if !text.Complete(true) {
		t.Errorf("lacks %v", text.Check(true))
	}
}

func TestNoApprovalNeedsAReason(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]bool{
		"None needed": false, "none needed.": false, "n/a": false, "–": false, "Keine nötig": false, "No hace falta": false,
		"None needed, because the law of our country asks for none.": true, "Board of Harbour, 12/2026": true,
		"Keine nötig, weil niemand Echtes mitmacht.": true,
	} {
		text := template(t, "en", known)
		text.Sections[10].Body = body
		if got := text.Complete(false); got != want {
			t.Errorf("%q is enough: %v, want %v", body, got, want)
		}
	}
}

func TestAHashIsOfExactlyThisText(t *testing.T) {
	t.Parallel()
	text := template(t, "es", known)
	data, err := text.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	back, err := consent.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(back, text); diff != "" {
		t.Errorf("read back (-got +want):\n%s", diff)
	}
	if back.Hash() != text.Hash() || len(text.Hash()) != 64 {
		t.Errorf("hash %s, then %s", text.Hash(), back.Hash())
	}
	back.Sections[3].Body += " "
	if back.Hash() == text.Hash() {
		t.Error("another text has the same hash")
	}
	if _, err := consent.Parse([]byte(`{"title":"x","quiz":[]}`)); err == nil {
		t.Error("what is no consent text was read as one")
	}
}

func TestAnOldTextIsReadAsSectionsAndWrittenBack(t *testing.T) {
	t.Parallel()
	const body = "First.\n\n## Why\n\nBecause.\n\nAnd so on.\n\n## How\n\nLike this."
	text := consent.FromPlain("Title", body)
	if text.Structured() || text.Complete(false) {
		t.Error("a text without elements passes for one with them")
	}
	if diff := cmp.Diff(text.Plain(), body); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
	if diff := cmp.Diff(text.Sections[1].Paragraphs(), []string{"Because.", "And so on."}); diff != "" {
		t.Errorf("(-got +want):\n%s", diff)
	}
}
