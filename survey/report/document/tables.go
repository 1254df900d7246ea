package document

import (
	"html/template"
	"strings"

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

// Cell is the text of a cell in which an interval, or what else stands in brackets,
// is not broken over two lines.
func Cell(text string) template.HTML {
	escaped := template.HTMLEscapeString(text)
	at := strings.IndexAny(escaped, "[(")
	if at <= 0 || escaped[at-1] != ' ' || strings.ContainsFunc(escaped[at:], isLetter) {
		return template.HTML(escaped) //nolint:gosec // escaped above
	}
	return template.HTML(escaped[:at] + `<span class="whole">` + escaped[at:] + "</span>") //nolint:gosec // as above
}

func isLetter(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }
