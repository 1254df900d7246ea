package survey_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// interrupted is a store in which something happens just before a transaction.
type interrupted struct {
	survey.Store
	before func()
	begun  int
}

func (i *interrupted) InTx(ctx context.Context, do func(survey.Tx) error) error {
	i.begun++
	if happens := i.before; happens != nil {
		i.before = nil
		happens()
	}
	return i.Store.InTx(ctx, do)
}

// A file is worked out before it is written. Whatever somebody answers in between is
// there when it is, and counts.
func TestWhatIsAnsweredWhileAFileIsWorkedOutIsNotLost(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		slow := &interrupted{Store: s.store}
		imports := survey.NewUseCases(survey.Env{
			Store: slow, Now: s.clock, Keys: s.keys, Random: &chance{}, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		}).Imports
		for i, existing := range []survey.Existing{survey.ExistingKeep, survey.ExistingFill, survey.ExistingReplace} {
			a := s.consenting(t, 1)[0]
			d := s.due(t, a, "pre", "self_compassion")
			code := a.Participation.Enrolment.Code
			f := survey.NewImport{Data: fmt.Appendf(nil, "code,date,sc_01_pre,sc_02_pre\n%s,2026-02-01,1,2\n", code)}
			slow.before = func() {
				_, err := s.cases.Assessments.Save(ctx, a, d.Assessment.ID, instrument.Answers{"sc_02": instrument.NumberValue(5)})
				noError(t, err)
			}
			_, err := imports.Bring(ctx, s.researcher, s.study.ID, f, survey.ImportSettings{Existing: existing}, agreed("it was typed in twice"))
			if existing == survey.ExistingKeep {
				wantError(t, err, survey.ErrConflict) // who has begun keeps everything
			} else {
				noError(t, err)
			}
			rows, err := s.store.Responses(ctx, s.study.ID, d.Assessment.ID)
			noError(t, err)
			got := ""
			for _, r := range rows {
				if r.Missing == survey.NotMissing {
					got += fmt.Sprint(r.Item, "=", r.Value, r.Source, " ")
				}
			}
			same(t, got, []string{"sc_02=5 ", "sc_01=1import sc_02=5 ", "sc_01=1import sc_02=2import "}[i])
		}
		// What cannot be applied does not begin to write.
		slow.begun = 0
		_, err := imports.Bring(ctx, s.researcher, s.study.ID, importFile(), survey.ImportSettings{Existing: survey.ExistingKeep}, agreed(""))
		wantError(t, err, survey.ErrConflict)
		same(t, slow.begun, 0)
	})
}
