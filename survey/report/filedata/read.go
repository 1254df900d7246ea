package filedata

import (
	"errors"
	"fmt"
	"slices"

	"tidemark/survey/instrument"
	"tidemark/survey/report"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/sheet"
)

// File is a file that was understood.
type File struct {
	Data *paper.Dataset
	// Warnings are of what is likely to be wrong.
	Warnings []Warning
	// Notes say what was done to the data.
	Notes []string
	// Control and Course are the groups compared; empty: none are.
	Control, Course string

	spec   Spec
	scales []scale
}

// Read makes a dataset of a sheet. Its errors are sheet.Faults and
// sheet.UnknownColumnError, all of a kind together, and of a Spec that
// contradicts itself or the file.
func Read(s *sheet.Sheet, spec Spec) (*File, error) {
	if spec.Book != nil {
		spec.Book.blank(s)
	}
	r := &reading{sheet: s, spec: spec, column: map[string]int{}, numbers: map[string][]float64{}, file: &File{spec: spec}}
	for _, step := range []func() error{r.checkSpec, r.findColumns, r.readNumbers, r.layOutWaves, r.layOutPeople, r.score, r.readFacts} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	r.data.Source = paper.Source{Key: spec.File, Title: spec.File, Notes: append(slices.Clone(s.Notes), r.file.Notes...)}
	r.data.Seal()
	r.file.Data, r.file.Notes = r.data, r.data.Source.Notes
	r.file.check(r)
	return r.file, nil
}

// reading is a file in the making.
type reading struct {
	sheet *sheet.Sheet
	spec  Spec
	file  *File
	data  *paper.Dataset
	// column and numbers are by the names that the spec uses.
	column  map[string]int
	numbers map[string][]float64
	// rows are the sheet's rows: [wave][person], −1 where there is none.
	rows [][]int
	// cells are the waves as the file writes them; nil with a row a person.
	cells []string
}

func (r *reading) missing() sheet.Missing { return sheet.Missing(r.spec.Missing) }

func (r *reading) long() bool { return r.spec.Wave != "" }

// checkSpec finds contradictions that need no file.
func (r *reading) checkSpec() error {
	seen := map[string]bool{}
	if len(r.spec.Outcomes) == 0 {
		return errors.New("no outcome is named")
	}
	for i := range r.spec.Outcomes {
		o := &r.spec.Outcomes[i]
		if o.Key == "" || seen[o.Key] {
			return fmt.Errorf("two outcomes are called %q; give them different names", o.Key)
		}
		seen[o.Key] = true
		if o.Direction == "" {
			o.Direction = instrument.Neutral
		}
		switch {
		case len(o.Columns) > 0 && len(o.Items) > 0:
			return fmt.Errorf("%s is given as scores and as items; one of them is enough", o.Key)
		case o.waves() == 0:
			return fmt.Errorf("%s names no column", o.Key)
		case r.long() && o.waves() > 1:
			return fmt.Errorf("%s names several columns, but the waves are in the column %q; name one", o.Key, r.spec.Wave)
		case (o.Min == nil) != (o.Max == nil) || o.Min != nil && !o.bounded():
			return fmt.Errorf("%s needs both ends of its range, the smaller first", o.Key)
		}
		for _, items := range o.Items {
			if len(items) != 0 && len(items) != len(o.Items[0]) {
				return fmt.Errorf("%s has %d items at one wave and %d at another; name the same items in the same order", o.Key, len(o.Items[0]), len(items))
			}
		}
	}
	if r.long() && r.spec.ID == "" {
		return errors.New("a column of waves needs one of identifiers: the rows of a person are found by it")
	}
	return nil
}

// findColumns finds every column that is named, and says of all that are not
// there.
func (r *reading) findColumns() error {
	var errs []error
	find := func(name string) {
		if _, known := r.column[name]; known || name == "" {
			return
		}
		c, err := r.sheet.Column(name)
		if err != nil {
			errs = append(errs, err)
		}
		r.column[name] = c
	}
	keys := map[string]bool{}
	for i := range r.spec.Outcomes {
		o := &r.spec.Outcomes[i]
		for _, c := range o.Columns {
			find(c)
		}
		for _, items := range o.Items {
			for _, item := range items {
				if _, err := r.sheet.Column(item); err != nil && keys[item] {
					continue // an earlier scale
				}
				find(item)
			}
		}
		keys[o.Key] = true
	}
	for _, name := range append([]string{r.spec.ID, r.spec.Group, r.spec.Run, r.spec.Wave}, slices.Concat(r.spec.Doses, r.spec.Baseline)...) {
		find(name)
	}
	return errors.Join(errs...)
}

// readNumbers reads all columns of numbers together, so that they share one
// decimal sign.
func (r *reading) readNumbers() error {
	var names []string
	add := func(name string) {
		if _, known := r.column[name]; known && name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range r.spec.Outcomes {
		o := &r.spec.Outcomes[i]
		for _, c := range slices.Concat(append(o.Items, o.Columns)...) {
			add(c)
		}
	}
	for _, c := range r.spec.Doses {
		add(c)
	}
	for _, c := range r.spec.Baseline {
		if r.sheet.Numeric(r.missing(), r.column[c]) && !r.spec.Book.groups(c) {
			add(c)
		}
	}
	positions := make([]int, len(names))
	for i, n := range names {
		positions[i] = r.column[n]
	}
	numbers, err := r.sheet.Numbers(r.missing(), positions...)
	if err != nil {
		return err
	}
	for i, n := range names {
		r.numbers[n] = numbers[i]
	}
	return nil
}

// scaleOf is what a report calls the outcome.
func (o *Outcome) scaleOf(first bool, low, high float64) report.Scale {
	return report.Scale{Key: o.Key, Name: o.title(), Label: o.title(), Primary: first, Min: low, Max: high, Direction: o.Direction}
}
