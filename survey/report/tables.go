package report

import (
	"slices"
	"strconv"
	"strings"
)

// Tables are the tables of the report; those without rows are left out. Tables
// with a row for every group leave the parts of scales to the frames.
func (r *Report) Tables() []Table {
	mains := slices.DeleteFunc(slices.Clone(r.Outcomes), func(o Outcome) bool { return o.Scale.Parent != "" })
	all := []Table{
		outcomesTable(r.Outcomes, r.Basis.Arm), testsTable(r.Outcomes, r.Basis.Arm), changeTable(mains),
		comparisonTable(r.Outcomes), flowTable(r.Flow), excludedTable(mains),
		reliabilityTable(r.Outcomes), attritionTable(mains),
	}
	var shown []Table
	for _, t := range all {
		if len(t.Rows) > 0 {
			shown = append(shown, t)
		}
	}
	return shown
}

// Table finds one of the report's tables by name.
func (r *Report) Table(name string) (Table, bool) {
	for _, t := range r.Tables() {
		if t.Name == name {
			return t, true
		}
	}
	return Table{}, false
}

// GroupName is how a group is listed; the empty label is everyone.
func GroupName(label string) string {
	if label == "" {
		return "Everyone"
	}
	return label
}

// name is the outcome as listed.
func (o *Outcome) name() string {
	if o.Scale.Name != "" {
		return o.Scale.Name
	}
	return o.subject()
}

func outcomesTable(outcomes []Outcome, arm string) Table {
	t := Table{Name: TableOutcomes, Caption: "All outcomes: " + GroupName(arm)}
	if len(outcomes) == 0 {
		return t
	}
	first := &outcomes[0]
	level := LevelPercent(first.Level)
	t.Head = []Head{
		TextHead("Outcome"), NumberHead("n"), NumberHead(first.PreName + " M (SD)"), NumberHead(first.PostName + " M (SD)"),
		NumberHead("Change [" + level + " CI]"), SymbolHead("g", "av", ""), first.pHead(),
		NumberHead("α " + strings.ToLower(first.PreName) + " / " + strings.ToLower(first.PostName)),
	}
	var n Notes
	for i := range outcomes {
		o := &outcomes[i]
		c, places := o.Main(), o.places()
		t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: []string{
			o.name(), strconv.Itoa(c.Pairs), MeanSD(c.MeanPre, c.SDPre, places), MeanSD(c.MeanPost, c.SDPost, places),
			WithInterval(c.Mean, c.CI, places), Number(c.Gav, 2), PValue(c.PHolm), alphas(o),
		}})
		n.Estimates(o.name(), c.MeanPre, c.SDPre, c.Mean, c.CI.LowEstimate(), c.Gav, c.PHolm)
	}
	t.Notes = n.Lines()
	return t
}

func alphas(o *Outcome) string {
	if o.AlphaPre == nil || o.AlphaPost == nil {
		return Dash
	}
	return UnitNumber(o.AlphaPre.Value, 2) + " / " + UnitNumber(o.AlphaPost.Value, 2)
}

func testsTable(outcomes []Outcome, arm string) Table {
	t := Table{Name: TableTests, Caption: "Tests and effect sizes: " + GroupName(arm)}
	if len(outcomes) == 0 {
		return t
	}
	level := LevelPercent(outcomes[0].Level)
	t.Head = []Head{
		TextHead("Outcome"), SymbolHead("t", "", " (df)"), SymbolHead("p", "", ""), SymbolHead("p", "", " (Holm)"),
		SymbolHead("d", "z", " ["+level+" CI]"), SymbolHead("g", "av", " ["+level+" CI]"),
		SymbolHead("p", "", " (Wilcoxon)"), NumberHead("Hodges–Lehmann [" + level + " CI]"),
	}
	var n Notes
	for i := range outcomes {
		o := &outcomes[i]
		c := o.Main()
		t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: []string{
			o.name(), TDF(c.T, c.DF), PValue(c.P), PValue(c.PHolm), WithInterval(c.Dz, c.DzCI, 2), WithInterval(c.Gav, c.GavCI, 2),
			PValue(c.Rank.P), WithInterval(c.Rank.HodgesLehmann, c.Rank.CI, o.places()),
		}})
		n.Estimates(o.name(), c.T, c.Dz, c.DzCI.LowEstimate(), c.Gav, c.GavCI.LowEstimate(), c.Rank.P, c.Rank.HodgesLehmann, c.Rank.CI.LowEstimate())
	}
	t.Notes = n.Lines()
	return t
}

