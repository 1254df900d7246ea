package export

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/instrument"
)

// wideTable has one row for each person.
func (f *frame) wideTable(ctx context.Context, r survey.DataReader) (tableSource, error) {
	t := f.describeTable("wide", "one row a person")
	t.Rows = len(f.people)
	t.Variables = f.wholePerson()
	columns := f.columns()
	for _, c := range columns {
		t.Variables = append(t.Variables, f.variable(c))
	}
	var cells []dataset.Cell
	return tableSource{t, func(write func([]dataset.Cell) error) error {
		return f.eachWide(ctx, r, columns, func(row *wideRow) error {
			var err error
			if cells, err = row.dataset(cells[:0]); err != nil {
				return err
			}
			return write(cells)
		})
	}}, nil
}

// dataset are the cells of the row.
func (wf *wideRow) dataset(cells []dataset.Cell) ([]dataset.Cell, error) {
	cells, err := wf.wholePersonCells(cells, wf.people[wf.person])
	if err != nil {
		return nil, err
	}
	for i, c := range wf.columns {
		cell, err := wf.datasetCell(i, c)
		if err != nil {
			return nil, err
		}
		cells = append(cells, cell)
	}
	return cells, nil
}

func (wf *wideRow) datasetCell(i int, c column) (dataset.Cell, error) {
	has := wf.cells[i]
	switch c.kind {
	case columnScore:
		s := wf.scores.at(wf.person, c.sheet, c.index)
		switch {
		case !s.there:
			return dataset.Cell{}, nil
		case !s.valid:
			return dataset.Missing(s.reason()), nil
		}
		return dataset.Of(s.value), nil
	case columnSubmitted:
		return dataset.At(wf.sent[c.sheet]), nil
	case columnVersion:
		return dataset.Words(wf.version[c.sheet]), nil
	case columnSource:
		return dataset.Words(wf.from[c.sheet]), nil
	case columnItem, columnChoice, columnDay: // below
	}
	switch {
	case !has.noted:
		return dataset.Cell{}, nil
	case !has.given:
		return dataset.Missing(string(has.why)), nil
	case c.kind == columnDay:
		return day(has.text)
	}
	return dataset.Of(has.value), nil
}

