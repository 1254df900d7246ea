package export

import (
	"math"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
)

// Why a value is missing, in the words of every format.
var (
	whySkipped  = dataset.Reason{Key: string(survey.MissingSkipped), Text: "left out by the person"}
	whyNotShown = dataset.Reason{Key: string(survey.MissingNotShown), Text: "not asked, because of other answers"}
	whyTooFew   = dataset.Reason{Key: instrument.ReasonTooFewAnswered, Text: "too few items answered for a score"}
	whyInTexts  = dataset.Reason{Key: MissingInTexts, Text: "answered in the person's own words, which are in the file texts"}
)

// describeTable begins a table of the study.
func (f *frame) describeTable(name, label string) dataset.Table {
	t := dataset.Table{Name: name, Label: f.design.Study.Title + ": " + label, Program: "Tidemark", MadeAt: f.lastChange()}
	if f.design.Study.Simulated {
		t.Notes = append(t.Notes, "The people are simulated (a rehearsal).")
	}
	seen := map[*instrument.Definition]bool{}
	for _, s := range f.sheets {
		if seen[s.Def] {
			continue
		}
		seen[s.Def] = true
		note := []string{s.Def.Key + " " + s.Def.Version + ": " + s.Def.Title}
		for _, more := range []string{s.Def.Status, s.Def.Terms, s.Def.Citation} {
			if more != "" {
				note = append(note, more)
			}
		}
		t.Notes = append(t.Notes, strings.Join(note, ". "))
	}
	return t
}

// lastChange is when the newest person came in, a time that belongs to the data:
// the time of writing would make two files of the same data differ.
func (f *frame) lastChange() time.Time {
	last := f.design.Study.CreatedAt
	for _, p := range f.people {
		if p.EnrolledAt.After(last) {
			last = p.EnrolledAt
		}
	}
	return last
}

// words is a variable of texts, wide enough for all that it can hold.
func words(name, label string, measure dataset.Measure, all ...string) dataset.Variable {
	v := dataset.Variable{Name: name, Label: label, Kind: dataset.Text, Measure: measure, Width: 1}
	for _, s := range all {
		v.Width = max(v.Width, len(s))
	}
	return v
}

// named is a variable of texts that have a meaning.
func named(name, label string, all []dataset.Category) dataset.Variable {
	v := words(name, label, dataset.Nominal)
	v.Categories = all
	for _, c := range all {
		v.Width = max(v.Width, len(c.Value))
	}
	return v
}

func (f *frame) instant(name, label string) dataset.Variable {
	return dataset.Variable{Name: name, Label: f.timeLabel(label), Kind: dataset.Instant, Measure: dataset.Scale}
}

// truth is a variable that is 0 or 1.
func truth(name, label, no, yes string) dataset.Variable {
	return dataset.Variable{
		Name: name, Label: label, Kind: dataset.Number, Measure: dataset.Nominal, High: 1, Bounded: true,
		Labels: []dataset.Label{{Value: 0, Text: no}, {Value: 1, Text: yes}},
	}
}

func number(name, label string, decimals int, reasons ...dataset.Reason) dataset.Variable {
	return dataset.Variable{
		Name: name, Label: label, Kind: dataset.Number, Measure: dataset.Scale, Decimals: decimals, Reasons: reasons,
	}
}

// aboutPeople are the variables that every row begins with: whose it is.
func (f *frame) aboutPeople() []dataset.Variable {
	var codes, runs []string
	for _, p := range f.people {
		codes, runs = append(codes, p.Code), append(runs, f.runs[p.RunID].name)
	}
	var arms []dataset.Category
	for _, a := range f.design.Arms {
		arms = append(arms, dataset.Category{Value: a.Key, Text: a.Name})
	}
	return []dataset.Variable{
		words("study", "Short name of the study: "+f.design.Study.Title, dataset.Nominal, f.design.Study.Key),
		truth("simulated", "Whether the people are simulated (a rehearsal)", "real people", "simulated people"),
		words("participant", "Code of the person; contact data are kept elsewhere", dataset.ID, codes...),
		words("run", "Course run (cohort) of the person", dataset.Nominal, runs...),
		named("arm", "Group the person was allocated to", arms),
	}
}

