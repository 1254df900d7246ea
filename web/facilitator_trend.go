package web

import (
	"html/template"
	"time"

	"tidemark/survey"
	"tidemark/survey/report/figure"
	"tidemark/survey/schedule"
)

// trendView is the group's trend, ready to show.
type trendView struct {
	survey.Trend
	Wide, Narrow template.HTML // for a desk and for a phone
	Table        figure.Table
}

// newTrendView draws the waves that have closed; those still to come are not
// part of the picture.
func newTrendView(t survey.Trend, run survey.CourseRun, now time.Time) *trendView {
	f := figure.Trend{ID: "trend", Title: t.ScaleName + ": mean of the group by week", Min: t.Min, Max: t.Max}
	for _, p := range t.Points {
		if !p.Shown && run.Window(p.Wave.Rule).At(now) != schedule.After {
			continue
		}
		f.Points = append(f.Points, figure.TrendPoint{
			Label: p.Wave.ShortName, Mean: p.Mean, Low: p.Low, High: p.High, N: p.N, Hidden: !p.Shown,
		})
	}
	v := &trendView{Trend: t, Table: f.Table()}
	v.Table.Header[1] = "n, about" // numbers of people are rounded
	v.Wide = drawn(f.Draw(figure.SizeStandard))
	f.ID = "trend-narrow"
	v.Narrow = drawn(f.Draw(figure.SizeCompact))
	return v
}

// drawn is a figure as part of a page. Package figure escapes all text in it.
func drawn(d figure.Drawing) template.HTML { return template.HTML(figure.SVG(d)) }
