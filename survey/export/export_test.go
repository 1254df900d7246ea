package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
)

type exporter func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error

func files() map[string]exporter {
	return map[string]exporter{
		"long": export.Long, "wide": export.Wide, "scores": export.Scores, "texts": export.Texts, "codebook": export.Codebook,
	}
}

func system() survey.Actor { return survey.SystemActor("test") }

// read writes a file and reads it back with another program's eyes.
func read(t *testing.T, write exporter, r survey.Reader, study survey.StudyID) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := write(t.Context(), r, system(), study, &b); err != nil {
		t.Fatal(err)
	}
	records, err := csv.NewReader(&b).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

// table gives the rows by column name.
func table(t *testing.T, records [][]string) []map[string]string {
	t.Helper()
	var rows []map[string]string
	for _, r := range records[1:] {
		row := map[string]string{}
		for i, name := range records[0] {
			if _, twice := row[name]; twice {
				t.Fatalf("column %s stands twice", name)
			}
			row[name] = r[i]
		}
		rows = append(rows, row)
	}
	return rows
}

func TestOnlyWhoMayAnalyseTheStudyMayExportIt(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 2)
	r.responses = 10
	user := func(g ...survey.Grant) survey.Actor { return survey.UserActor(survey.User{ID: "u", Grants: g}) }
	allowed := map[string]survey.Actor{
		"researcher":   user(survey.Grant{Role: survey.RoleResearcher, StudyID: syntheticStudy}),
		"command line": system(),
	}
	refused := map[string]survey.Actor{
		"nobody":                      {},
		"administrator":               user(survey.Grant{Role: survey.RoleAdministrator}),
		"facilitator":                 user(survey.Grant{Role: survey.RoleFacilitator, StudyID: syntheticStudy}),
		"researcher of another study": user(survey.Grant{Role: survey.RoleResearcher, StudyID: "another"}),
		"participant": survey.ParticipantActor(survey.Participation{
			Study: r.design.Study, Enrolment: r.people[0],
		}),
	}
	for name, write := range files() {
		for who, a := range allowed {
			if err := write(t.Context(), r, a, syntheticStudy, io.Discard); err != nil {
				t.Errorf("%s for %s: %v", name, who, err)
			}
		}
		for who, a := range refused {
			var b bytes.Buffer
			if err := write(t.Context(), r, a, syntheticStudy, &b); !errors.Is(err, survey.ErrForbidden) || b.Len() > 0 {
				t.Errorf("%s for %s: %v and %d bytes, want ErrForbidden and none", name, who, err, b.Len())
			}
		}
	}
}

func TestAFailureOfTheReaderIsReturned(t *testing.T) {
	t.Parallel()
	failure := errors.New("the database went away")
	for _, name := range []string{"long", "wide"} {
		r := newSynthetic(t, 5)
		r.responses, r.failAt, r.failure = 100, 60, failure
		if err := files()[name](t.Context(), r, system(), syntheticStudy, io.Discard); !errors.Is(err, failure) {
			t.Errorf("%s: got %v, want the failure", name, err)
		}
	}
}

