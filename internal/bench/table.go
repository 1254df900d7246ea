package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table is lines of cells, set in columns when it is flushed.
type table struct{ w *tabwriter.Writer }

func newTable(out io.Writer, columns ...string) table {
	t := table{tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)}
	t.row(columns...)
	return t
}

// row adds a line. A failure to write is told by flush.
func (t table) row(cells ...string) {
	_, _ = fmt.Fprintln(t.w, strings.Join(cells, "\t")+"\t")
}

func (t table) flush() error { return t.w.Flush() }
