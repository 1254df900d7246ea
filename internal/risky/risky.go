package risky

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Item is the question of [AddTo] with a rule: any answer above 0.
const Item = "tr_02"

// definition is a questionnaire for tests, with placeholders for words.
const definition = `{
  "key": "test_risk", "version": "1.0.0", "title": "Placeholder with a rule", "heading": "Some placeholders",
  "intro": "Choose one for each.", "language": "en", "status": "for tests", "terms": "for tests", "citation": "For tests.",
  "minutes": 1, "page_size": 2,
  "options": [{"value": 0, "label": "None"}, {"value": 1, "label": "One"}, {"value": 2, "label": "Two"}],
  "items": [
    {"code": "tr_01", "text": "First placeholder"},
    {"code": "tr_02", "text": "Second placeholder", "risk": {"above": 0}},
    {"code": "tr_03", "text": "Third placeholder"}
  ],
  "scales": [{"key": "tr_total", "name": "Placeholder", "label": "Placeholder", "items": ["tr_01", "tr_02", "tr_03"],
    "method": "mean", "min_answered": 2, "direction": "lower_better", "primary": true}],
  "vectors": [{"name": "0+1+2 = 3, 3/3", "answers": {"tr_01": 0, "tr_02": 1, "tr_03": 2}, "expected": {"tr_total": {"value": 1}}}]
}`

// AddTo lets a study ask, before anything else and from four weeks before
// the course to a year after, a questionnaire of which one item has a rule about
// risk. It must be there before people are.
func AddTo(ctx context.Context, s survey.Store, study survey.StudyID, at time.Time) error {
	d, err := instrument.Parse([]byte(definition))
	if err != nil {
		return fmt.Errorf("the questionnaire of the test: %w", err)
	}
	v := survey.InstrumentVersion{ID: survey.InstrumentID(d.Key + "-" + d.Version), Hash: d.Hash(), Definition: d, CreatedAt: at}
	return s.InTx(ctx, func(tx survey.Tx) error {
		if have, err := tx.InstrumentVersionByKey(ctx, d.Key, d.Version); err == nil {
			v.ID = have.ID
		} else if err := tx.CreateInstrumentVersion(ctx, v); err != nil {
			return err
		}
		return tx.CreateWave(ctx, survey.Wave{
			ID: survey.WaveID(string(study) + "-risk"), StudyID: study, Key: "risk", Name: "To begin with", ShortName: "R",
			Kind: survey.WaveDuring, Rule: schedule.Rule{OpensDay: -28, ClosesDay: 365}, Sets: []survey.InstrumentID{v.ID},
		})
	})
}

// Linked is a declaration with everything in it, of a study that names the two.
func Linked(study survey.Study, responder, deputy survey.UserID) survey.Safety {
	return survey.Safety{
		StudyID: study.ID, Shape: survey.SafetyLinked, Responder: responder, Deputy: deputy,
		OfficeHours: "Monday to Friday, 9 to 17", TimeZone: study.TimeZone, Window: 12,
		Wording:   map[string]string{study.Language: "The study team reads such answers within 12 hours. It cannot keep you safe."},
		Resources: []survey.HelpResource{{Country: "ES", Language: "es", Name: "Placeholder line", Phone: "000 111", Hours: "day and night"}},
	}
}