func TestAFailureOfTheWriterIsReturnedAndEndsTheReading(t *testing.T) {
	t.Parallel()
	failure := errors.New("the disk is full")
	all := files()
	delete(all, "texts") // these people write nothing
	for name, write := range all {
		r := newSynthetic(t, 2000)
		r.responses = 2000 * r.perPerson()
		r.failAt, r.failure = 20000, errors.New("read on")
		if err := write(t.Context(), r, system(), syntheticStudy, failing{failure}); !errors.Is(err, failure) {
			t.Errorf("%s: got %v, want the failure", name, err)
		}
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

func TestTheHeaderDoesNotDependOnTheData(t *testing.T) {
	t.Parallel()
	empty, full := newSynthetic(t, 0), newSynthetic(t, 3)
	full.responses = 3 * full.perPerson()
	for name, write := range files() {
		a, b := read(t, write, empty, syntheticStudy), read(t, write, full, syntheticStudy)
		if d := cmp.Diff(a[0], b[0]); d != "" {
			t.Errorf("%s: header (-empty +full):\n%s", name, d)
		}
		if name != "codebook" && len(a) != 1 {
			t.Errorf("%s of an empty study has %d rows", name, len(a)-1)
		}
	}
}

func TestAnAnswerOutsideTheDesignIsNotLeftOut(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"long", "wide"} {
		r := newSynthetic(t, 1)
		r.responses = 20
		answered := *r
		r.design.Waves = r.design.Waves[:1]
		r.design.Waves[0].Sets = r.design.Waves[0].Sets[:1]
		err := files()[name](t.Context(), swapped{r, &answered}, system(), syntheticStudy, io.Discard)
		if err == nil {
			t.Errorf("%s: an answer to a questionnaire that is not in the design passed", name)
		}
	}
}

// swapped gives the answers of another study.
type swapped struct {
	*synthetic
	answers *synthetic
}

func (s swapped) EachResponse(ctx context.Context, id survey.StudyID, f func(*survey.ResponseRow) error) error {
	other := *s.answers
	other.design.Waves = []survey.Wave{{ID: "w1", Sets: []survey.InstrumentID{"resilience"}}}
	return other.EachResponse(ctx, id, f)
}

func TestEqualCodesOfOneWaveGetDifferentNames(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 1)
	twin := *r.design.Instruments["resilience"].Definition
	twin.Key = "twin"
	r.design.Instruments["twin"] = survey.InstrumentVersion{ID: "twin", Definition: &twin}
	for i := range r.design.Waves {
		r.design.Waves[i].Sets = []survey.InstrumentID{"resilience", "twin"}
	}
	r.responses = r.perPerson()
	first := twin.Items[0].Code
	rows := table(t, read(t, export.Wide, r, syntheticStudy))
	for _, name := range []string{first + "_pre", "twin_" + first + "_pre", first + "_post", "twin_" + first + "_post"} {
		if rows[0][name] == "" {
			t.Errorf("no value in %s", name)
		}
	}
	described := map[string]bool{}
	for _, row := range table(t, read(t, export.Codebook, r, syntheticStudy)) {
		described[row["variable"]] = true
	}
	for name := range rows[0] {
		if !described[name] {
			t.Errorf("the codebook does not describe %s", name)
		}
	}
}

func TestRunsOfOneNameCanBeToldApart(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 2)
	second := r.runs[0]
	second.Run.ID = "run2"
	r.runs = append([]survey.RunSummary{second}, r.runs...) // the store gives the latest first
	r.people[1].RunID = "run2"
	rows := table(t, read(t, export.Wide, r, syntheticStudy))
	if rows[0]["run"] != "Evening group" || rows[1]["run"] != "Evening group (2)" {
		t.Errorf("runs are called %q and %q", rows[0]["run"], rows[1]["run"])
	}
}

func TestTextThatASpreadsheetWouldRunIsDisarmed(t *testing.T) {
	t.Parallel()
	payloads := []string{
		`=1+1`, `+1+1`, `-1+1`, `@SUM(1)`, "\t=1+1", "\r=1+1", "\n=1+1", `=HYPERLINK("http://x","y")`, ` =1+1`, "\u00a0=1+1",
		`=cmd|' /C calc'!A0`, `＝1+1`, `－1`, `"=1+1"`, `a;=1+1`, "a\t=1+1", `plain`, `O'Brien`, `P-7KQ2`, "two\nlines", ``,
	}
	for _, payload := range payloads {
		r := newSynthetic(t, 1)
		r.runs[0].Run.Name = payload
		r.responses = 3
		for _, name := range []string{"long", "wide"} {
			var b bytes.Buffer
			if err := files()[name](t.Context(), r, system(), syntheticStudy, &b); err != nil {
				t.Fatal(err)
			}
			raw := b.String()
			records, err := csv.NewReader(&b).ReadAll()
			if err != nil {
				t.Fatalf("%s %q: %v", name, payload, err)
			}
			got := table(t, records)[0]["run"]
			if strings.TrimPrefix(got, "'") != payload {
				t.Errorf("%s: %q came back as %q", name, payload, got)
			}
			if start := strings.TrimSpace(got); start != "" && strings.ContainsAny(start[:1], "=+-@") {
				t.Errorf("%s: %q can be taken for a formula", name, got)
			}
			// Importers that also split at semicolons and tabs keep
			// a quoted cell together only if it is quoted from its
			// beginning.
			if strings.ContainsAny(payload, ";\t") && !strings.Contains(raw, `,"`) {
				t.Errorf("%s: %q is not quoted", name, payload)
			}
		}
	}
}

