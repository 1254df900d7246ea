package sheet

import (
	"bytes"
	"io"
	"math"
	"slices"
)

// ReadLong reads people from a file with one row for each person and wave, as
// [Read] and [Sheet.Long] do, and notes what was found out about it. Its errors
// are theirs. A file about which nothing has to be said takes a fraction of the
// time.
func ReadLong(r io.Reader, l Long) (People, []string, error) {
	data, err := readAll(r)
	if err != nil {
		return People{}, nil, err
	}
	if p, notes, ok := quickLong(data, l); ok {
		return p, notes, nil
	}
	s, err := Read(bytes.NewReader(data))
	if err != nil {
		return People{}, nil, err
	}
	p, err := s.Long(l)
	if err != nil {
		return People{}, nil, err
	}
	return p, s.Notes, nil
}

// quickLong reports false as soon as anything is wrong with a file.
func quickLong(data []byte, l Long) (People, []string, bool) {
	w := Want{Labels: []string{l.ID, l.Wave}, Numbers: []string{l.Score}, Missing: l.Missing}
	if l.Group != "" {
		w.Labels = append(w.Labels, l.Group)
	}
	s, text, separator, _, err := open(data)
	if err != nil {
		return People{}, nil, false
	}
	t, ok := quickTable(text, byte(separator), w)
	if !ok {
		return People{}, nil, false
	}
	s.Notes = append(s.Notes, t.Notes...)
	p, others, ok := t.people(l)
	if !ok {
		return People{}, nil, false
	}
	s.noteOthers(others)
	if p.Group != nil {
		s.noteGroups(p.Group)
	}
	return p, s.Notes, true
}

// people are those of a table whose labels are persons, waves and, if asked for,
// groups. Others counts the rows of other waves.
func (t *Table) people(l Long) (p People, others int, ok bool) {
	persons := t.Labels[0]
	if slices.ContainsFunc(persons.Names, l.Missing.has) {
		return People{}, 0, false
	}
	side, class, ok := t.Labels[1].waves(l)
	if !ok {
		return People{}, 0, false
	}
	p.Pre, p.Post = missingScores(len(persons.Names)), missingScores(len(persons.Names))
	seen := make([]uint64, len(persons.Names)) // a bit for each wave
	for row, k := range persons.Codes {
		wave := t.Labels[1].Codes[row]
		if seen[k]&class[wave] != 0 {
			return People{}, 0, false
		}
		seen[k] |= class[wave]
		switch side[wave] {
		case 'a':
			p.Pre[k] = t.Numbers[0][row]
		case 'b':
			p.Post[k] = t.Numbers[0][row]
		default:
			others++
		}
	}
	if len(t.Labels) < 3 {
		return p, others, true
	}
	p.Group, ok = t.groupsOfPeople(l.Missing)
	return p, others, ok
}

// waves finds for each name of a wave its side, 'a' before and 'b' after, and a
// bit of its own, which names for the same wave share. It reports false when a
// wave asked for is not there, or there are too many.
func (w Labels) waves(l Long) (side []byte, class []uint64, ok bool) {
	if len(w.Names) > 64 || waveKey(l.Pre) == waveKey(l.Post) {
		return nil, nil, false
	}
	classes := map[string]uint64{}
	side, class = make([]byte, len(w.Names)), make([]uint64, len(w.Names))
	for i, name := range w.Names {
		key := waveKey(name)
		if classes[key] == 0 {
			classes[key] = 1 << len(classes)
		}
		class[i] = classes[key]
		switch key {
		case waveKey(l.Pre):
			side[i] = 'a'
		case waveKey(l.Post):
			side[i] = 'b'
		}
	}
	return side, class, classes[waveKey(l.Pre)] != 0 && classes[waveKey(l.Post)] != 0
}

// groupsOfPeople reports false when somebody is in two groups.
func (t *Table) groupsOfPeople(missing Missing) ([]string, bool) {
	names := t.Labels[2].Names
	none := make([]bool, len(names))
	for i, name := range names {
		none[i] = missing.has(name)
	}
	groups := make([]string, len(t.Labels[0].Names))
	for row, k := range t.Labels[0].Codes {
		g := t.Labels[2].Codes[row]
		if none[g] {
			continue
		}
		if groups[k] != "" && groups[k] != names[g] {
			return nil, false
		}
		groups[k] = names[g]
	}
	return groups, true
}

func missingScores(n int) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = math.NaN()
	}
	return x
}
