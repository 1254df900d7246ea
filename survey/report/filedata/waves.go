package filedata

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey"
	"tidemark/survey/report/paper"
	"tidemark/survey/report/sheet"
)

// layOutWaves finds the waves and which is before and after the course.
func (r *reading) layOutWaves() error {
	r.data = &paper.Dataset{}
	if !r.long() {
		r.wideWaves()
		return nil
	}
	cells, err := r.longWaves()
	if err != nil {
		return err
	}
	r.cells = cells
	pre, post := 0, 1
	for _, named := range []struct {
		name string
		at   *int
	}{{r.spec.Pre, &pre}, {r.spec.Post, &post}} {
		if named.name == "" {
			continue
		}
		if *named.at = waveAt(cells, named.name); *named.at < 0 {
			return r.noWave(named.name, cells)
		}
	}
	if r.spec.Post == "" {
		post = pre + 1
	}
	if pre >= post && len(cells) > 1 {
		return fmt.Errorf("the wave %q before the course does not come before %q in the order of waves (%s)", r.spec.Pre, cells[min(post, len(cells)-1)], strings.Join(cells, ", "))
	}
	for w, cell := range cells {
		name := cell
		if _, err := strconv.ParseFloat(cell, 64); err == nil {
			name = r.spec.Wave + " " + cell
		}
		r.data.Waves = append(r.data.Waves, paper.Wave{Key: cell, Name: name, Short: name, Kind: kindOf(w, pre, post), Weeks: float64(w)})
	}
	return nil
}

// kindOf is what a wave is for: those between are during the course.
func kindOf(w, pre, post int) survey.WaveKind {
	switch {
	case w == pre:
		return survey.WavePre
	case w == post:
		return survey.WavePost
	case w > post:
		return survey.WaveFollowUp
	}
	return survey.WaveDuring
}

func waveAt(cells []string, name string) int {
	return slices.IndexFunc(cells, func(c string) bool { return sheet.WaveKey(c) == sheet.WaveKey(name) })
}

func (r *reading) noWave(name string, cells []string) error {
	hint := ""
	if near := sheet.Nearest(name, cells); len(near) > 0 {
		hint = fmt.Sprintf("; did you mean %q?", near[0])
	}
	return fmt.Errorf("no row has the wave %q%s; column %q holds %s", name, hint, r.spec.Wave, some(cells, 20))
}

// maxWaves is more than a study has and less than a column of scores.
const maxWaves = 60

// longWaves are the waves of a file with a column of them: in the order asked
// for, else of their numbers, else of their first rows.
func (r *reading) longWaves() ([]string, error) {
	var have []string
	column := r.column[r.spec.Wave]
	for i, cell := range r.sheet.Texts(r.missing(), column) {
		if cell == "" {
			return nil, sheet.Faults{{Line: r.sheet.Rows[i].Line, Column: r.sheet.Header[column], Text: "no wave; without one it cannot be told when these answers are from"}}
		}
		if waveAt(have, cell) < 0 {
			have = append(have, cell)
		}
		if len(have) > maxWaves {
			return nil, fmt.Errorf("column %q holds more than %d different waves; is it the right column?", r.spec.Wave, maxWaves)
		}
	}
	if len(r.spec.Waves) == 0 {
		sortWaves(have)
		return have, nil
	}
	var cells []string
	for _, name := range r.spec.Waves {
		at := waveAt(have, name)
		if at < 0 {
			return nil, r.noWave(name, have)
		}
		cells = append(cells, have[at])
	}
	return cells, nil
}

// sortWaves puts waves that are numbers, or end in numbers, in their order.
func sortWaves(waves []string) {
	number := func(s string) (float64, bool) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			v, err = strconv.ParseFloat(s[len(stem(s)):], 64)
		}
		return v, err == nil
	}
	shared := stem(waves[0])
	for _, w := range waves {
		if _, ok := number(w); !ok || stem(w) != shared {
			return
		}
	}
	slices.SortStableFunc(waves, func(a, b string) int {
		x, _ := number(a)
		y, _ := number(b)
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
}

// wideWaves names the waves of a file with a row a person by what the columns
// of all outcomes end in (or begin with): T1 and T2 of PSS_T1, PSS_T2, BRS_T1 …
func (r *reading) wideWaves() {
	n := 0
	for i := range r.spec.Outcomes {
		n = max(n, r.spec.Outcomes[i].waves())
	}
	names := r.sharedNames(n)
	if names == nil {
		names = []string{"pre", "post", "follow-up"}[:min(n, 3)]
		for w := 3; w < n; w++ {
			names = append(names, fmt.Sprintf("follow-up %d", w-1))
		}
	}
	if n == 1 {
		names = []string{"once"}
	}
	for w, name := range names {
		r.data.Waves = append(r.data.Waves, paper.Wave{Key: name, Name: name, Short: name, Kind: kindOf(w, 0, 1), Weeks: float64(w)})
	}
}

// sharedNames are what tells the waves apart in the names of every outcome's
// columns; nil when they do not agree.
func (r *reading) sharedNames(n int) []string {
	var names []string
	for i := range r.spec.Outcomes {
		o := &r.spec.Outcomes[i]
		columns := o.Columns
		for _, items := range o.Items {
			if len(items) > 0 {
				columns = append(slices.Clip(columns), items[0])
			}
		}
		if len(columns) != n || n < 2 || slices.Contains(columns, "") {
			if len(columns) < n && len(columns) > 0 {
				continue // fewer waves: the others name them
			}
			return nil
		}
		own := differing(columns)
		if names != nil && !slices.Equal(names, own) {
			return nil
		}
		names = own
	}
	sorted := slices.Clone(names)
	slices.Sort(sorted)
	if len(slices.Compact(sorted)) < n {
		return nil
	}
	return names
}

// differing takes off what all names begin and end with.
func differing(names []string) []string {
	front, back := names[0], names[0]
	for _, n := range names[1:] {
		for !strings.HasPrefix(n, front) {
			front = front[:len(front)-1]
		}
		for !strings.HasSuffix(n, back) {
			back = back[1:]
		}
	}
	// Take off whole words only: T1 and T2 differ in 1 and 2, but are called T1
	// and T2.
	front = front[:strings.LastIndexAny(front, "_-. ")+1]
	if at := strings.IndexAny(back, "_-. "); at >= 0 {
		back = back[at:]
	} else {
		back = ""
	}
	out := make([]string, len(names))
	for i, n := range names {
		if len(front)+len(back) >= len(n) {
			return names
		}
		out[i] = n[len(front) : len(n)-len(back)]
	}
	return out
}
