package sheet

import (
	"io"
	"slices"
)

// Want says which columns of a long file are read, and how.
type Want struct {
	// Labels are columns of names and codes, Numbers columns of numbers.
	Labels, Numbers []string
	Missing         Missing
}

// Table is some columns of a file with a great many rows, ready to be computed
// with. It holds what [Sheet] says of the same file, at a fraction of the time
// and memory.
type Table struct {
	Rows int
	// Labels and Numbers are in the order they were asked for.
	Labels  []Labels
	Numbers [][]float64 // NaN where missing
	Notes   []string
}

// Labels is a column of names: the name in a row is Names[Codes[row]].
type Labels struct {
	Codes []uint32
	Names []string // in the order of their first row
}

// ReadTable reads columns of a file whose first row names them. Files in order
// are read in pieces, on all processors. Whatever else is in a file is left to
// [Read], which knows what to say about it: the errors are those of Read and of
// [Sheet.Column], and Faults of cells that are no numbers.
func ReadTable(r io.Reader, w Want) (*Table, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, err
	}
	s, text, separator, skipped, err := open(data)
	if err != nil {
		return nil, err
	}
	if t, ok := quickTable(text, byte(separator), w); ok {
		t.Notes = append(s.Notes, t.Notes...)
		return t, nil
	}
	if err := s.parse(text, separator, skipped); err != nil {
		return nil, err
	}
	return s.table(w)
}

// table takes columns from a sheet.
func (s *Sheet) table(w Want) (*Table, error) {
	at, err := s.columns(slices.Concat(w.Labels, w.Numbers))
	if err != nil {
		return nil, err
	}
	t := &Table{Rows: len(s.Rows)}
	for _, c := range at[:len(w.Labels)] {
		names := newDictionary()
		codes := make([]uint32, len(s.Rows))
		for i, r := range s.Rows {
			codes[i] = names.code([]byte(r.Cells[c]))
		}
		t.Labels = append(t.Labels, Labels{codes, names.names})
	}
	numbers, faults := s.numbers(w.Missing, at[len(w.Labels):]...)
	if err := faults.orNil(); err != nil {
		return nil, err
	}
	t.Numbers, t.Notes = numbers, s.Notes
	return t, nil
}
