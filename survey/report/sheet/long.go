package sheet

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Long says which columns hold what in a file with one row for each person and
// wave. Pre and Post are cells of the column of waves.
type Long struct {
	ID, Wave, Score string
	Pre, Post       string
	Group           string // empty: none
	Missing         Missing
}

// waveKey makes "1", "01" and "1.0" one wave.
func waveKey(cell string) string {
	if v, err := strconv.ParseFloat(cell, 64); err == nil && numberForm.MatchString(cell) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return cell
}

// Long reads a file with one row for each person and wave. Its errors are Faults
// and UnknownColumnError.
func (s *Sheet) Long(l Long) (People, error) {
	at, err := s.columns([]string{l.ID, l.Wave, l.Score}, l.Group)
	if err != nil {
		return People{}, err
	}
	id, wave, score, group := at[0], at[1], at[2], at[3]
	scores, faults := s.numbers(l.Missing, score)
	faults = append(faults, s.duplicates(l.Missing, id, wave)...)
	faults = append(faults, s.unknownWaves(wave, l.Pre, l.Post)...)

	p := People{}
	index := map[string]int{}
	groupLine := []int{} // where each person's group was read
	others := 0
	for i, r := range s.Rows {
		key := r.Cells[id]
		if l.Missing.has(key) {
			continue // a fault already
		}
		k, known := index[key]
		if !known {
			k = len(p.Pre)
			index[key] = k
			p.Pre, p.Post = append(p.Pre, math.NaN()), append(p.Post, math.NaN())
			p.Group, groupLine = append(p.Group, ""), append(groupLine, 0)
		}
		switch waveKey(r.Cells[wave]) {
		case waveKey(l.Pre):
			p.Pre[k] = scores[0][i]
		case waveKey(l.Post):
			p.Post[k] = scores[0][i]
		default:
			others++
		}
		if group < 0 || l.Missing.has(r.Cells[group]) {
			continue
		}
		switch g := r.Cells[group]; {
		case p.Group[k] == "":
			p.Group[k], groupLine[k] = g, r.Line
		case p.Group[k] != g:
			faults = append(faults, Fault{Line: r.Line, Column: s.Header[group], Text: fmt.Sprintf(
				"%q is in group %q here and in %q in line %d; a person has one group", shorten(key), shorten(g), shorten(p.Group[k]), groupLine[k])})
		}
	}
	if err := faults.orNil(); err != nil {
		return People{}, err
	}
	s.noteOthers(others)
	if group < 0 {
		p.Group = nil
	} else {
		s.noteGroups(p.Group)
	}
	return p, nil
}

func (s *Sheet) noteOthers(rows int) {
	if rows > 0 {
		s.note(fmt.Sprintf("%d rows of other waves are not used.", rows))
	}
}

// unknownWaves says which of the waves asked for do not occur, and which do.
func (s *Sheet) unknownWaves(wave int, asked ...string) Faults {
	var have []string
	for _, r := range s.Rows {
		if c := r.Cells[wave]; !slices.Contains(have, c) && len(have) <= maxListed {
			have = append(have, c)
		}
	}
	slices.Sort(have)
	var faults Faults
	for _, a := range asked {
		if !slices.ContainsFunc(s.Rows, func(r Row) bool { return waveKey(r.Cells[wave]) == waveKey(a) }) {
			faults = append(faults, Fault{Text: fmt.Sprintf("no row has the wave %q; column %q holds %s", a, s.Header[wave], strings.Join(have, ", "))})
		}
	}
	if len(asked) == 2 && waveKey(asked[0]) == waveKey(asked[1]) {
		faults = append(faults, Fault{Text: "the two waves are the same"})
	}
	return faults
}
