package paper_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tidemark/survey/plan"
	"tidemark/survey/report/paper"
)

// thorough is a plan that makes use of everything a paper can tell.
func thorough(d *paper.Dataset) paper.PlanUsed {
	p := planned(d)
	mcid := 0.5
	p.Content.Thresholds[0].MCID, p.Content.Thresholds[0].MCIDSource = &mcid, "half a point, by agreement"
	p.Content.Subgroups = []plan.Subgroup{{Kind: plan.SubgroupRun}, {Kind: plan.SubgroupScale, Key: "sc_total"}}
	p.Content.Sensitivity = plan.Sensitivities()
	return p
}

func TestEverySectionIsATableAndAFrame(t *testing.T) {
	t.Parallel()
	d := inTwoRuns(rehearsed(t, 1, 122))
	p := build(t, d, thorough(d))
	var tables, frames []string
	for _, table := range p.Tables() {
		tables = append(tables, table.Name)
		if table.Caption == "" {
			t.Errorf("%s has no caption", table.Name)
		}
		for _, row := range table.Rows {
			if len(row.Cells) != len(table.Head) {
				t.Errorf("%s: a row of %d cells under %d heads: %q", table.Name, len(row.Cells), len(table.Head), row.Cells)
			}
		}
	}
	for _, f := range p.Frames() {
		frames = append(frames, f.Name)
		if len(slices.Compact(slices.Sorted(slices.Values(f.Header)))) != len(f.Header) {
			t.Errorf("%s has a column twice: %q", f.Name, f.Header)
		}
		for _, row := range f.Rows {
			if len(row) != len(f.Header) {
				t.Errorf("%s: a row of %d cells under %d heads", f.Name, len(row), len(f.Header))
			}
		}
	}
	if !slices.Equal(tables, paper.TableNames()) || !slices.Equal(frames, paper.TableNames()) {
		t.Errorf("tables %q\nframes %q\nwant %q", tables, frames, paper.TableNames())
	}
}

func TestATableTellsTheNumbersOfItsFrame(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	p := build(t, d, planned(d))
	frame, _ := p.Frame(paper.TableOutcomes)
	table, _ := p.Table(paper.TableOutcomes)
	at := slices.Index(frame.Header, "estimate")
	for i, row := range frame.Rows {
		v, err := strconv.ParseFloat(row[at], 64)
		if err != nil {
			t.Fatal(err)
		}
		if v != p.Outcomes[i].Primary().Value.Value {
			t.Errorf("%s: the frame has %v", p.Outcomes[i].Key, v)
		}
		rounded := strings.Replace(strconv.FormatFloat(v, 'f', 2, 64), "-", "−", 1)
		if !strings.HasPrefix(table.Rows[i].Cells[4], rounded+" [") {
			t.Errorf("%s: the table has %q for %v", p.Outcomes[i].Key, table.Rows[i].Cells[4], v)
		}
	}
	if _, ok := p.Frame("nothing"); ok {
		t.Error("there is a frame of no name")
	}
}

func TestFramesAreReadBackAsCSV(t *testing.T) {
	t.Parallel()
	d := rehearsed(t, 1, 122)
	for _, f := range build(t, d, thorough(d)).Frames() {
		var b bytes.Buffer
		if err := f.WriteCSV(&b); err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(&b).ReadAll()
		if err != nil || len(rows) != len(f.Rows)+1 {
			t.Errorf("%s: %d rows of %d, %v", f.Name, len(rows)-1, len(f.Rows), err)
		}
	}
}

// What the JSON of a paper hides, no table tells.
func TestTablesOfAFewPeopleHideTheirAnswers(t *testing.T) {
	t.Parallel()
	d := first(rehearsed(t, 4, 60), 14)
	p := build(t, d, thorough(d))
	var b strings.Builder
	if err := p.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "not shown: so few people") {
		t.Error("nothing is hidden")
	}
	for _, person := range d.People {
		if strings.Contains(b.String(), person.Code) {
			t.Errorf("a table names %s", person.Code)
		}
	}
	f, _ := p.Frame(paper.TableItems)
	n, mean := slices.Index(f.Header, "n"), slices.Index(f.Header, "change")
	for _, row := range f.Rows {
		if few, err := strconv.Atoi(row[n]); err == nil && few > 0 && few < p.Minimum && row[mean] != "" {
			t.Errorf("the mean of %d people is told: %q", few, row)
		}
	}
}

func TestAPaperAboutNobodyHasNoTableThatFails(t *testing.T) {
	t.Parallel()
	d := first(rehearsed(t, 5, 20), 0)
	p := build(t, d, planned(d))
	for _, table := range p.Tables() {
		if text := table.String(); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Error(text)
		}
	}
	for _, f := range p.Frames() {
		for _, row := range f.Rows {
			if strings.Contains(strings.Join(row, ","), "NaN") {
				t.Errorf("%s: %q", f.Name, row)
			}
		}
	}
}
