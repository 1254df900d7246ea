package paper

import (
	"slices"

	"tidemark/survey/report"
)

// The names of a paper's tables, fit for an address. The table and the frame of
// a name tell the same.
const (
	TableOutcomes    = "outcomes"
	TableEstimates   = "estimates"
	TableChange      = "change"
	TableMeans       = "means"
	TableVariances   = "variances"
	TableReliable    = "reliable-change"
	TableResponders  = "responders"
	TableItems       = "items"
	TableSubgroups   = "subgroups"
	TableFlow        = "flow"
	TableBaseline    = "baseline"
	TableMissing     = "missingness"
	TableReliability = "reliability"
	TableInvariance  = "invariance"
	TableUnwanted    = "unwanted"
	TableRatings     = "ratings"
	TablePower       = "power"
	TableDose        = "dose-response"
	TableRuns        = "course-runs"
)

// tabulated is a section of the paper as a table for people and one for programs.
type tabulated struct {
	name  string
	table func() report.Table
	frame func(*report.Frame)
}

// tabulated lists the sections in the order in which they are read.
func (p *Paper) tabulated() []tabulated {
	return []tabulated{
		{TableOutcomes, p.outcomesTable, p.outcomesFrame},
		{TableEstimates, p.estimatesTable, p.estimatesFrame},
		{TableChange, p.changeTable, p.changeFrame},
		{TableMeans, p.meansTable, p.meansFrame},
		{TableReliable, p.reliableTable, p.reliableFrame},
		{TableResponders, p.respondersTable, p.respondersFrame},
		{TableItems, p.itemsTable, p.itemsFrame},
		{TableSubgroups, p.subgroupsTable, p.subgroupsFrame},
		{TableFlow, p.flowTable, p.flowFrame},
		{TableBaseline, p.baselineTable, p.baselineFrame},
		{TableMissing, p.missingTable, p.missingFrame},
		{TableReliability, p.reliabilityTable, p.reliabilityFrame},
		{TableInvariance, p.invarianceTable, p.invarianceFrame},
		{TableVariances, p.variancesTable, p.variancesFrame},
		{TableUnwanted, p.unwantedTable, p.unwantedFrame},
		{TableRatings, p.ratingsTable, p.ratingsFrame},
		{TableDose, p.doseTable, p.doseFrame},
		{TableRuns, p.runsTable, p.runsFrame},
		{TablePower, p.powerTable, p.powerFrame},
	}
}

// TableNames are the names of all tables a paper can have, in the order in which
// they are read.
func TableNames() []string {
	var names []string
	for _, t := range (&Paper{}).tabulated() {
		names = append(names, t.name)
	}
	return names
}

// Tables are the paper's tables for people; those without rows are left out.
func (p *Paper) Tables() []report.Table {
	var shown []report.Table
	for _, s := range p.tabulated() {
		if t := s.table(); len(t.Rows) > 0 {
			t.Name = s.name
			shown = append(shown, t)
		}
	}
	return shown
}

// Table finds one of the paper's tables by name; false when there is no such
// name, or nothing to tell under it.
func (p *Paper) Table(name string) (report.Table, bool) {
	i := slices.IndexFunc(p.tabulated(), func(s tabulated) bool { return s.name == name })
	if i < 0 {
		return report.Table{}, false
	}
	t := p.tabulated()[i].table()
	t.Name = name
	return t, len(t.Rows) > 0
}

// Frames are all numbers of the paper in full, by the names of the tables; those
// without rows are left out.
func (p *Paper) Frames() []report.Frame {
	var shown []report.Frame
	for _, s := range p.tabulated() {
		if f := s.build(); len(f.Rows) > 0 {
			shown = append(shown, f)
		}
	}
	return shown
}

// Frame finds one of the paper's frames by name.
func (p *Paper) Frame(name string) (report.Frame, bool) {
	for _, s := range p.tabulated() {
		if s.name == name {
			f := s.build()
			return f, len(f.Rows) > 0
		}
	}
	return report.Frame{}, false
}

func (s tabulated) build() report.Frame {
	f := report.Frame{Name: s.name}
	s.frame(&f)
	return f
}

// Name names an outcome in a list: the scale and the waves.
func (o *Outcome) Name() string { return o.scaleName() + ", " + o.Pre + " to " + o.Post }

func (o *Outcome) scaleName() string { return nameOf(o.Scale) }

func nameOf(s report.Scale) string {
	switch {
	case s.Name != "":
		return s.Name
	case s.Label != "":
		return s.Label
	}
	return s.Key
}

// Who says whom an outcome is about: an arm, two that are compared, or everyone.
func (o *Outcome) Who() string {
	if o.Against != "" {
		return o.Arm + " − " + o.Against
	}
	return report.GroupName(o.Arm)
}

// Places is how many decimals the outcome's points are written with.
func (o *Outcome) Places() int {
	if len(o.Change.Groups) == 0 {
		return 2
	}
	return report.PlacesFor(o.Change.Main().SDPre)
}

// ci heads a column of estimates with their intervals.
func (p *Paper) ci(label string) report.Head {
	return report.NumberHead(label + " [" + report.LevelPercent(p.Level) + " CI]")
}
