package main

import (
	"context"
	"math"
	"time"

	"tidemark/internal/stage"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// submit writes one submitted assessment as its use case does, with answers
// around the person's level.
func (f *filler) submit(ctx context.Context, tx survey.Tx, p stage.Person, it survey.DueItem, v survey.InstrumentVersion, level float64, now time.Time) error {
	study, id := f.Design.Study.ID, it.Assessment.ID
	if _, err := tx.MarkSubmitted(ctx, study, p.Enrolment.ID, id, now); err != nil {
		return err
	}
	answers := instrument.Numbers{}
	var responses []survey.Response
	for _, item := range v.Definition.Items {
		if f.left == 0 {
			break
		}
		f.left--
		r := survey.Response{Item: item.Code, AnsweredAt: now}
		if f.random.IntN(50) == 0 {
			r.Missing = survey.MissingSkipped
		} else {
			options, _ := v.Definition.ItemOptions(item.Code)
			r.Value = f.choose(options, level)
			answers[item.Code] = r.Value
		}
		responses = append(responses, r)
	}
	if err := tx.PutResponses(ctx, study, id, responses); err != nil {
		return err
	}
	return tx.CreateScores(ctx, study, id, v.Definition.Score(answers), now)
}

// choose picks an option near the person's level, 0 being the middle.
func (f *filler) choose(options []instrument.Option, level float64) float64 {
	middle := float64(len(options)-1) / 2
	at := math.Round(middle + level + f.random.NormFloat64()*0.7)
	return options[int(min(max(at, 0), float64(len(options)-1)))].Value
}
