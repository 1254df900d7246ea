package sheet

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// People are the rows of a file as people with two scores, NaN where missing.
type People struct {
	Pre, Post []float64
	Group     []string // nil without a column of groups; "" where it is missing
}

// Wide says which columns hold what in a file with one row a person.
type Wide struct {
	ID        string // empty: every row is another person
	Pre, Post string
	Group     string // empty: none
	Missing   Missing
}

// Wide reads a file with one row a person. Its errors are Faults and
// UnknownColumnError.
func (s *Sheet) Wide(w Wide) (People, error) {
	at, err := s.columns([]string{w.Pre, w.Post}, w.ID, w.Group)
	if err != nil {
		return People{}, err
	}
	pre, post, id, group := at[0], at[1], at[2], at[3]
	scores, faults := s.numbers(w.Missing, pre, post)
	p := People{Pre: scores[0], Post: scores[1]}
	if id >= 0 {
		faults = append(faults, s.duplicates(w.Missing, id, -1)...)
	} else {
		s.note("Without a column of identifiers every row counts as another person.")
	}
	if group >= 0 {
		p.Group = make([]string, len(s.Rows))
		for i, r := range s.Rows {
			if !w.Missing.has(r.Cells[group]) {
				p.Group[i] = r.Cells[group]
			}
		}
		s.noteGroups(p.Group)
	}
	if err := faults.orNil(); err != nil {
		return People{}, err
	}
	return p, nil
}

// columns finds columns by name: the needed ones, then those that may be without
// a name, which are −1 then.
func (s *Sheet) columns(needed []string, optional ...string) ([]int, error) {
	at := make([]int, 0, len(needed)+len(optional))
	for i, name := range append(needed, optional...) {
		if name == "" && i >= len(needed) {
			at = append(at, -1)
			continue
		}
		c, err := s.Column(name)
		if err != nil {
			return nil, err
		}
		at = append(at, c)
	}
	return at, nil
}

// duplicates finds identifiers that stand in several rows, or in several rows of
// one wave when there is a column of waves, and rows without one.
func (s *Sheet) duplicates(missing Missing, id, wave int) Faults {
	lines := map[string][]int{}
	var order []string
	var faults Faults
	for _, r := range s.Rows {
		key := r.Cells[id]
		if missing.has(key) {
			faults = append(faults, Fault{Line: r.Line, Column: s.Header[id], Text: "no identifier; without one it cannot be told whose row this is"})
			continue
		}
		if wave >= 0 {
			key += "\x00" + waveKey(r.Cells[wave])
		}
		if lines[key] == nil {
			order = append(order, key)
		}
		lines[key] = append(lines[key], r.Line)
	}
	for _, key := range order {
		if len(lines[key]) < 2 {
			continue
		}
		person, of, _ := strings.Cut(key, "\x00")
		text := fmt.Sprintf("%q stands in lines %s; each person must have one row", shorten(person), list(lines[key]))
		if wave >= 0 {
			text = fmt.Sprintf("%q has wave %q in lines %s; each person must have one row a wave", shorten(person), of, list(lines[key]))
		}
		faults = append(faults, Fault{Line: lines[key][1], Column: s.Header[id], Text: text, Repeated: true})
	}
	return faults
}

func list(lines []int) string {
	parts := make([]string, 0, len(lines))
	for i, n := range lines {
		if i == 6 {
			parts = append(parts, "…")
			break
		}
		parts = append(parts, strconv.Itoa(n))
	}
	return strings.Join(parts, ", ")
}

func (s *Sheet) noteGroups(groups []string) {
	none := 0
	for _, g := range groups {
		if g == "" {
			none++
		}
	}
	if none == 1 {
		s.note("1 person has no group and is left out.")
	} else if none > 1 {
		s.note(fmt.Sprintf("%d people have no group and are left out.", none))
	}
}

// Levels are the distinct groups in alphabetical order.
func (p People) Levels() []string {
	levels := slices.Clone(p.Group)
	slices.Sort(levels)
	levels = slices.Compact(levels)
	return slices.DeleteFunc(levels, func(g string) bool { return g == "" })
}
