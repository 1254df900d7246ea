package export

import (
	"context"
	"io"

	"tidemark/survey"
)

func textColumns() []string {
	return append(rowColumns(), "item", "text", "answered_at", "submitted_at")
}

// Texts writes one row for each answer in a person's own words, by participant,
// wave, questionnaire and item. Such texts can say who somebody is, so they are in
// no other file: whoever wants them asks for them.
func Texts(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error { return texts(ctx, r, a, study, w) })
	return wrap(err, "texts")
}

func texts(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	t := newTable(w, textColumns())
	err = r.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
		at := place{row.WaveID, row.InstrumentID}
		if row.Text == "" || !f.ownWords[at][row.Item] {
			return nil
		}
		person, err := f.personOf(row.EnrolmentID)
		if err != nil {
			return err
		}
		sheet, err := f.sheetOf(row.WaveID, row.InstrumentID)
		if err != nil {
			return err
		}
		t.raw(f.who(nil, f.people[person]))
		t.raw(f.answered(at, sheet).where(nil))
		t.text(row.Item)
		t.text(row.Text)
		t.time(row.AnsweredAt)
		t.time(row.SubmittedAt)
		return t.endRow()
	})
	if err != nil {
		return err
	}
	return t.end()
}
