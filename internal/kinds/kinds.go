package kinds

import (
	"context"
	_ "embed"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

//go:embed kinds.json
var definition []byte

// Definition is the questionnaire.
func Definition() (*instrument.Definition, error) {
	d, err := instrument.Parse(definition)
	if err != nil {
		return nil, fmt.Errorf("questionnaire of every kind: %w", err)
	}
	return d, nil
}

// AddTo asks a questionnaire of everybody in a study who is enrolled from now on,
// in a wave of its own that opens four weeks before the course and comes first.
func AddTo(ctx context.Context, s survey.Store, study survey.StudyID, d *instrument.Definition) error {
	v := survey.InstrumentVersion{
		ID: survey.InstrumentID(d.Key + "-" + d.Version), Hash: d.Hash(), Definition: d, CreatedAt: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
	wave := survey.Wave{
		ID: survey.WaveID(string(study) + "-kinds"), StudyID: study, Key: "kinds", Name: "Every kind", ShortName: "Kinds",
		Kind: survey.WavePre, Position: 0, Rule: schedule.Rule{OpensDay: -28, ClosesDay: 28}, Sets: []survey.InstrumentID{v.ID},
	}
	err := s.InTx(ctx, func(tx survey.Tx) error {
		if err := tx.CreateInstrumentVersion(ctx, v); err != nil {
			return err
		}
		return tx.CreateWave(ctx, wave)
	})
	if err != nil {
		return fmt.Errorf("ask the questionnaire of every kind: %w", err)
	}
	return nil
}