func changeTable(outcomes []Outcome) Table {
	t := Table{Name: TableChange, Caption: "Change by more than measurement error"}
	t.Head = []Head{
		TextHead("Outcome"), TextHead("Group"), NumberHead("n"), NumberHead("Better"), NumberHead("No reliable change"), NumberHead("Worse"),
		NumberHead("Threshold"), NumberHead("Reliability"), NumberHead("SD"),
	}
	var n Notes
	hidden, neutralScale := false, false
	for i := range outcomes {
		o := &outcomes[i]
		for g := range o.Groups {
			c := &o.Groups[g]
			r := &c.Reliable
			counts := []string{Dash, Dash, Dash}
			if r.Threshold.OK() {
				counts = []string{r.Better.String(), r.Same.String(), r.Worse.String()}
			}
			hidden = hidden || r.Better.Hidden || r.Same.Hidden || r.Worse.Hidden
			t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: append(append([]string{
				o.name(), GroupName(c.Group), strconv.Itoa(c.Pairs),
			}, counts...), Number(r.Threshold, o.places()), UnitNumber(r.Reliability, 2), Number(r.SD, o.places()))})
			n.Estimates(o.name(), r.Threshold)
		}
		better, _, _ := o.changeWords()
		neutralScale = neutralScale || better != "better"
	}
	t.Notes = n.Lines()
	if hidden {
		t.Notes = append(t.Notes, "Hidden: a number so small that people could be recognised, or one that would betray it.")
	}
	if neutralScale {
		t.Notes = append(t.Notes, "Where no direction is better, “better” counts increases and “worse” decreases.")
	}
	return t
}

func comparisonTable(outcomes []Outcome) Table {
	t := Table{Name: TableComparison, Caption: "Difference in change between arms"}
	var n Notes
	for i := range outcomes {
		o := &outcomes[i]
		d := o.Comparison
		if d == nil {
			continue
		}
		if t.Head == nil {
			level := LevelPercent(o.Level)
			t.Head = []Head{
				TextHead("Outcome"), NumberHead("n"), NumberHead(d.Course + " M (SD)"), NumberHead("n"), NumberHead(d.Control + " M (SD)"),
				NumberHead("Difference [" + level + " CI]"), SymbolHead("t", "", " (df)"), o.pHead(), SymbolHead("d", "", " ["+level+" CI]"),
			}
			t.Caption = "Difference in change: " + d.Course + " − " + d.Control
		}
		course, _ := o.Group(d.Course)
		control, _ := o.Group(d.Control)
		places := o.places()
		t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: []string{
			o.name(), strconv.Itoa(d.NCourse), MeanSD(course.Mean, course.SD, places), strconv.Itoa(d.NControl), MeanSD(control.Mean, control.SD, places),
			WithInterval(d.Difference, d.CI, places), TDF(d.T, d.DF), PValue(d.PHolm), WithInterval(d.D, d.DCI, 2),
		}})
		n.Estimates(o.name(), course.Mean, control.Mean, d.Difference, d.CI.LowEstimate(), d.T, d.D, d.DCI.LowEstimate())
	}
	t.Notes = n.Lines()
	return t
}

// pHead heads p-values that are corrected where there is something to correct.
func (o *Outcome) pHead() Head {
	if o.Family.Size > 1 {
		return SymbolHead("p", "", " (Holm)")
	}
	return SymbolHead("p", "", "")
}

func flowTable(flow []FlowRow) Table {
	t := Table{
		Name: TableFlow, Caption: "Who was asked and who answered",
		Head: []Head{
			TextHead("Survey"), TextHead("Arm"), NumberHead("Enrolled"), NumberHead("Asked"), NumberHead("Answered"), NumberHead("% of asked"),
			NumberHead("Left"), NumberHead("Declined"), NumberHead("Let it pass"), NumberHead("Still open"), NumberHead("Not yet open"), NumberHead("Lost of those over"),
		},
		Notes: []string{"Answered: all questionnaires of the survey. Lost: of the people whose survey is over, those who left, declined or let it pass."},
	}
	erased := slices.ContainsFunc(flow, func(f FlowRow) bool { return f.Erased > 0 })
	if erased {
		t.Head = append(t.Head, NumberHead("Erased"))
		t.Notes = append(t.Notes, "Erased: people whose data were erased at their own request. They are counted as enrolled and nowhere else.")
	}
	notAsked := slices.ContainsFunc(flow, func(f FlowRow) bool { return f.NotAsked > 0 })
	if notAsked {
		t.Head = append(t.Head, NumberHead("Not asked"))
		t.Notes = append(t.Notes, "Not asked: the survey was closed when they joined, or follows one that they have not completed. They count neither as asked nor as lost.")
	}
	for _, f := range flow {
		loss := Dash
		if f.Over > 0 {
			loss = Percent(f.Missed, f.Over) + " (" + strconv.Itoa(f.Missed) + " of " + strconv.Itoa(f.Over) + ")"
		}
		t.Rows = append(t.Rows, Row{Cells: []string{
			f.Wave.Name, f.Arm, strconv.Itoa(f.Enrolled), strconv.Itoa(f.Due), strconv.Itoa(f.Answered), Percent(f.Answered, f.Due),
			strconv.Itoa(f.Withdrawn), strconv.Itoa(f.Declined), strconv.Itoa(f.Lost), strconv.Itoa(f.Open), strconv.Itoa(f.NotYet), loss,
		}})
		if erased {
			last := &t.Rows[len(t.Rows)-1]
			last.Cells = append(last.Cells, strconv.Itoa(f.Erased))
		}
		if notAsked {
			last := &t.Rows[len(t.Rows)-1]
			last.Cells = append(last.Cells, strconv.Itoa(f.NotAsked))
		}
	}
	return t
}