func TestNumbersAreNeverTouched(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 1)
	def := *r.design.Instruments["resilience"].Definition
	def.Options = []instrument.Option{{Value: -3, Label: "=low"}, {Value: 0.1, Label: "-"}, {Value: 1e21, Label: "high"}}
	r.design.Instruments["resilience"] = survey.InstrumentVersion{ID: "resilience", Definition: &def}
	values := []float64{-3, 0.1, 1e21, 0}
	one := &valued{synthetic: r, values: values}
	rows := table(t, read(t, export.Long, one, syntheticStudy))
	var got []string
	for _, row := range rows {
		got = append(got, row["value"])
	}
	if d := cmp.Diff(got, []string{"-3", "0.1", "1e+21", "0"}); d != "" {
		t.Errorf("values (-got +want):\n%s", d)
	}
	for _, row := range table(t, read(t, export.Codebook, r, syntheticStudy)) {
		if row["variable"] == def.Items[0].Code+"_pre" {
			if row["min"] != "-3" || row["max"] != "1e+21" || row["values"] != "'-3 = =low; 0.1 = -; 1e+21 = high" {
				t.Errorf("min %q, max %q, values %q", row["min"], row["max"], row["values"])
			}
			return
		}
	}
	t.Error("the item is not in the codebook")
}

// valued gives certain values to the first items of one questionnaire.
type valued struct {
	*synthetic
	values []float64
}

func (v *valued) EachResponse(_ context.Context, _ survey.StudyID, f func(*survey.ResponseRow) error) error {
	items := v.design.Instruments["resilience"].Definition.Items
	for i, x := range v.values {
		row := survey.ResponseRow{EnrolmentID: v.people[0].ID, WaveID: "w1", InstrumentID: "resilience", Item: items[i].Code, Value: x}
		if err := f(&row); err != nil {
			return err
		}
	}
	return nil
}

func TestAnAnswerThatStandsTwiceIsRefused(t *testing.T) {
	t.Parallel()
	r := newSynthetic(t, 2)
	r.responses = 2 * r.perPerson()
	twice := func(f func(*survey.ResponseRow) error) func(*survey.ResponseRow) error {
		return func(row *survey.ResponseRow) error {
			if err := f(row); err != nil {
				return err
			}
			return f(row)
		}
	}
	if err := export.Wide(t.Context(), rewired{r, twice}, system(), syntheticStudy, io.Discard); err == nil {
		t.Error("the same answer twice passed")
	}
	var first *survey.ResponseRow
	apart := func(f func(*survey.ResponseRow) error) func(*survey.ResponseRow) error {
		return func(row *survey.ResponseRow) error {
			if first == nil {
				kept := *row
				first = &kept
				return nil
			}
			if row.EnrolmentID == first.EnrolmentID {
				return f(row)
			}
			if err := f(row); err != nil {
				return err
			}
			return f(first)
		}
	}
	if err := export.Wide(t.Context(), rewired{r, apart}, system(), syntheticStudy, io.Discard); err == nil {
		t.Error("one person's answers in two places passed")
	}
}

// rewired changes the stream of answers on its way.
type rewired struct {
	*synthetic
	wire func(func(*survey.ResponseRow) error) func(*survey.ResponseRow) error
}

func (r rewired) EachResponse(ctx context.Context, id survey.StudyID, f func(*survey.ResponseRow) error) error {
	return r.synthetic.EachResponse(ctx, id, r.wire(f))
}
