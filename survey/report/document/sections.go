package document

import (
	"slices"

	"tidemark/survey/report/paper"
)

// Sections lays a document out in the order of reading. Empty ones are left out.
func (d *Document) Sections() []Section {
	w := wordsOf(d.Language)
	all := []Section{
		{ID: "flow", Title: w.flow, Pictures: d.pictures(nil, paper.FigureFlow), Tables: d.tables(paper.TableFlow)},
		{ID: "outcomes", Title: w.outcomes, Pictures: d.pictures(nil, paper.FigureForest), Tables: d.tables(paper.TableOutcomes)},
	}
	if o, ok := d.InFront(); ok {
		all = append(all, d.aboutOutcome(o, w)...)
	}
	all = append(all,
		Section{ID: "baseline", Title: w.baseline, Tables: d.tables(paper.TableBaseline), Folded: true},
		Section{
			ID: "missing", Title: w.missing,
			Pictures: d.pictures(nil, paper.FigureMissingness), Tables: d.tables(paper.TableMissing), Folded: true,
		},
		Section{ID: "dose", Title: w.dose, Pictures: d.pictures(nil, d.Paper.DoseFigures()...), Tables: d.tables(paper.TableDose)},
		Section{ID: "runs", Title: w.pooled, Pictures: d.pictures(nil, paper.FigureRuns), Tables: d.tables(paper.TableRuns)},
		Section{ID: "unwanted", Title: w.unwanted, Tables: d.tables(paper.TableUnwanted, paper.TableRatings)},
		Section{ID: "reliability", Title: w.reliability, Tables: d.tables(paper.TableReliability, paper.TableInvariance), Folded: true},
		Section{ID: "power", Title: w.power, Pictures: d.pictures(nil, paper.FigurePower), Tables: d.tables(paper.TablePower), Folded: true},
	)
	all = append(all, d.texts(w)...)
	all = append(all, d.Added...)
	return slices.DeleteFunc(all, Section.Empty)
}

// aboutOutcome are the sections about one outcome.
func (d *Document) aboutOutcome(o *paper.Outcome, w words) []Section {
	of := ": " + o.Name()
	return []Section{
		{
			ID: "change", Title: w.change + of,
			Pictures: d.pictures(o, paper.FigureTrajectory, paper.FigureSensitivity, paper.FigureRaincloud, paper.FigureComparison),
			Tables:   d.tablesOf(o, paper.TableEstimates, paper.TableChange, paper.TableMeans),
		},
		{
			ID: "people", Title: w.people + of,
			Pictures: d.pictures(o, paper.FigureReliable, paper.FigureResponders),
			Tables:   d.tablesOf(o, paper.TableReliable, paper.TableResponders, paper.TableSubgroups),
		},
		{
			ID: "items", Title: w.items + of, Folded: true,
			Pictures: d.pictures(o, paper.FigureItems), Tables: d.tablesOf(o, paper.TableItems),
		},
		{
			ID: "model", Title: w.model + of, Folded: true,
			Pictures: d.pictures(o, paper.FigureResiduals, paper.FigureNormal, paper.FigurePeople),
			Tables:   d.tablesOf(o, paper.TableVariances),
		},
	}
}
