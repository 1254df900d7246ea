package document

import (
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
)

// tables are the paper's tables by name; those without rows are left out.
func (d *Document) tables(names ...string) []report.Table { return tablesOf(d.Paper, names) }

// tablesOf are those of one outcome: the tables of a paper that has no other.
func (d *Document) tablesOf(o *paper.Outcome, names ...string) []report.Table {
	only := *d.Paper
	only.Outcomes, only.Trajectories = []paper.Outcome{*o}, nil
	if t, ok := d.Paper.Trajectory(o.Scale.Key); ok {
		only.Trajectories = []paper.Trajectory{*t}
	}
	return tablesOf(&only, names)
}

func tablesOf(p *paper.Paper, names []string) []report.Table {
	var out []report.Table
	for _, name := range names {
		if t, ok := p.Table(name); ok {
			out = append(out, t)
		}
	}
	return out
}
