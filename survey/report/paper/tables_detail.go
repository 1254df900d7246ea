package paper

import (
	"strconv"

	"tidemark/survey/plan"
	"tidemark/survey/report"
)

func (p *Paper) respondersTable() report.Table {
	t := report.Table{Caption: "Who changed by at least the least change that matters"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Arm"), report.TextHead("Of"), report.NumberHead("n"), report.NumberHead("Responded"),
		report.NumberHead("% [" + report.LevelPercent(p.Level) + " CI]"),
	}
	var n report.Notes
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if o.Responders == nil {
			continue
		}
		for _, side := range []struct {
			of   string
			arms []ResponderArm
		}{{"everyone who started", o.Responders.Everyone}, {"those with both scores", o.Responders.Completers}} {
			for _, a := range side.arms {
				t.Rows = append(t.Rows, report.Row{Cells: []string{
					o.Name(), a.Arm, side.of, strconv.Itoa(a.N), a.Responded.String(), percents(a),
				}})
				n.Estimates(o.Name()+" ("+a.Arm+")", a.Share)
			}
		}
		t.Notes = append(t.Notes, o.respondersNote())
	}
	t.Notes = append(n.Lines(), t.Notes...)
	return t
}

func percents(a ResponderArm) string {
	if !a.Share.OK() {
		return report.Dash
	}
	s := report.Decimal(100*a.Share.Value, 0)
	if a.CI.OK() {
		s += " [" + report.Decimal(100*a.CI.Low, 0) + ", " + report.Decimal(100*a.CI.High, 0) + "]"
	}
	return s
}

// respondersNote says what the threshold is and compares the arms.
func (o *Outcome) respondersNote() string {
	r := o.Responders
	note := o.Name() + ": at least " + report.PlainNumber(r.Threshold) + " points in the direction of benefit"
	if r.Source != "" {
		note += " (" + r.Source + ")"
	}
	note += "."
	d := r.Difference
	if d == nil {
		return note
	}
	if !d.Value.OK() {
		return note + " The difference of the shares is " + report.Say(d.Value.Reason) + "."
	}
	note += " Difference of everyone’s shares " + report.Decimal(100*d.Value.Value, 0) + " percentage points"
	if d.CI.OK() {
		note += " [" + report.Decimal(100*d.CI.Low, 0) + ", " + report.Decimal(100*d.CI.High, 0) + "] (Newcombe)"
	}
	switch {
	case d.NNT.OK() && d.ThroughInfinity:
		note += "; NNT " + report.Number(d.NNT, 1) + ", its interval from benefit to harm"
	case d.NNT.OK() && d.NNTCI.OK():
		note += "; NNT " + report.WithInterval(d.NNT, d.NNTCI, 1)
	}
	return note + "."
}

func (p *Paper) respondersFrame(f *report.Frame) {
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if o.Responders == nil {
			continue
		}
		for _, side := range []struct {
			of   plan.PopulationKind
			arms []ResponderArm
		}{{plan.Everybody, o.Responders.Everyone}, {plan.Completers, o.Responders.Completers}} {
			for _, a := range side.arms {
				r := o.record().Text("responders_of", a.Arm).Text("population", string(side.of)).Float("threshold", o.Responders.Threshold).
					Text("source", o.Responders.Source).Int("n", a.N).Count("responded", a.Responded, "").
					Estimate("share", a.Share).Interval("share_ci", a.CI)
				o.Responders.Difference.write(r).Into(f)
			}
		}
	}
}

// write adds the comparison of arms, which is that of everyone; nil has empty
// cells.
func (d *RiskDifference) write(r *report.Record) *report.Record {
	if d == nil {
		for _, c := range []string{"difference", "difference_ci_low", "difference_ci_high", "nnt", "nnt_ci_low", "nnt_ci_high", "p_fisher"} {
			r.Text(c, "")
		}
		return r
	}
	return r.Estimate("difference", d.Value).Interval("difference_ci", d.CI).Estimate("nnt", d.NNT).Interval("nnt_ci", d.NNTCI).Estimate("p_fisher", d.P)
}

func (p *Paper) itemsTable() report.Table {
	t := report.Table{Caption: "Single questions, of those who answered them both times"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Question"), report.NumberHead("n"), report.NumberHead("First M"), report.NumberHead("Later M"), p.ci("Change"),
	}
	var n report.Notes
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if o.As == plan.Exploratory && p.Plan.Locked() || o.sameItems(p.Outcomes[:i]) {
			continue
		}
		for k := range o.Items {
			c := &o.Items[k]
			name, question := "", c.Code
			if k == 0 {
				name = o.Name() + " (" + report.GroupName(o.Arm) + ")"
			}
			if c.Text != "" {
				question += " " + c.Text
			}
			t.Rows = append(t.Rows, report.Row{Cells: []string{
				name, question, strconv.Itoa(c.N), report.Number(c.Pre, 2), report.Number(c.Post, 2), report.WithInterval(c.Mean, c.CI, 2),
			}})
			n.Estimates(o.Name()+" "+c.Code, c.Mean, c.CI.LowEstimate())
		}
	}
	t.Notes = append(n.Lines(), "Answers are turned the way the scale counts them. Nothing here is corrected for the number of questions.")
	return t
}

// sameItems reports whether earlier outcomes have told the questions already: a
// comparison of arms and the change in one look at the same arm's answers.
func (o *Outcome) sameItems(earlier []Outcome) bool {
	for i := range earlier {
		e := &earlier[i]
		if e.Scale.Key == o.Scale.Key && e.Planned.Pre == o.Planned.Pre && e.Planned.Post == o.Planned.Post && e.Arm == o.Arm {
			return true
		}
	}
	return false
}

func (p *Paper) itemsFrame(f *report.Frame) {
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		if o.sameItems(p.Outcomes[:i]) {
			continue
		}
		for _, c := range o.Items {
			o.record().Text("item", c.Code).Text("text", c.Text).Int("n", c.N).Estimate("mean_pre", c.Pre).Estimate("mean_post", c.Post).
				Estimate("change", c.Mean).Interval("change_ci", c.CI).Float("level", p.Level).Into(f)
		}
	}
}

func (p *Paper) subgroupsTable() report.Table {
	t := report.Table{Caption: "Parts of the people, by the change of those with both scores"}
	t.Head = []report.Head{
		report.TextHead("Outcome"), report.TextHead("Of whom"), report.TextHead("By"), report.TextHead("Part"), report.NumberHead("n"), p.ci("Estimate in points"),
	}
	var n report.Notes
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		for k := range o.Subgroups {
			s := &o.Subgroups[k]
			e := &s.Estimate
			t.Rows = append(t.Rows, report.Row{Cells: []string{
				o.Name(), o.Who(), s.By, s.Label, strconv.Itoa(e.N), report.WithInterval(e.Value, e.CI, o.Places()),
			}})
			n.Estimates(s.By+": "+s.Label, e.Value, e.CI.LowEstimate())
		}
	}
	t.Notes = append(n.Lines(), "Parts differ by chance: a difference between them is a question, not a finding.")
	return t
}

func (p *Paper) subgroupsFrame(f *report.Frame) {
	for i := range p.Outcomes {
		o := &p.Outcomes[i]
		for k := range o.Subgroups {
			s := &o.Subgroups[k]
			s.Estimate.write(o.record().Text("by", s.By).Text("part", s.Label)).Float("level", p.Level).Into(f)
		}
	}
}
