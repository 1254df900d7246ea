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
	columns := f.columns()
	header := personColumns()
	for _, c := range columns {
		header = append(header, c.name)
	}
	t := newTable(w, header)
	if err := f.eachWide(ctx, r, columns, func(row *wideRow) error { return row.write(t) }); err != nil {
		return err
	}
	return t.end()
}

// eachWide calls write with the row of each person, by participant code. The row is
// good until it returns.
func (f *frame) eachWide(ctx context.Context, r survey.DataReader, columns []column, write func(*wideRow) error) error {
	all, err := f.loadScores(ctx, r)
	if err != nil {
		return err
	}
	row := newWideRow(f, columns, all)
	err = r.EachResponse(ctx, f.design.Study.ID, func(answer *survey.ResponseRow) error {
		i, err := f.personOf(answer.EnrolmentID)
		switch {
		case err != nil:
			return err
		case i < row.person:
			return fmt.Errorf("the answers of %s are not together", f.people[i].Code)
		}
		for row.person < i {
			if err := row.pass(write); err != nil {
				return err
			}
		}
		return row.note(answer)
	})
	for err == nil && row.person < len(f.people) {
		err = row.pass(write)
	}
	return err
}

// wideRow is filled for one person at a time.
type wideRow struct {
	*frame
	person  int // whose row is being filled
	scores  *scoreTable
	columns []column
	items   []map[string]int // by sheet: item code → first column
	cells   []wideCell       // by column
	sent    []time.Time      // by sheet
	version []string         // by sheet, as far as there are answers
	from    []string         // by sheet: where its answers come from
	own     []bool           // by sheet: its person gave some of them here
}

type wideCell struct {
	value float64
	text  string // a day
	noted bool   // a stored answer, or a note that there is none
	given bool
	why   survey.MissingCode // where it is not given
}

func newWideRow(f *frame, columns []column, scores *scoreTable) *wideRow {
	row := &wideRow{frame: f, scores: scores, columns: columns}
	for range f.sheets {
		row.items = append(row.items, map[string]int{})
	}
	for i, c := range columns {
		if c.kind == columnItem || c.kind == columnDay || c.kind == columnChoice && c.option == 0 {
			item, _ := f.item(c)
			row.items[c.sheet][item.Code] = i
		}
	}
	row.cells = make([]wideCell, len(columns))
	row.sent = make([]time.Time, len(f.sheets))
	row.version = make([]string, len(f.sheets))
	row.from, row.own = make([]string, len(f.sheets)), make([]bool, len(f.sheets))
	return row
}

// pass gives the row away and makes room for the next person's.
func (wf *wideRow) pass(write func(*wideRow) error) error {
	if err := write(wf); err != nil {
		return err
	}
	clear(wf.cells)
	clear(wf.sent)
	clear(wf.version)
	clear(wf.from)
	clear(wf.own)
	wf.person++
	return nil
}

// note keeps an answer for the row being filled.
func (wf *wideRow) note(row *survey.ResponseRow) error {
	j, err := wf.sheetOf(row.WaveID, row.InstrumentID)
	if err != nil {
		return err
	}
	at := place{row.WaveID, row.InstrumentID}
	wf.sent[j] = row.SubmittedAt
	wf.version[j] = wf.answered(at, j).Def.Version
	wf.noteSource(j, row)
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
		wf.cells[i] = wideCell{value: row.Value, text: row.Text, noted: true, given: given, why: row.Missing}
		return nil
	}
	_, options := wf.item(wf.columns[i])
	chosen := instrument.ValueOf(instrument.TypeMultiple, row.Value, row.Text).Choices()
	for o, option := range options {
		wf.cells[i+o] = wideCell{noted: true, given: given, why: row.Missing}
		if slices.Contains(chosen, option.Value) {
			wf.cells[i+o].value = 1
		}
	}
	return nil
}

// sourceMixed stands where answers to one questionnaire come from several places.
const sourceMixed = "mixed"

// noteSource keeps where the answers to a questionnaire come from.
func (wf *wideRow) noteSource(j int, row *survey.ResponseRow) {
	if row.Missing == survey.NotMissing {
		wf.from[j], wf.own[j] = mixed(wf.from[j], wf.own[j], row.Source)
	}
}

// mixed adds the source of an answer to where those before it come from; own: some of
// them were given here by their person.
func mixed(from string, own bool, source survey.Source) (string, bool) {
	switch {
	case source == survey.SourcePerson && from != "":
		return sourceMixed, true
	case source == survey.SourcePerson:
		return "", true
	case own || from != "" && from != string(source):
		return sourceMixed, own
	}
	return string(source), own
}

// write writes the row as CSV.
func (wf *wideRow) write(t *table) error {
	e := wf.people[wf.person]
	arm, _ := wf.design.Arm(e.ArmID)
	t.text(wf.design.Study.Key)
	t.raw([]byte{wf.simulated()})
	t.text(e.Code)
	t.text(wf.runs[e.RunID].name)
	t.text(wf.starts(e))
	t.text(arm.Key)
	t.time(e.EnrolledAt)
	t.time(e.WithdrawnAt)
	t.time(e.DeclinedAt)
	t.text(wf.runs[e.CrossedTo].name)
	t.time(e.CrossedAt)
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
			s := wf.scores.at(wf.person, c.sheet, c.index)
			t.optional(s.value, s.there && s.valid)
		case columnSubmitted:
			t.time(wf.sent[c.sheet])
		case columnVersion:
			t.text(wf.version[c.sheet])
		case columnSource:
			t.text(wf.from[c.sheet])
		}
	}
	return t.endRow()
}
