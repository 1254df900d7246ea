package survey

import (
	"context"
	"fmt"

	"tidemark/survey/disclosure"
)

// TrendPoint is the group mean of one wave with its 95 % interval, as it was told once;
// see [Release]. Shown is false when nothing was, and the numbers are then zero.
type TrendPoint struct {
	Wave            Wave
	Shown           bool
	N               int // rounded
	Mean, Low, High float64
}

// Trend is the course group's mean on the weekly scale.
type Trend struct {
	ScaleName string
	Min, Max  float64 // of the scale
	Minimum   int     // people needed behind each point
	Points    []TrendPoint
}

// Trend is the weekly group mean for the facilitator of a run: what Releases.Publish has
// told of the weeks that have closed. ErrTooFew when nothing was.
func (u *Runs) Trend(ctx context.Context, a Actor, id StudyID, runID RunID) (Trend, error) {
	if !a.MayRun(id, runID) {
		return Trend{}, ErrNotFound
	}
	t, err := u.trend(ctx, id, runID)
	if err != nil {
		return Trend{}, fmt.Errorf("trend of run %s: %w", runID, err)
	}
	return t, nil
}

func (u *Runs) trend(ctx context.Context, id StudyID, runID RunID) (Trend, error) {
	design, err := u.env.Store.Design(ctx, id)
	if err != nil {
		return Trend{}, err
	}
	if _, err := u.env.Store.Run(ctx, id, runID); err != nil {
		return Trend{}, err
	}
	t := Trend{Minimum: disclosure.Least(design.Study.TrendMinimum)}
	var ok bool
	if _, t.ScaleName, t.Min, t.Max, _, ok = design.weeklyScale(); !ok {
		return t, ErrTooFew
	}
	releases, err := u.env.Store.Releases(ctx, id, runID)
	if err != nil {
		return Trend{}, err
	}
	told, _ := toldOf(releases, FigureTrend)
	for _, w := range design.Waves {
		if w.Kind != WaveDuring {
			continue
		}
		p := TrendPoint{Wave: w}
		if r, ok := told[string(w.ID)]; ok {
			p.Shown, p.N, p.Mean = true, r.People(), r.Blurred.Value
			p.Low, p.High = max(t.Min, r.Blurred.Low), min(t.Max, r.Blurred.High)
		}
		t.Points = append(t.Points, p)
	}
	if len(told) == 0 {
		return t, ErrTooFew
	}
	return t, nil
}
