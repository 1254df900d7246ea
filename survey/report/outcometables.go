package report

import "strconv"

// Tables are the tables of a single outcome, one row a group; those without rows
// are left out.
func (o *Outcome) Tables() []Table {
	one := []Outcome{*o}
	tables := []Table{o.groupsTable(), o.groupTestsTable()}
	for _, t := range []Table{comparisonTable(one), changeTable(one), excludedTable(one), attritionTable(one)} {
		if len(t.Rows) > 0 && o.says(t.Name) {
			tables = append(tables, t.without("Outcome"))
		}
	}
	return tables
}

// says reports whether a table of a single outcome has anything to say.
func (o *Outcome) says(table string) bool {
	excluded, lost := false, false
	for _, c := range o.Groups {
		excluded = excluded || len(c.Excluded) > 0
		lost = lost || c.Lost.Lost > 0
	}
	switch table {
	case TableChange:
		return !o.Reliability.unset()
	case TableExcluded:
		return excluded
	case TableAttrition:
		return lost
	}
	return true
}

// without takes a column off that is the same in every row.
func (t Table) without(label string) Table {
	if len(t.Head) < 2 || t.Head[0].Label.String() != label {
		return t
	}
	t.Head = t.Head[1:]
	rows := make([]Row, len(t.Rows))
	for i, r := range t.Rows {
		rows[i] = Row{Cells: r.Cells[1:]}
	}
	t.Rows = rows
	return t
}

func (o *Outcome) groupsTable() Table {
	level := LevelPercent(o.Level)
	t := Table{Name: TableOutcomes, Caption: "Before and after", Head: []Head{
		TextHead("Group"), NumberHead("n"), NumberHead(o.PreName + " M (SD)"), NumberHead(o.PostName + " M (SD)"), SymbolHead("r", "", ""), NumberHead("Change [" + level + " CI]"),
	}}
	var n Notes
	for i := range o.Groups {
		c, places := &o.Groups[i], o.places()
		t.Rows = append(t.Rows, Row{Cells: []string{
			GroupName(c.Group), strconv.Itoa(c.Pairs), MeanSD(c.MeanPre, c.SDPre, places), MeanSD(c.MeanPost, c.SDPost, places),
			UnitNumber(c.R, 3), WithInterval(c.Mean, c.CI, places),
		}})
		n.Estimates(GroupName(c.Group), c.MeanPre, c.SDPre, c.R, c.Mean, c.CI.LowEstimate())
	}
	t.Notes = n.Lines()
	return t
}

func (o *Outcome) groupTestsTable() Table {
	level := LevelPercent(o.Level)
	t := Table{Name: TableTests, Caption: "Tests and effect sizes", Head: []Head{
		TextHead("Group"), SymbolHead("t", "", " (df)"), SymbolHead("p", "", ""),
		SymbolHead("d", "z", " ["+level+" CI]"), SymbolHead("g", "av", " ["+level+" CI]"),
		SymbolHead("p", "", " (Wilcoxon)"), NumberHead("Hodges–Lehmann [" + level + " CI]"),
	}}
	var n Notes
	for i := range o.Groups {
		c := &o.Groups[i]
		t.Rows = append(t.Rows, Row{Cells: []string{
			GroupName(c.Group), TDF(c.T, c.DF), PValue(c.P), WithInterval(c.Dz, c.DzCI, 2), WithInterval(c.Gav, c.GavCI, 2),
			PValue(c.Rank.P), WithInterval(c.Rank.HodgesLehmann, c.Rank.CI, o.places()),
		}})
		n.Estimates(GroupName(c.Group), c.T, c.Dz, c.DzCI.LowEstimate(), c.Gav, c.GavCI.LowEstimate(), c.Rank.P, c.Rank.HodgesLehmann, c.Rank.CI.LowEstimate())
	}
	t.Notes = n.Lines()
	return t
}
