package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// measured is a row with the times of every way.
type measured struct {
	row  row
	ways []*way // Go, Go on one processor, then R
}

// fastest is the fastest way in R, usual the first; nil without R.
func (m measured) fastest() (fastest, usual *way) {
	for _, w := range m.ways[2:] {
		if usual == nil {
			usual = w
		}
		if fastest == nil || w.median().wall < fastest.median().wall {
			fastest = w
		}
	}
	return fastest, usual
}

// print writes every way of one row.
func (m measured) print(out io.Writer) error {
	if _, err := fmt.Fprintf(out, "%s  %s\n", m.row.id, m.row.work); err != nil {
		return err
	}
	t := newTable(out, "way", "seconds", "processor", "slowest/quickest", "way/Go")
	base := m.ways[0].median().wall
	for _, w := range m.ways {
		took := w.median()
		t.row(w.name, seconds(took.wall), seconds(took.cpu), fmt.Sprintf("%.2f", w.spread()), ratio(took.wall/base))
	}
	if err := t.flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out)
	return err
}

// summary is the table of ratios.
func summary(out io.Writer, done []measured) error {
	t := newTable(out, "row", "Go", "1 processor", "fastest R", "R/Go", "R/Go, 1 processor", "processor time R/Go", "usual R/Go", "fastest way in R")
	for _, m := range done {
		all, one := m.ways[0].median().wall, m.ways[1].median().wall
		cells := []string{m.row.id, seconds(all), seconds(one)}
		if best, usual := m.fastest(); best != nil {
			r := best.median().wall
			cells = append(cells, seconds(r), ratio(r/all), ratio(r/one), ratio(best.median().cpu/m.ways[1].median().cpu), ratio(usual.median().wall/all), best.name)
		} else {
			cells = append(cells, "–", "–", "–", "–", "–", "none here")
		}
		t.row(cells...)
	}
	if err := t.flush(); err != nil {
		return err
	}
	for _, m := range done {
		if err := m.compareElsewhere(out); err != nil {
			return err
		}
	}
	return nil
}

// compareElsewhere sets a row beside a way that was timed on another machine,
// whose speed is known by a way that was timed on both.
func (m measured) compareElsewhere(out io.Writer) error {
	p := m.row.elsewhere
	if p.way == "" {
		return nil
	}
	guessed := ""
	text := fmt.Sprintf("Row %s: %s was not measured here. Published, on another machine: %s s", m.row.id, p.way, seconds(p.seconds))
	for _, w := range m.ways[2:] {
		switch w.name {
		case p.way:
			return nil // it was, after all
		case p.beside:
			here := w.median().wall
			guess := p.seconds * here / p.besideTook
			guessed = fmt.Sprintf(", where %s took %s s, which took %s s here: about %s s here, %s times Go", p.beside, seconds(p.besideTook), seconds(here), seconds(guess), ratio(guess/m.ways[0].median().wall))
		}
	}
	_, err := fmt.Fprintln(out, text+guessed+".")
	return err
}

// seconds shows three digits.
func seconds(s float64) string { return fmt.Sprintf("%.3g", s) }

func ratio(r float64) string {
	if r >= 10 {
		return fmt.Sprintf("%.0f", r)
	}
	return fmt.Sprintf("%.2f", r)
}

// table is lines of cells, set in columns when it is flushed.
type table struct{ w *tabwriter.Writer }

func newTable(out io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)}
	t.row(columns...)
	return t
}

// row adds a line. A failure to write is told by flush.
func (t table) row(cells ...string) {
	_, _ = fmt.Fprintln(t.w, "  "+strings.Join(cells, "\t"))
}

func (t table) flush() error { return t.w.Flush() }
