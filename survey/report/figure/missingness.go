package figure

import (
	"strings"
)

// Missingness shows which waves people answered: a row for each pattern and how
// many people have it, and below all the share who answered each wave.
type Missingness struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc     string
	Waves    []string
	Patterns []MissingPattern
	// HiddenBelow, when above 0, says that the figure is of fewer people than
	// that; nothing else is then drawn or told.
	HiddenBelow int
}

// MissingPattern is one pattern. Answered belongs to Missingness.Waves by
// position; waves beyond it were not answered.
type MissingPattern struct {
	Answered []bool
	N        Count
}

func (p MissingPattern) answered(i int) bool { return i < len(p.Answered) && p.Answered[i] }

func (p MissingPattern) words(waves []string) string {
	var missed []string
	for i, w := range waves {
		if !p.answered(i) {
			missed = append(missed, w)
		}
	}
	switch len(missed) {
	case 0:
		return "answered every wave"
	case len(waves):
		return "answered none"
	}
	return "missed " + strings.Join(missed, ", ")
}

// shares are the answered shares by wave; false when a hidden count stands in
// the way, because a share would tell it.
func (m Missingness) shares() (shares []float64, ok bool) {
	shares, total := make([]float64, len(m.Waves)), 0
	for _, p := range m.Patterns {
		if p.N.Below > 0 {
			return nil, false
		}
		n := max(p.N.N, 0)
		total += n
		for i := range shares {
			if p.answered(i) {
				shares[i] += float64(n)
			}
		}
	}
	if total == 0 {
		return nil, false
	}
	for i := range shares {
		shares[i] /= float64(total)
	}
	return shares, true
}

// Alt gives the figure's numbers in one sentence.
func (m Missingness) Alt() string {
	if m.HiddenBelow > 0 {
		return hiddenWords(m.HiddenBelow)
	}
	if len(m.Waves) == 0 || len(m.Patterns) == 0 {
		return "No waves to show yet."
	}
	parts := make([]string, len(m.Patterns))
	for i, p := range m.Patterns {
		parts[i] = p.N.String() + " " + p.words(m.Waves)
	}
	return "Patterns of answered waves, with the number of people: " + strings.Join(parts, "; ") + "."
}

// Table gives one row per pattern.
func (m Missingness) Table() Table {
	table := Table{Header: append(append([]string{}, m.Waves...), "n")}
	if m.HiddenBelow > 0 {
		return table
	}
	for _, p := range m.Patterns {
		row := make([]string, 0, len(m.Waves)+1)
		for i := range m.Waves {
			if p.answered(i) {
				row = append(row, "answered")
			} else {
				row = append(row, "missing")
			}
		}
		table.Rows = append(table.Rows, append(row, p.N.String()))
	}
	return table
}

// Draw lays the figure out.
func (m Missingness) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(m.ID, m.Title, m.Desc, m.Alt())
	if m.HiddenBelow > 0 || len(m.Waves) == 0 || len(m.Patterns) == 0 {
		return l.only(d, m.Alt())
	}
	count := l.smallText(RoleInk, AnchorEnd)
	room, most := 0.0, 1
	for _, p := range m.Patterns {
		room = max(room, textWidth(p.N.String(), count))
		if p.N.Below == 0 {
			most = max(most, p.N.N)
		}
	}
	bar := 0.1 * l.width
	if l.width > 400 {
		bar = 0.25 * l.width
	}
	cell := min((l.width-2*l.edge-room-bar-16)/float64(len(m.Waves)), 90)
	xs := make([]float64, len(m.Waves))
	for i := range xs {
		xs[i] = l.edge + cell*(float64(i)+0.5)
	}
	inner := l
	inner.width = l.edge + cell*float64(len(m.Waves)) + l.edge
	// The names of the waves fill one line or two; the grid begins below.
	y := inner.waveLabels(&d, m.Waves, xs, 1.1*l.small) + 8
	grid := missingGrid{l: l, cell: cell, height: 22, bar: bar / float64(most), countEnd: inner.width + room + 2}
	for _, p := range m.Patterns {
		grid.draw(&d, p, len(m.Waves), y)
		y += grid.height
	}
	if shares, ok := m.shares(); ok {
		y = grid.drawShares(&d, shares, y)
	}
	d.Height = l.remark(&d, "Filled: answered. Cross: missing. Bars: people with the pattern.", y+4) + 4
	return d
}

// missingGrid draws the rows of a Missingness.
type missingGrid struct {
	l            layout
	cell, height float64
	bar          float64 // length per person
	countEnd     float64
}

func (g missingGrid) draw(d *Drawing, p MissingPattern, waves int, y float64) {
	var crosses [][]Point
	middle := y + g.height/2
	for i := range waves {
		x := g.l.edge + g.cell*float64(i)
		box := Rect{X: x + 1, Y: y + 1, W: g.cell - 2, H: g.height - 2, Paint: Paint{Fill: RoleCourse}}
		if !p.answered(i) {
			box.Paint.Fill = RoleEmpty
			c, r := x+g.cell/2, min(4, g.cell/4)
			crosses = append(crosses, []Point{{c - r, middle - r}, {c + r, middle + r}}, []Point{{c - r, middle + r}, {c + r, middle - r}})
		}
		d.add(box)
	}
	d.add(Lines{Paths: crosses, Paint: Paint{Stroke: RoleSoft, Width: 1.5}})
	style := g.l.smallText(RoleInk, AnchorEnd)
	d.add(Text{At: Point{g.countEnd, middle + 0.36*style.Size}, Body: p.N.String(), Style: style})
	if p.N.Below == 0 && p.N.N > 0 {
		d.add(Rect{X: g.countEnd + 8, Y: y + 5, W: g.bar * float64(p.N.N), H: g.height - 10, Paint: Paint{Fill: RoleSame}})
	}
}

// drawShares writes the answered share below every wave, or below every second,
// third … when they would touch.
func (g missingGrid) drawShares(d *Drawing, shares []float64, y float64) float64 {
	style := g.l.smallText(RoleInk, AnchorMiddle)
	widest := 0.0
	for _, v := range shares {
		widest = max(widest, textWidth(percent(v), style))
	}
	every := 1
	for g.cell*float64(every) < widest+4 && every < len(shares) {
		every++
	}
	y += 1.4 * style.Size
	for i := 0; i < len(shares); i += every {
		half := textWidth(percent(shares[i]), style) / 2
		x := max(g.l.edge+g.cell*(float64(i)+0.5), half)
		d.add(Text{At: Point{x, y}, Body: percent(shares[i]), Style: style})
	}
	words := "answered"
	d.add(Text{At: Point{min(g.countEnd+8, g.l.width-g.l.edge-textWidth(words, style)), y}, Body: words, Style: g.l.smallText(RoleSoft, AnchorStart)})
	return y + 0.4*style.Size
}
