package export

import (
	"context"
	"io"
	"time"

	"tidemark/survey"
)

func longColumns() []string {
	return append(rowColumns(), "item", "value", "text", "missing", "answered_at", "submitted_at", "source")
}

// Long writes one row for each stored answer, by participant, wave,
// questionnaire and item. Values are as people gave them: nothing is reversed.
// Choices of several ("1,3") and days stand in the column text. What people wrote
// in their own words is not in the file, which says so; see Texts.
func Long(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	err := survey.OneState(ctx, r, func(r survey.DataReader) error { return long(ctx, r, a, study, w) })
	return wrap(err, "long")
}

func long(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
	f, err := load(ctx, r, a, study)
	if err != nil {
		return err
	}
	t := newTable(w, longColumns())
	var (
		enrolment survey.EnrolmentID
		at        place
		submitted time.Time
		// Cells that stay the same over many rows, formed once.
		who, where, sent []byte
	)
	err = r.EachResponse(ctx, study, func(row *survey.ResponseRow) error {
		if row.EnrolmentID != enrolment || who == nil {
			i, err := f.personOf(row.EnrolmentID)
			if err != nil {
				return err
			}
			enrolment, who = row.EnrolmentID, f.who(who, f.people[i])
		}
		if p := (place{row.WaveID, row.InstrumentID}); p != at || where == nil {
			i, err := f.sheetOf(row.WaveID, row.InstrumentID)
			if err != nil {
				return err
			}
			at, where = p, f.answered(p, i).where(where)
		}
		if sent == nil || !row.SubmittedAt.Equal(submitted) {
			submitted, sent = row.SubmittedAt, appendTime(sent[:0], row.SubmittedAt)
		}
		t.raw(who)
		t.raw(where)
		t.text(row.Item)
		value, text, missing := row.Text == "" && row.Missing == survey.NotMissing, row.Text, string(row.Missing)
		if text != "" && f.ownWords[place{row.WaveID, row.InstrumentID}][row.Item] {
			text, missing = "", MissingInTexts
		}
		t.optional(row.Value, value)
		t.text(text)
		t.text(missing)
		t.time(row.AnsweredAt)
		t.raw(sent)
		t.text(string(row.Source))
		return t.endRow()
	})
	if err != nil {
		return err
	}
	return t.end()
}
