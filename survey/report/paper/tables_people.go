package paper

import (
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/report"
)

func (p *Paper) reliableTable() report.Table {
	t := report.Table{Caption: "Change by more than measurement error"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Group"), report.NumberHead("n"), report.NumberHead("Better"),
		report.NumberHead("No reliable change"), report.NumberHead("Worse"), report.NumberHead("Threshold"),
		report.NumberHead("Reliability"), report.TextHead("From"),
	}
	var n report.Notes
	neutral := false
	all := p.changes()
	for i := range all {
		o := &all[i]
		neutral = neutral || !directed(o.Scale)
		for g := range o.Groups {
			c := &o.Groups[g]
			r := &c.Reliable
			counts := []string{report.Dash, report.Dash, report.Dash}
			if r.Threshold.OK() {
				counts = []string{r.Better.String(), r.Same.String(), r.Worse.String()}
			}
			cells := append([]string{changeName(o), report.GroupName(c.Group), strconv.Itoa(c.Pairs)}, counts...)
			t.Rows = append(t.Rows, report.Row{Cells: append(cells, report.Number(r.Threshold, report.PlacesFor(o.Main().SDPre)),
				report.UnitNumber(r.Reliability, 2), o.Reliability.Source)})
			n.Estimates(changeName(o), r.Threshold)
		}
	}
	t.Notes = n.Lines()
	if neutral {
		t.Notes = append(t.Notes, "Where no direction is better, “better” counts increases and “worse” decreases.")
	}
	return t
}

func directed(s report.Scale) bool {
	return s.Direction == instrument.HigherBetter || s.Direction == instrument.LowerBetter
}

func (p *Paper) reliableFrame(f *report.Frame) {
	all := p.changes()
	for i := range all {
		o := &all[i]
		for g := range o.Groups {
			c := &o.Groups[g]
			r := &c.Reliable
			groupRecord(o, c).Text("direction", string(o.Scale.Direction)).Int("n", c.Pairs).
				Count("better", r.Better, r.Threshold.Reason).Count("same", r.Same, r.Threshold.Reason).
				Count("worse", r.Worse, r.Threshold.Reason).Estimate("threshold", r.Threshold).Float("critical", r.Critical).
				Estimate("s_diff", r.SDiff).Estimate("reliability", r.Reliability).Estimate("sd", r.SD).
				Text("source", o.Reliability.Source).Estimate("cut_off", r.CutOff).Count("recovered", r.Recovered, r.CutOff.Reason).Into(f)
		}
	}
}

func (p *Paper) flowTable() report.Table {
	t := report.Table{Caption: "Participant flow"}
	t.Head = []report.Head{
		report.TextHead("Arm"), report.TextHead("Survey"), report.NumberHead("Allocated"), report.NumberHead("Answered"),
		report.NumberHead("%"), report.NumberHead("Left"), report.NumberHead("Declined"), report.NumberHead("Let it pass"), report.NumberHead("Still open"), report.NumberHead("Not yet open"),
	}
	late := p.Flow.notAsked()
	if late {
		t.Head = append(t.Head, report.NumberHead("Not asked"))
		t.Notes = append(t.Notes, "Not asked: the survey was closed when they joined, or follows one that they have not completed; the share is of the others.")
	}
	for _, a := range p.Flow.Arms {
		for k, s := range a.Steps {
			name := ""
			if k == 0 {
				name = a.Arm
			}
			t.Rows = append(t.Rows, report.Row{Cells: []string{
				name, s.Wave, strconv.Itoa(a.Allocated), strconv.Itoa(s.Answered), report.Percent(s.Answered, a.Allocated-s.NotAsked),
				strconv.Itoa(s.Withdrawn), strconv.Itoa(s.Declined), strconv.Itoa(s.Lost), strconv.Itoa(s.Open), strconv.Itoa(s.NotYet),
			}})
			if late {
				last := &t.Rows[len(t.Rows)-1]
				last.Cells = append(last.Cells, strconv.Itoa(s.NotAsked))
			}
		}
		t.Notes = append(t.Notes, a.Arm+": "+strconv.Itoa(a.Analysed)+" have a score of the primary outcome at any wave, "+
			strconv.Itoa(a.Completers)+" at both.")
	}
	return t
}

func (p *Paper) flowFrame(f *report.Frame) {
	for _, a := range p.Flow.Arms {
		for _, s := range a.Steps {
			r := &report.Record{}
			r.Text("arm", a.Arm).Text("wave", s.Wave).Int("allocated", a.Allocated).Int("answered", s.Answered).
				Int("withdrawn", s.Withdrawn).Int("declined", s.Declined).Int("lost", s.Lost).Int("open", s.Open).Int("not_yet", s.NotYet).Int("not_asked", s.NotAsked).
				Int("analysed", a.Analysed).Int("completers", a.Completers).Into(f)
		}
	}
}

