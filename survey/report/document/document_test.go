package document_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/rehearsal"
	"tidemark/survey/report/document"
	"tidemark/survey/report/paper"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// A Tuesday, in a week without a change of clocks.
var storyEnds = time.Date(2026, 11, 24, 14, 30, 0, 0, time.UTC)

// rehearsed is the document of a rehearsal of so many people, with the codes of
// the people in it.
func rehearsed(t *testing.T, people int) (*document.Document, []string) {
	t.Helper()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "rehearsal.db"), storetest.Vault())
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	must(t, db.Migrate(t.Context()))
	keys, err := auth.New("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
	must(t, err)
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{Store: db, Keys: keys, Seed: 1, Now: storyEnds, People: people})
	must(t, err)
	opt := paper.StudyOptions{Options: paper.Options{Version: "test", Now: storyEnds}}
	p, data, err := paper.OfStudy(t.Context(), db, survey.SystemActor("test"), r.Study.ID, opt)
	must(t, err)
	enrolments, err := db.Enrolments(t.Context(), r.Study.ID)
	must(t, err)
	var codes []string
	for _, e := range enrolments {
		codes = append(codes, string(e.Code))
	}
	return &document.Document{Paper: p, Data: data}, codes
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestADocumentHasEveryFigureAndTableOfItsPaperOnce(t *testing.T) {
	t.Parallel()
	d, _ := rehearsed(t, 122)
	tables, figures := map[string]int{}, map[string]int{}
	for _, s := range d.Sections() {
		if s.ID == "" || s.Title == "" || s.Empty() {
			t.Errorf("section %q %q has nothing to say", s.ID, s.Title)
		}
		for _, table := range s.Tables {
			tables[table.Name]++
		}
		for _, p := range s.Pictures {
			figures[p.Name]++
		}
	}
	for _, table := range d.Paper.Tables() {
		if tables[table.Name] != 1 {
			t.Errorf("table %s is there %d times", table.Name, tables[table.Name])
		}
	}
	for _, name := range slices.Concat(d.Paper.StudyFigures(), paper.OutcomeFigures()) {
		if _, ok := d.Figure(name); ok && figures[name] != 1 || !ok && figures[name] != 0 {
			t.Errorf("figure %s (there: %t) is shown %d times", name, ok, figures[name])
		}
	}
	if len(figures) < 8 || len(tables) < 8 {
		t.Errorf("only %d figures and %d tables", len(figures), len(tables))
	}
}

func TestTheOutcomeInFrontHasItsOwnTables(t *testing.T) {
	t.Parallel()
	d, _ := rehearsed(t, 60)
	other := &d.Paper.Outcomes[len(d.Paper.Outcomes)-1]
	d.Outcome = other.Key
	for _, s := range d.Sections() {
		if s.ID != "change" {
			continue
		}
		if s.Tables[0].Name != paper.TableEstimates || len(s.Tables[0].Rows) != len(other.Estimates) {
			t.Errorf("%s has %d rows, want the %d estimates of %s", s.Tables[0].Name, len(s.Tables[0].Rows), len(other.Estimates), other.Key)
		}
		for _, p := range s.Pictures {
			if p.Outcome != other.Key {
				t.Errorf("figure %s is about %s", p.Name, p.Outcome)
			}
		}
	}
	d.Outcome = "no-such-outcome"
	if _, ok := d.InFront(); ok {
		t.Error("an unknown outcome was found")
	}
}

func TestTheFileAsksNothingOfAnyOtherAddress(t *testing.T) {
	t.Parallel()
	for _, language := range []string{"en", "de"} {
		d, codes := rehearsed(t, 60)
		d.Language = language
		d.Paper.Source.Title = `Learning </style><script>alert("1")</script>`
		var b bytes.Buffer
		must(t, document.WriteHTML(&b, d))
		root, err := html.Parse(bytes.NewReader(b.Bytes()))
		must(t, err)
		ids := map[string]bool{}
		for n := range root.Descendants() {
			if n.Type != html.ElementNode {
				continue
			}
			if slices.Contains([]string{"script", "link", "img", "iframe", "object", "image", "use"}, n.Data) {
				t.Errorf("%s: the file has a %s", language, n.Data)
			}
			for _, a := range n.Attr {
				switch {
				case a.Key == "href" && !strings.HasPrefix(a.Val, "#"), a.Key == "src", strings.HasPrefix(a.Key, "on"):
					t.Errorf("%s: %s has %s=%q", language, n.Data, a.Key, a.Val)
				case a.Key == "id" && ids[a.Val]:
					t.Errorf("%s: the id %s is there twice", language, a.Val)
				case a.Key == "id":
					ids[a.Val] = true
				case a.Key == "lang" && a.Val != language:
					t.Errorf("the language is %s, want %s", a.Val, language)
				}
			}
		}
		for _, mark := range []string{"@import", "url(", "NaN", "ZgotmplZ"} {
			if strings.Contains(b.String(), mark) {
				t.Errorf("%s: the file has %q", language, mark)
			}
		}
		for _, code := range codes {
			if strings.Contains(b.String(), code) {
				t.Errorf("%s: the code %s is in the file", language, code)
			}
		}
	}
}

func TestAnEmptyStudyHasADocument(t *testing.T) {
	t.Parallel()
	d := &document.Document{Paper: &paper.Paper{}, Data: &paper.Dataset{}}
	var b bytes.Buffer
	must(t, document.WriteHTML(&b, d))
	if strings.TrimSpace(d.Answer().String()) == "" || !strings.Contains(b.String(), string(d.Answer().HTML())) {
		t.Error("the document does not say that there is nothing to report")
	}
}
