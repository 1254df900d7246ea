package web

import (
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// boardGrid is what changes on a board while people answer: the numbers, and the
// table of people and occasions.
type boardGrid struct {
	Path    string // of the run
	Cards   []numberCard
	Columns []boardColumn
	Groups  []boardGroup
	Filter  survey.BoardFilter
	Shows   []gridChoice
	ArmKeys []gridChoice
	Shown   int // people in the table
	All     int // people in the run
}

// boardColumn is the head of a wave in the grid.
type boardColumn struct {
	survey.Wave
	Now bool // open now
}

// boardGroup is the people of one arm.
type boardGroup struct {
	Name   string
	Rows   []gridRow
	Erased int // people of whom nothing is left; they have no row
}

// gridRow is one person's line. Cells are written out by hand: a template takes
// longer over seven thousand of them than the database does.
type gridRow struct {
	survey.BoardRow
	Cells template.HTML
}

// gridChoice is one entry of a filter's list.
type gridChoice struct {
	Value, Label string
	On           bool
}

// Wide is the number of the table's columns.
func (g boardGrid) Wide() int { return len(g.Columns) + 3 }

// Address is where the board is found as it is filtered.
func (g boardGrid) Address() string {
	q := url.Values{}
	for name, value := range map[string]string{"show": string(g.Filter.Show), "arm": g.Filter.Arm, "q": g.Filter.Text} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if len(q) == 0 {
		return g.Path
	}
	return g.Path + "?" + q.Encode()
}

// boardFilter is what the address asks for. A choice that there is not picks
// everyone.
func boardFilter(c *gin.Context) survey.BoardFilter {
	f := survey.BoardFilter{Show: survey.BoardShow(c.Query("show")), Arm: c.Query("arm"), Text: strings.ToValidUTF8(c.Query("q"), "")}
	if !f.Show.Valid() {
		f.Show = survey.ShowEveryone
	}
	return f
}

func newBoardGrid(b survey.Board, f survey.BoardFilter, now time.Time) boardGrid {
	g := boardGrid{Path: runPath(b.Study, b.Run.ID), Cards: boardCards(b, now), Filter: f, All: len(b.Rows)}
	for _, w := range b.Waves {
		g.Columns = append(g.Columns, boardColumn{w, b.Run.Window(w.Rule).At(now) == schedule.During})
	}
	rows := b.Select(f)
	g.Shown = len(rows)
	g.Groups = boardGroups(b, rows, f.Empty())
	for _, s := range []struct {
		show  survey.BoardShow
		label string
	}{
		{survey.ShowEveryone, "Everyone"}, {survey.ShowLate, "Late now"}, {survey.ShowNew, "Not started"},
		{survey.ShowGone, "Withdrawn or declined"}, {survey.ShowWaiting, "Waiting for the course"},
	} {
		g.Shows = append(g.Shows, gridChoice{string(s.show), s.label, s.show == f.Show})
	}
	g.ArmKeys = []gridChoice{{"", "All groups", f.Arm == ""}}
	for _, a := range b.Arms {
		g.ArmKeys = append(g.ArmKeys, gridChoice{a.Key, a.Name, f.Arm == a.Key})
	}
	return g
}

// boardGroups puts the rows of each arm together: those who come to the meetings
// first, then those who wait. Whoever was erased is counted where everyone is shown.
func boardGroups(b survey.Board, rows []survey.BoardRow, everyone bool) []boardGroup {
	var groups []boardGroup
	place := map[survey.ArmID]int{}
	for _, control := range []bool{false, true} {
		for _, arm := range b.Arms {
			if arm.Control == control {
				place[arm.ID] = len(groups)
				group := boardGroup{Name: arm.Name}
				if everyone {
					group.Erased = b.Erased[arm.ID]
				}
				groups = append(groups, group)
			}
		}
	}
	for _, r := range rows {
		if i, ok := place[r.Enrolment.ArmID]; ok {
			groups[i].Rows = append(groups[i].Rows, gridRow{r, gridCells(r)})
		}
	}
	return groups
}

// gridCells are a person's cells. The word is the cell's text; the style sheet puts
// the sign in its place for those who see it. A closing tag may be left out, and is:
// it would be a quarter of the table.
func gridCells(r survey.BoardRow) template.HTML {
	var b strings.Builder
	b.Grow(24 * len(r.Cells))
	for _, c := range r.Cells {
		b.WriteString(gridCell(c, r.Enrolment))
	}
	return template.HTML(b.String()) //nolint:gosec // of the words above alone
}

// stateWord is what a cell says.
func stateWord(c survey.BoardCell, e survey.Enrolment) string {
	_, word, _ := strings.Cut(gridCell(c, e), ">")
	return word
}

func gridCell(c survey.BoardCell, e survey.Enrolment) string {
	if !c.Applies {
		return `<td class="c x">not asked`
	}
	switch c.State {
	case survey.AssessmentNotAsked:
		return `<td class="c x">not asked`
	case survey.AssessmentSubmitted:
		return `<td class="c d">complete`
	case survey.AssessmentPartly:
		return `<td class="c p">partly`
	case survey.AssessmentExpired:
		return `<td class="c m">missed`
	case survey.AssessmentOpen:
		return `<td class="c o">open now`
	case survey.AssessmentWithdrawn:
		if !e.Withdrawn() {
			return `<td class="c g">declined`
		}
		return `<td class="c g">withdrawn`
	case survey.AssessmentScheduled:
	}
	return `<td class="c n">later`
}