// day is a cell with a day as 2026-03-02; of an empty text, nothing.
func day(s string) (dataset.Cell, error) {
	if s == "" {
		return dataset.Cell{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return dataset.Cell{}, fmt.Errorf("%q is not a day: %w", s, err)
	}
	return dataset.At(t), nil
}

// aboutRows are the variables that the rows of a person's answers and scores begin
// with, after aboutPeople.
func (f *frame) aboutRows() []dataset.Variable {
	var waves, instruments []dataset.Category
	var versions []string
	known := map[string]bool{}
	for _, w := range f.design.Waves {
		waves = append(waves, dataset.Category{Value: w.Key, Text: w.Name})
	}
	add := func(def *instrument.Definition) {
		versions = append(versions, def.Version)
		if !known[def.Key] {
			known[def.Key] = true
			instruments = append(instruments, dataset.Category{Value: def.Key, Text: def.Title})
		}
	}
	for _, s := range f.sheets {
		add(s.Def)
	}
	for _, def := range f.former {
		versions = append(versions, def.Version)
	}
	return []dataset.Variable{
		named("wave", "Measurement occasion", waves),
		named("instrument", "Questionnaire", instruments),
		words("instrument_version", "Version of the questionnaire that was answered", dataset.Nominal, versions...),
	}
}

// longTable has one row for each stored answer. It is read twice: formats want to
// know first how many rows there are, and how long their texts.
func (f *frame) longTable(ctx context.Context, r survey.DataReader) (tableSource, error) {
	t := f.describeTable("long", "one row an answer")
	widest, items := 1, map[string]string{}
	for _, s := range f.sheets {
		for _, item := range s.Def.Items {
			items[item.Code] = item.Text
		}
	}
	study := f.design.Study.ID
	err := r.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
		t.Rows++
		if !f.ownWords[place{row.WaveID, row.InstrumentID}][row.Item] {
			widest = max(widest, len(row.Text))
		}
		return nil
	})
	if err != nil {
		return tableSource{}, err
	}
	item := words("item", "Question; the codebook has its wording", dataset.Nominal)
	for code := range items {
		item.Width = max(item.Width, len(code))
	}
	for _, def := range f.former {
		for _, i := range def.Items {
			item.Width = max(item.Width, len(i.Code))
		}
	}
	text := words("text", "Values chosen of several, or a day", dataset.Nominal)
	text.Width = widest
	t.Variables = append(append(f.aboutPeople(), f.aboutRows()...), item,
		number("value", "Answer as given, not reversed", 2, whySkipped, whyNotShown, f.whyNotInLong()), text,
		f.instant("answered_at", "When the answer was last saved, UTC"),
		f.instant("submitted_at", "When the questionnaire was submitted, UTC"), named("source", sourceLabel, sourceCategories(false)))
	var cells []dataset.Cell
	return tableSource{t, func(write func([]dataset.Cell) error) error {
		return r.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
			person, err := f.personOf(row.EnrolmentID)
			if err != nil {
				return err
			}
			at := place{row.WaveID, row.InstrumentID}
			i, err := f.sheetOf(row.WaveID, row.InstrumentID)
			if err != nil {
				return err
			}
			s := f.answered(at, i)
			value, words := dataset.Of(row.Value), dataset.Cell{}
			switch {
			case row.Missing != survey.NotMissing:
				value = dataset.Missing(string(row.Missing))
			case row.Text != "" && f.ownWords[at][row.Item]:
				value = dataset.Missing(MissingInTexts)
			case row.Text != "":
				value, words = dataset.Cell{}, dataset.Words(row.Text)
			}
			cells = append(f.personCells(cells[:0], f.people[person]),
				dataset.Words(s.Wave.Key), dataset.Words(s.Def.Key), dataset.Words(s.Def.Version), dataset.Words(row.Item),
				value, words, dataset.At(row.AnsweredAt), dataset.At(row.SubmittedAt), dataset.Words(string(row.Source)))
			return write(cells)
		})
	}}, nil
}

// scoresTable has one row for each stored score.
func (f *frame) scoresTable(ctx context.Context, r survey.DataReader) (tableSource, error) {
	all, err := f.loadScores(ctx, r)
	if err != nil {
		return tableSource{}, err
	}
	t := f.describeTable("scores", "one row a score")
	for i := range all.cells {
		if all.cells[i].there {
			t.Rows++
		}
	}
	var scales []dataset.Category
	known := map[string]bool{}
	for _, s := range f.sheets {
		for _, scale := range s.Def.Scales {
			if !known[scale.Key] {
				known[scale.Key] = true
				scales = append(scales, dataset.Category{Value: scale.Key, Text: scale.Name})
			}
		}
	}
	t.Variables = append(append(f.aboutPeople(), f.aboutRows()...),
		named("scale", "Scale that was scored", scales), number("value", "Score", 2, whyTooFew),
		number("answered", "Items of the scale that were answered", 0), number("items", "Items of the scale", 0),
		words("rule", "Scoring rule and its version", dataset.Nominal, all.rules...))
	var cells []dataset.Cell
	return tableSource{t, func(write func([]dataset.Cell) error) error {
		for i, e := range f.people {
			for j, sh := range f.sheets {
				for k, scale := range sh.Def.Scales {
					s := all.at(i, j, k)
					if !s.there {
						continue
					}
					value := dataset.Of(s.value)
					if !s.valid {
						value = dataset.Missing(s.reason())
					}
					def := all.versions[s.version]
					cells = append(f.personCells(cells[:0], e),
						dataset.Words(sh.Wave.Key), dataset.Words(def.Key), dataset.Words(def.Version), dataset.Words(scale.Key),
						value, dataset.Of(float64(s.answered)), dataset.Of(float64(len(scale.Items))), dataset.Words(all.rules[s.rule]))
					if err := write(cells); err != nil {
						return err
					}
				}
			}
		}
		return nil
	}}, nil
}
