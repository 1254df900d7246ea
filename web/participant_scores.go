package web

import (
	"html/template"
	"math"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/analysis"
	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
	"tidemark/survey/schedule"
	"tidemark/web/locale"
)

type scoresPage struct {
	Page
	Scales []ownScale
	Later  bool
}

// ownScale is one scale as its person sees it: in words, as a picture, as a table.
type ownScale struct {
	report.OwnScale
	Number  int
	Words   string // compares the last score with the first
	Picture template.HTML
	Rows    []ownRow
	Missing bool // one of the scores, or its band, does not exist
}

type ownRow struct {
	Wave survey.Wave
	Day  schedule.Date
	// The numbers as they are read; empty: there is none.
	Score, Low, High string
}

// showScores is what a person sees of their own answers, where the study shows it.
func (s *Server) showScores(c *gin.Context, a survey.Actor) error {
	p := a.Participation
	if !p.Consented() && !p.Enrolment.Withdrawn() {
		return redirect(c, "/me/consent")
	}
	own, err := s.use.Assessments.OwnResults(c.Request.Context(), a)
	if err != nil {
		return err
	}
	if !own.Shown && !own.Later {
		return survey.ErrNotFound
	}
	page := scoresPage{Page: s.participantPage(c, a, s.say(c, "scores.title")), Later: !own.Shown}
	l := s.language(c)
	for i, scale := range report.Own(own, l.Tag) {
		page.Scales = append(page.Scales, newOwnScale(l, i, scale, p))
	}
	return s.render(c, 200, "scores", page)
}

// verdictKeys say how the last score stands to the first.
var verdictKeys = map[report.OwnVerdict]string{
	report.OwnSingle: "scores.verdict_single", report.OwnUnknown: "scores.verdict_unknown", report.OwnWithin: "scores.verdict_within",
	report.OwnHigher: "scores.verdict_higher", report.OwnLower: "scores.verdict_lower",
}

func newOwnScale(l *locale.Language, n int, scale report.OwnScale, p survey.Participation) ownScale {
	v := ownScale{OwnScale: scale, Number: n + 1, Words: l.Say(verdictKeys[scale.Verdict])}
	f := figure.Own{
		ID: "own" + strconv.Itoa(n), Title: scale.Name, Min: scale.Min, Max: scale.Max,
		Desc: l.Say("scores.picture", "Scale", scale.Name, "Count", len(scale.Points)),
	}
	for _, point := range scale.Points {
		row := ownRow{Wave: point.Wave, Day: dayOf(point.At, p.Run), Score: oneDecimal(l, point.Score), Low: oneDecimal(l, point.Low), High: oneDecimal(l, point.High)}
		v.Rows = append(v.Rows, row)
		v.Missing = v.Missing || row.Score == "" || row.Low == ""
		f.Points = append(f.Points, figure.OwnPoint{
			Label: l.Day(row.Day), Value: orNaN(point.Score), Low: orNaN(point.Low), High: orNaN(point.High),
		})
	}
	v.Picture = drawn(f.Draw(figure.SizeCompact))
	return v
}

func oneDecimal(l *locale.Language, e analysis.Estimate) string {
	if !e.OK() {
		return ""
	}
	return l.Fixed(e.Value, 1)
}

// orNaN is how a figure is told that there is nothing to draw.
func orNaN(e analysis.Estimate) float64 {
	if !e.OK() {
		return math.NaN()
	}
	return e.Value
}
