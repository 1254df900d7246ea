package paper

import (
	"strconv"

	"tidemark/survey/report"
)

func (p *Paper) unwantedTable() report.Table {
	t := report.Table{Caption: "Unwanted effects"}
	u := p.Unwanted
	if u == nil {
		return t
	}
	t.Head = []report.Head{
		report.TextHead("Question"), report.NumberHead("n"), report.NumberHead("Any"), report.NumberHead("% [" + report.LevelPercent(p.Level) + " CI]"),
	}
	labels := u.labels()
	for _, l := range labels {
		t.Head = append(t.Head, report.NumberHead(l))
	}
	var n report.Notes
	for i := range u.Effects {
		e := &u.Effects[i]
		cells := []string{e.Text, strconv.Itoa(e.N), e.Any.String(), percents(ResponderArm{Share: e.Share, CI: e.ShareCI})}
		for _, l := range labels {
			cells = append(cells, e.answered(l))
		}
		t.Rows = append(t.Rows, report.Row{Cells: cells})
		n.Estimates(e.Text, e.Share)
	}
	if len(t.Rows) > 0 {
		cells := []string{"Any of these", strconv.Itoa(u.People), u.Any.String(), percents(ResponderArm{Share: u.Share, CI: u.ShareCI})}
		for range labels {
			cells = append(cells, "")
		}
		t.Rows = append(t.Rows, report.Row{Cells: cells})
		n.Estimates("any of these", u.Share)
	}
	t.Notes = append(n.Lines(), "Asked at "+u.Wave+", of those who answered. Who left may have left because of one.")
	return t
}

// labels of the answers, when all questions offer the same; else none.
func (u *Unwanted) labels() []string {
	var labels []string
	for i := range u.Effects {
		var own []string
		for _, a := range u.Effects[i].Answers {
			own = append(own, a.Label)
		}
		if i == 0 {
			labels = own
			continue
		}
		if len(own) != len(labels) {
			return nil
		}
		for k := range own {
			if own[k] != labels[k] {
				return nil
			}
		}
	}
	return labels
}

func (e *UnwantedEffect) answered(label string) string {
	for _, a := range e.Answers {
		if a.Label == label {
			return a.N.String()
		}
	}
	return report.Dash
}

func (p *Paper) unwantedFrame(f *report.Frame) {
	if p.Unwanted == nil {
		return
	}
	for _, e := range p.Unwanted.Effects {
		for _, a := range e.Answers {
			r := &report.Record{}
			r.Text("wave", p.Unwanted.Wave).Text("item", e.Code).Text("text", e.Text).Int("n", e.N).
				Text("answer", a.Label).Count("people", a.N, "").Count("any", e.Any, "").
				Estimate("any_share", e.Share).Interval("any_share_ci", e.ShareCI).Into(f)
		}
	}
}

func (p *Paper) ratingsTable() report.Table {
	t := report.Table{Caption: "How the course was", Head: []report.Head{
		report.TextHead("Question"), report.NumberHead("n"), report.NumberHead("M (SD)"), report.NumberHead("Range of answers"),
	}}
	if p.Unwanted == nil {
		return t
	}
	var n report.Notes
	for _, r := range p.Unwanted.Ratings {
		t.Rows = append(t.Rows, report.Row{Cells: []string{
			r.Text, strconv.Itoa(r.N), report.MeanSD(r.Mean, r.SD, 2), report.PlainNumber(r.Min) + "–" + report.PlainNumber(r.Max),
		}})
		n.Estimates(r.Text, r.Mean)
	}
	t.Notes = n.Lines()
	return t
}

func (p *Paper) ratingsFrame(f *report.Frame) {
	if p.Unwanted == nil {
		return
	}
	for _, x := range p.Unwanted.Ratings {
		r := &report.Record{}
		r.Text("wave", p.Unwanted.Wave).Text("item", x.Code).Text("text", x.Text).Int("n", x.N).
			Estimate("mean", x.Mean).Estimate("sd", x.SD).Float("min", x.Min).Float("max", x.Max).Into(f)
	}
}

func (p *Paper) powerTable() report.Table {
	t := report.Table{Caption: "What this design could have found of its primary outcome", Head: []report.Head{
		report.TextHead("Power"), report.NumberHead("Smallest effect in SD"), report.NumberHead("in points"),
	}}
	w := p.Power
	if w == nil {
		return t
	}
	places := report.PlacesFor(w.SD)
	t.Rows = []report.Row{
		{Cells: []string{"80%", report.Number(w.Detectable80, 2), report.Number(w.Points80, places)}},
		{Cells: []string{"90%", report.Number(w.Detectable90, 2), report.Number(w.Points90, places)}},
	}
	var n report.Notes
	n.Estimates("80%", w.Detectable80, w.Points80)
	n.Estimates("90%", w.Detectable90, w.Points90)
	people := strconv.Itoa(w.Course) + " people with both scores"
	unit := "changes"
	if w.Control > 0 {
		people = strconv.Itoa(w.Course) + " and " + strconv.Itoa(w.Control) + " people with both scores"
		unit = "scores before the course"
	}
	t.Notes = append(n.Lines(), "By the number of people ("+people+"), two-sided at α = "+report.Unit(w.Alpha, 2)+
		", and how well scores before predict those after (r = "+report.UnitNumber(w.R, 2)+"); not by the effect observed. In SDs of the "+unit+".")
	return t
}

func (p *Paper) powerFrame(f *report.Frame) {
	w := p.Power
	if w == nil {
		return
	}
	r := &report.Record{}
	r.Text("outcome", w.Outcome).Text("design", string(w.Design)).Float("alpha", w.Alpha).Int("n_course", w.Course).Int("n_control", w.Control).
		Int("started", w.Started).Estimate("attrition", w.Attrition).Estimate("r", w.R).Estimate("sd", w.SD).Estimate("sd_change", w.SDChange).
		Estimate("detectable_80", w.Detectable80).Estimate("detectable_90", w.Detectable90).
		Estimate("detectable_80_points", w.Points80).Estimate("detectable_90_points", w.Points90).Into(f)
}
