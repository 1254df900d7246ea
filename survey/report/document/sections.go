package document

import (
	"slices"

	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// Sections lays a document out in the order of reading. Empty ones are left out.
func (d *Document) Sections() []Section {
	w := wordsOf(d.Language)
	all := []Section{
		{ID: "flow", Title: w.flow, Pictures: d.pictures(nil, paper.FigureFlow), Tables: d.tables("flow")},
		{ID: "outcomes", Title: w.outcomes, Pictures: d.pictures(nil, paper.FigureForest), Tables: d.tables("outcomes")},
	}
	if o, ok := d.outcome(); ok {
		all = append(all, d.aboutOutcome(o, w)...)
	}
	all = append(all,
		Section{ID: "baseline", Title: w.baseline, Tables: d.tables("baseline"), Folded: true},
		Section{ID: "missing", Title: w.missing, Pictures: d.pictures(nil, paper.FigureMissingness), Tables: d.tables("missingness")},
		Section{ID: "unwanted", Title: w.unwanted, Tables: d.tables("unwanted", "ratings")},
		Section{ID: "reliability", Title: w.reliability, Tables: d.tables("reliability", "invariance"), Folded: true},
		Section{ID: "power", Title: w.power, Pictures: d.pictures(nil, paper.FigurePower), Tables: d.tables("power")},
	)
	return slices.DeleteFunc(all, Section.Empty)
}

// aboutOutcome are the sections about one outcome.
func (d *Document) aboutOutcome(o *paper.Outcome, w words) []Section {
	name := o.Scale.Name + ", " + o.Post
	return []Section{
		{
			ID: "outcome", Title: w.change + ": " + name,
			Pictures: d.pictures(o, paper.FigureTrajectory, paper.FigureSensitivity, paper.FigureRaincloud, paper.FigureComparison),
			Tables:   d.tablesOf(o, "estimates", "means"),
		},
		{
			ID: "people", Title: w.people + ": " + name,
			Pictures: d.pictures(o, paper.FigureReliable, paper.FigureResponders),
			Tables:   d.tablesOf(o, "change", "responders", "subgroups"),
		},
		{ID: "items", Title: w.items + ": " + name, Pictures: d.pictures(o, paper.FigureItems), Tables: d.tablesOf(o, "items"), Folded: true},
		{
			ID: "model", Title: w.model + ": " + name,
			Pictures: d.pictures(o, paper.FigureResiduals, paper.FigureNormal, paper.FigurePeople),
			Tables:   d.tablesOf(o, "variances"), Folded: true,
		},
	}
}

// tables are the paper's tables by name.
func (d *Document) tables(names ...string) []report.Table { return nil }

// tablesOf are those of one outcome.
func (d *Document) tablesOf(o *paper.Outcome, names ...string) []report.Table { return nil }
