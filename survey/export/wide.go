package export

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"tidemark/survey"
	"tidemark/survey/consent"
	"tidemark/survey/instrument"
)

// Wide writes one row for each person, by participant code, whether they have
// answered or not. Items are as people gave them: of several choices one column
// each, code___value, with 1 where it was chosen; days as 2026-03-02. What people
// wrote in their own words is not in the file; see Texts. Scores are those stored when a
// questionnaire was submitted.
func Wide(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error { return wide(ctx, r, a, study, w) })
	return wrap(err, "wide")
}

func wide(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	all, err := f.loadScores(ctx, r)
	if err != nil {
		return err
	}
	wf := newWideFile(f, all, w)
	next := 0 // the person whose row is being filled
	err = r.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
		i, err := f.personOf(row.EnrolmentID)
		switch {
		case err != nil:
			return err
		case i < next:
			return fmt.Errorf("the answers of %s are not together", f.people[i].Code)
		}
		for ; next < i; next++ {
			if err := wf.write(next); err != nil {
				return err
			}
		}
		return wf.note(row)
	})
	if err != nil {
		return err
	}
	for ; next < len(f.people); next++ {
		if err := wf.write(next); err != nil {
			return err
		}
	}
	return wf.table.end()
}

// wideFile fills one person's row at a time.
type wideFile struct {
	*frame
	table   *table
	scores  *scoreTable
	columns []column
	items   []map[string]int // by sheet: item code → first column
	cells   []wideCell       // by column
	sent    []time.Time      // by sheet
	version []string         // by sheet, as far as there are answers
}

type wideCell struct {
	value float64
	text  string // a day
	noted bool   // a stored answer, or a note that there is none
	given bool
}

func newWideFile(f *frame, scores *scoreTable, w io.Writer) *wideFile {
	wf := &wideFile{frame: f, scores: scores, columns: f.columns()}
	header := personColumns()
	for range f.sheets {
		wf.items = append(wf.items, map[string]int{})
	}
	for i, c := range wf.columns {
		header = append(header, c.name)
		if c.kind == columnItem || c.kind == columnDay || c.kind == columnChoice && c.option == 0 {
			item, _ := f.item(c)
			wf.items[c.sheet][item.Code] = i
		}
	}
	wf.table = newTable(w, header)
	wf.cells = make([]wideCell, len(wf.columns))
	wf.sent = make([]time.Time, len(f.sheets))
	wf.version = make([]string, len(f.sheets))
	return wf
}

// note keeps an answer for the row being filled.
func (wf *wideFile) note(row *survey.ResponseRow) error {
	j, err := wf.sheetOf(row.WaveID, row.InstrumentID)
	if err != nil {
		return err
	}
	at := place{row.WaveID, row.InstrumentID}
	wf.sent[j] = row.SubmittedAt
	wf.version[j] = wf.answered(at, j).Def.Version
	i, ok := wf.items[j][row.Item]
	if !ok && wf.ownWords[at][row.Item] {
		return nil // not in this file
	}
	if !ok {
		return fmt.Errorf("item %s is not in %s", row.Item, wf.sheets[j].Def.Key)
	}
	if wf.cells[i].noted {
		return fmt.Errorf("%s stands twice for one person", wf.columns[i].name)
	}
	given := row.Missing == survey.NotMissing
	if wf.columns[i].kind != columnChoice {
		wf.cells[i] = wideCell{value: row.Value, text: row.Text, noted: true, given: given}
		return nil
	}
	_, options := wf.item(wf.columns[i])
	chosen := instrument.ValueOf(instrument.TypeMultiple, row.Value, row.Text).Choices()
	for o, option := range options {
		wf.cells[i+o] = wideCell{noted: true, given: given}
		if slices.Contains(chosen, option.Value) {
			wf.cells[i+o].value = 1
		}
	}
	return nil
}

// write ends the row of a person and makes room for the next.
func (wf *wideFile) write(person int) error {
	e, t := wf.people[person], wf.table
	arm, _ := wf.design.Arm(e.ArmID)
	t.text(wf.design.Study.Key)
	t.raw([]byte{wf.simulated()})
	t.text(e.Code)
	t.text(wf.runs[e.RunID].name)
	t.text(wf.runs[e.RunID].starts)
	t.text(arm.Key)
	t.time(e.EnrolledAt)
	t.time(e.WithdrawnAt)
	t.time(e.DeclinedAt)
	for _, k := range []consent.ChoiceKey{consent.ShareData, consent.ContactLater} {
		granted, asked := wf.choices[e.ID][k]
		value := 0.0
		if granted {
			value = 1
		}
		t.optional(value, asked)
	}
	for i, c := range wf.columns {
		switch c.kind {
		case columnDay:
			t.text(wf.cells[i].text)
		case columnItem, columnChoice:
			t.optional(wf.cells[i].value, wf.cells[i].given)
		case columnScore:
			s := wf.scores.at(person, c.sheet, c.index)
			t.optional(s.value, s.there && s.valid)
		case columnSubmitted:
			t.time(wf.sent[c.sheet])
		case columnVersion:
			t.text(wf.version[c.sheet])
		}
	}
	clear(wf.cells)
	clear(wf.sent)
	clear(wf.version)
	return t.endRow()
}