// person are the cells of aboutPeople.
func (f *frame) personCells(cells []dataset.Cell, e survey.Enrolment) []dataset.Cell {
	arm, _ := f.design.Arm(e.ArmID)
	return append(cells,
		dataset.Words(f.design.Study.Key), dataset.Of(float64(f.simulated()-'0')), dataset.Words(e.Code),
		dataset.Words(f.runs[e.RunID].name), dataset.Words(arm.Key))
}

// variable describes a column of the wide table.
func (f *frame) variable(c column) dataset.Variable {
	s := f.sheets[c.sheet]
	e := f.describe(c)
	v := dataset.Variable{
		Name: c.name, Label: e.label + " (" + s.Wave.Name + ")", Kind: dataset.Number, Measure: dataset.Scale,
		Low: e.low, High: e.high, Bounded: e.bounded,
	}
	switch c.kind {
	case columnSubmitted:
		return f.instant(c.name, v.Label)
	case columnVersion:
		all := []string{s.Def.Version}
		for p, def := range f.former {
			if f.sheet[p] == c.sheet {
				all = append(all, def.Version)
			}
		}
		return words(c.name, v.Label, dataset.Nominal, all...)
	case columnSource:
		return named(c.name, v.Label, sourceCategories(true))
	case columnScore:
		v.Decimals, v.Reasons = 2, []dataset.Reason{whyTooFew}
	case columnDay:
		v.Kind, v.Bounded, v.Reasons = dataset.Day, false, f.whyMissing()
	case columnChoice:
		v = truth(c.name, v.Label, "not chosen", "chosen")
		v.Reasons = f.whyMissing()
	case columnItem:
		f.variableOfItem(c, &v)
	}
	return v
}

func (f *frame) variableOfItem(c column, v *dataset.Variable) {
	item, options := f.item(c)
	f.shape(item, options, v)
}

// shape gives a variable the values of an item.
func (f *frame) shape(item instrument.Item, options []instrument.Option, v *dataset.Variable) {
	v.Reasons = f.whyMissing()
	for _, o := range options {
		v.Labels = append(v.Labels, dataset.Label{Value: o.Value, Text: o.Label})
		v.Decimals = max(v.Decimals, decimals(o.Value))
	}
	switch {
	case item.Type == instrument.TypeYesNo:
		v.Measure = dataset.Nominal
	case len(options) > 0:
		v.Measure = dataset.Ordinal
	}
	if r := item.Range; r != nil {
		v.Decimals = 2 // any number
		if r.Step > 0 {
			v.Decimals = max(decimals(r.Step), decimals(r.Min))
		}
		for _, end := range []dataset.Label{{Value: r.Min, Text: r.LowLabel}, {Value: r.Max, Text: r.HighLabel}} {
			if end.Text != "" {
				v.Labels = append(v.Labels, end)
			}
		}
		if r.Unit != "" {
			v.Label += ", " + r.Unit
		}
	}
}

// decimals is how many digits after the point a number has, as far as four.
func decimals(v float64) int {
	const most = 4
	for n := range most {
		if p := v * math.Pow10(n); math.Abs(p-math.Round(p)) < 1e-9*math.Max(1, math.Abs(p)) {
			return n
		}
	}
	return most
}

// sourceLabel says what the sources are of.
const sourceLabel = "Where the answer comes from; empty: its person gave it here"

// sourceCategories are where answers can come from besides their persons.
func sourceCategories(mixed bool) []dataset.Category {
	all := []dataset.Category{
		{Value: string(survey.SourceImport), Text: "brought in from a file"}, {Value: string(survey.SourcePaper), Text: "typed in from paper"},
	}
	if mixed {
		all = append(all, dataset.Category{Value: sourceMixed, Text: "from several places"})
	}
	return all
}

// sourceValues are the sources as the codebook has them.
func sourceValues(mixed bool) []string {
	var values []string
	for _, c := range sourceCategories(mixed) {
		values = append(values, c.Value+" = "+c.Text)
	}
	return values
}