func excludedTable(outcomes []Outcome) Table {
	t := Table{Name: TableExcluded, Caption: "People without a pair of scores, by reason"}
	t.Head = []Head{TextHead("Outcome"), TextHead("Group"), NumberHead("People"), NumberHead("Pairs")}
	reasons := slices.DeleteFunc(absences(), func(a Absence) bool {
		return !slices.ContainsFunc(outcomes, func(o Outcome) bool {
			return slices.ContainsFunc(o.Groups, func(c Change) bool { return c.excluded(a) > 0 })
		})
	})
	for _, a := range reasons {
		t.Head = append(t.Head, NumberHead(upper(a.Explain())))
	}
	for i := range outcomes {
		o := &outcomes[i]
		for g := range o.Groups {
			c := &o.Groups[g]
			cells := []string{o.name(), GroupName(c.Group), strconv.Itoa(c.People), strconv.Itoa(c.Pairs)}
			for _, a := range reasons {
				cells = append(cells, strconv.Itoa(c.excluded(a)))
			}
			t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: cells})
		}
	}
	return t
}

func (c *Change) excluded(a Absence) int {
	for _, e := range c.Excluded {
		if e.Reason == a {
			return e.N
		}
	}
	return 0
}

func reliabilityTable(outcomes []Outcome) Table {
	t := Table{Name: TableReliability, Caption: "Internal consistency (Cronbach’s α) of everyone who answered"}
	var n Notes
	for i := range outcomes {
		o := &outcomes[i]
		if o.AlphaPre == nil || o.AlphaPost == nil {
			continue
		}
		if t.Head == nil {
			level := LevelPercent(o.Level)
			t.Head = []Head{
				TextHead("Outcome"), NumberHead("Items"), NumberHead("n " + strings.ToLower(o.PreName)), NumberHead("α " + strings.ToLower(o.PreName) + " [" + level + " CI]"),
				NumberHead("n " + strings.ToLower(o.PostName)), NumberHead("α " + strings.ToLower(o.PostName) + " [" + level + " CI]"),
			}
		}
		t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: []string{
			o.name(), strconv.Itoa(o.AlphaPre.Items), strconv.Itoa(o.AlphaPre.People), o.AlphaPre.cell(), strconv.Itoa(o.AlphaPost.People), o.AlphaPost.cell(),
		}})
		n.Estimates(o.name(), o.AlphaPre.Value, o.AlphaPost.Value)
		for _, a := range []*Alpha{o.AlphaPre, o.AlphaPost} {
			if len(a.Suspects) > 0 {
				t.Notes = append(t.Notes, o.name()+": "+strings.Join(a.Suspects, ", ")+" runs against the other items; is it to be reversed?")
			}
		}
	}
	t.Notes = append(t.Notes, n.Lines()...)
	return t
}

func (a *Alpha) cell() string {
	if !a.Value.OK() {
		return Dash
	}
	if !a.CI.OK() {
		return Unit(a.Value.Value, 2)
	}
	return Unit(a.Value.Value, 2) + " [" + Unit(a.CI.Low, 2) + ", " + Unit(a.CI.High, 2) + "]"
}

func attritionTable(outcomes []Outcome) Table {
	t := Table{Name: TableAttrition, Caption: "Where those who were lost began, against those who stayed"}
	var n Notes
	for i := range outcomes {
		o := &outcomes[i]
		if t.Head == nil {
			t.Head = []Head{
				TextHead("Outcome"), TextHead("Group"), NumberHead("Stayed"), NumberHead("M before"), NumberHead("Lost"), NumberHead("M before"),
				SymbolHead("d", "", " ["+LevelPercent(o.Level)+" CI]"),
			}
			t.Notes = []string{"d: first scores of the lost minus those of the others, over the pooled SD. Near 0: the loss has little to do with how people began."}
		}
		for g := range o.Groups {
			c := &o.Groups[g]
			a := &c.Lost
			t.Rows = append(t.Rows, Row{Indent: o.Scale.Parent != "", Cells: []string{
				o.name(), GroupName(c.Group), strconv.Itoa(a.Staying), Number(a.MeanStaying, o.places()), strconv.Itoa(a.Lost), Number(a.MeanLost, o.places()),
				WithInterval(a.D, a.DCI, 2),
			}})
			n.Estimates(o.name()+" ("+Within(GroupName(c.Group))+")", a.D)
		}
	}
	t.Notes = append(t.Notes, n.Lines()...)
	return t
}