func (p *Paper) baselineTable() report.Table {
	t := report.Table{Caption: "Before the course, by arm and by loss"}
	t.Head = []report.Head{report.TextHead("")}
	for _, a := range p.Arms {
		t.Head = append(t.Head, report.NumberHead(a.Name+" (n)"), report.NumberHead("M (SD) or share"))
	}
	if len(p.Arms) > 1 {
		t.Head = append(t.Head, report.SymbolHead("d", "", " of arms"))
	}
	t.Head = append(t.Head, report.NumberHead("Lost (n)"), report.NumberHead("M (SD) or share"),
		report.NumberHead("Stayed (n)"), report.NumberHead("M (SD) or share"),
		report.SymbolHead("d", "", " of loss ["+report.LevelPercent(p.Level)+" CI]"))
	var n report.Notes
	for i := range p.Baseline {
		r := &p.Baseline[i]
		cells := []string{r.title()}
		for k := range r.Arms {
			cells = append(cells, strconv.Itoa(r.Arms[k].N), r.cell(&r.Arms[k]))
			n.Estimates(r.title(), r.Arms[k].Mean)
		}
		if len(p.Arms) > 1 {
			cells = append(cells, report.Number(r.Difference, 2))
			n.Estimates(r.title(), r.Difference)
		}
		cells = append(cells, strconv.Itoa(r.Lost.N), r.cell(&r.Lost), strconv.Itoa(r.Stayed.N), r.cell(&r.Stayed),
			report.WithInterval(r.Loss, r.LossCI, 2))
		n.Estimates(r.title(), r.Lost.Mean, r.Stayed.Mean, r.Loss)
		t.Rows = append(t.Rows, report.Row{Cells: cells})
	}
	t.Notes = append(n.Lines(), "d: differences in standard deviations, sizes and not tests. Lost: those who left or let the later survey pass; "+
		"near 0 the loss has little to do with how people began.")
	return t
}

func (r *BaselineRow) title() string {
	if r.Label != "" {
		return r.Name + ": " + r.Label
	}
	return r.Name
}

// cell is a mean with its SD, or how many are of the category.
func (r *BaselineRow) cell(c *BaselineCell) string {
	switch {
	case r.Label == "":
		return report.MeanSD(c.Mean, c.SD, report.PlacesFor(c.SD))
	case c.Count.Hidden || c.N == 0:
		return c.Count.String()
	}
	return c.Count.String() + " (" + report.Percent(c.Count.N, c.N) + ")"
}

func (p *Paper) baselineFrame(f *report.Frame) {
	for i := range p.Baseline {
		row := &p.Baseline[i]
		r := &report.Record{}
		r.Text("key", row.Key).Text("name", row.Name).Text("label", row.Label)
		for k := range row.Arms {
			row.write(r, p.Arms[k].Key, &row.Arms[k])
		}
		row.write(r.Estimate("difference_d", row.Difference), "lost", &row.Lost)
		row.write(r, "stayed", &row.Stayed)
		r.Estimate("loss_d", row.Loss).Interval("loss_d_ci", row.LossCI).Into(f)
	}
}

// write adds a group's columns; those of the kind the row is not are empty.
func (r *BaselineRow) write(to *report.Record, prefix string, c *BaselineCell) {
	to.Int(prefix+"_n", c.N)
	if r.Label != "" {
		to.Text(prefix+"_mean", "").Text(prefix+"_sd", "").Count(prefix+"_count", c.Count, "")
		return
	}
	to.Estimate(prefix+"_mean", c.Mean).Estimate(prefix+"_sd", c.SD).Text(prefix+"_count", "")
}

func (p *Paper) missingTable() report.Table {
	m := &p.Missing
	t := report.Table{Caption: "Which surveys people answered of the primary outcome", Head: []report.Head{report.TextHead("Pattern")}}
	for _, w := range m.Waves {
		t.Head = append(t.Head, report.TextHead(w))
	}
	t.Head = append(t.Head, report.NumberHead("People"))
	for i, pattern := range m.Patterns {
		cells := []string{strconv.Itoa(i + 1)}
		for _, has := range pattern.Answered {
			mark := report.Dash
			if has {
				mark = "answered"
			}
			cells = append(cells, mark)
		}
		t.Rows = append(t.Rows, report.Row{Cells: append(cells, pattern.People.String())})
	}
	t.Notes = []string{"Of the " + strconv.Itoa(m.People) + " people for whom all these surveys are over."}
	if m.P.OK() {
		t.Notes = append(t.Notes, "Little’s test of missing completely at random: χ²("+report.Freedom(m.DF.Value)+") = "+
			report.Number(m.ChiSquare, 2)+", p "+report.PRelation(m.P.Value)+". A small p speaks against it; a large one does not show that the loss is harmless.")
	} else if m.P.Reason != "" {
		t.Notes = append(t.Notes, "Little’s test is "+report.Say(m.P.Reason)+".")
	}
	return t
}

func (p *Paper) missingFrame(f *report.Frame) {
	for i, pattern := range p.Missing.Patterns {
		var answered []string
		for k, has := range pattern.Answered {
			if has {
				answered = append(answered, p.Missing.Waves[k])
			}
		}
		r := &report.Record{}
		r.Int("pattern", i+1).Text("answered", strings.Join(answered, "; ")).Count("people", pattern.People, "").
			Estimate("little_chi_square", p.Missing.ChiSquare).Estimate("little_df", p.Missing.DF).Estimate("little_p", p.Missing.P).Into(f)
	}
}
