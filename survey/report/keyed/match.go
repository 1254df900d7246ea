package keyed

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"tidemark/survey/instrument"
	"tidemark/survey/report/sheet"
)

// Columns are the names of the columns of a file by item code.
type Columns map[string]string

// MatchError says which items have no column, or more than one set of columns.
type MatchError struct{ Text string }

// Error is the text.
func (e MatchError) Error() string { return e.Text }

// Match finds the column of every item: as given, by code or by number; then by
// code; then by the numbers at the end of names that have the same beginning, such
// as "scs_1", "SCS1", "q1" and "Item 1". Names are names that such a beginning may
// have, the likeliest first. The error is MatchError.
func Match(d *instrument.Definition, header []string, given map[string]string, names ...string) (Columns, error) {
	columns := Columns{}
	for item, column := range given {
		code, err := itemOf(d, item)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(header, column) {
			return nil, MatchError{sheet.UnknownColumnError{Name: column, Have: header}.Error()}
		}
		columns[code] = column
	}
	for _, item := range asked(d) {
		if columns[item.Code] != "" {
			continue
		}
		for _, name := range header {
			if strings.EqualFold(name, item.Code) {
				columns[item.Code] = name
				break
			}
		}
	}
	var missing []int
	for n, item := range asked(d) {
		if columns[item.Code] == "" {
			missing = append(missing, n+1)
		}
	}
	if len(missing) == 0 {
		return columns, nil
	}
	run, err := runOf(header, missing, len(asked(d)), names)
	if err != nil {
		return nil, err
	}
	for _, n := range missing {
		columns[asked(d)[n-1].Code] = run[n]
	}
	return columns, once(d, columns)
}

// once refuses a column that two items would take.
func once(d *instrument.Definition, columns Columns) error {
	taken := map[string]string{}
	for _, item := range asked(d) {
		column := columns[item.Code]
		if taken[column] != "" {
			return MatchError{fmt.Sprintf("the column %q would be both %s and %s; say which with --map", column, taken[column], item.Code)}
		}
		taken[column] = item.Code
	}
	return nil
}

// asked are the items that take numbers, in order; the n-th of them is item n.
func asked(d *instrument.Definition) []instrument.Item {
	var items []instrument.Item
	for _, item := range d.Items {
		if item.Type.Numeric() {
			items = append(items, item)
		}
	}
	return items
}

// itemOf finds an item by its code or its number.
func itemOf(d *instrument.Definition, name string) (string, error) {
	if n, err := strconv.Atoi(name); err == nil {
		if n < 1 || n > len(asked(d)) {
			return "", MatchError{fmt.Sprintf("there is no item %d; %s has %d", n, d.Key, len(asked(d)))}
		}
		return asked(d)[n-1].Code, nil
	}
	for _, item := range d.Items {
		if strings.EqualFold(item.Code, name) {
			return item.Code, nil
		}
	}
	return "", MatchError{fmt.Sprintf("%s has no item %q; name it by its code, as %s, or by its number", d.Key, name, asked(d)[0].Code)}
}

// runOf finds the columns with one beginning that hold the items by number.
func runOf(header []string, missing []int, items int, names []string) (map[int]string, error) {
	runs := map[string]map[int]string{} // by bare beginning
	most := map[string]int{}
	for _, name := range header {
		start := strings.TrimRight(name, "0123456789")
		n, err := strconv.Atoi(name[len(start):])
		if err != nil || n < 1 {
			continue
		}
		start = bare(start)
		if runs[start] == nil {
			runs[start] = map[int]string{}
		}
		if runs[start][n] == "" {
			runs[start][n] = name
		}
		most[start] = max(most[start], n)
	}
	whole := func(start string) bool {
		return !slices.ContainsFunc(missing, func(n int) bool { return runs[start][n] == "" })
	}
	for _, name := range names {
		start := bare(name)
		if runs[start] == nil || !whole(start) {
			continue
		}
		if most[start] > items {
			return nil, MatchError{fmt.Sprintf("the file has columns up to %s, and the instrument has %d items: is it a longer form? Say which columns with --items 'first..last' or --map, or the form with --from", runs[start][most[start]], items)}
		}
		return runs[start], nil
	}
	// No beginning has a name of the instrument's: one alone may have its length.
	var fits []string
	for start := range runs {
		if whole(start) && most[start] == items {
			fits = append(fits, start)
		}
	}
	slices.Sort(fits)
	switch len(fits) {
	case 1:
		return runs[fits[0]], nil
	case 0:
		return nil, MatchError{fmt.Sprintf("no columns were found for %s %s. Columns are found by item code, or by a number behind one beginning (%s1 to %s%d); "+
			"name them with --items 'first..last' or --map 1=COLUMN,2=COLUMN. The file has: %s",
			plural(len(missing), "item", "items"), numbers(missing), or(names), or(names), items, strings.Join(some(header), ", "))}
	}
	return nil, MatchError{fmt.Sprintf("several columns could be the %d items: those that begin with %s. Say which with --items 'first..last'", items, strings.Join(fits, ", "))}
}

// bare is the beginning of a name without marks and capitals.
func bare(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func or(names []string) string {
	if len(names) == 0 {
		return "q"
	}
	return names[0]
}

func some(names []string) []string {
	if len(names) > 20 {
		return append(slices.Clone(names[:20]), "…")
	}
	return names
}

func plural(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// numbers writes item numbers as "1, 2 and 5".
func numbers(all []int) string {
	var b strings.Builder
	for i, n := range all {
		switch {
		case i == 0:
		case i == len(all)-1:
			b.WriteString(" and ")
		default:
			b.WriteString(", ")
		}
		b.WriteString(strconv.Itoa(n))
	}
	return b.String()
}
