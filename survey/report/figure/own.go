package figure

// Own shows one person's scores on one scale, an occasion below the other, each
// with its band of error. All words come with it, in the person's language; numbers
// stand in its table.
type Own struct {
	ID, Title, Desc string
	// Min and Max are the ends of the scale.
	Min, Max float64
	Points   []OwnPoint
	// Header names the columns of the table.
	Header []string
}

// OwnPoint is one occasion.
type OwnPoint struct {
	Label string
	// Value and the band's ends; NaN where there is none.
	Value, Low, High float64
	// Cells are the occasion's numbers in words, for the table.
	Cells []string
}

// Alt is the description that came along.
func (f Own) Alt() string { return f.Desc }

// Table gives one row per occasion.
func (f Own) Table() Table {
	t := Table{Header: f.Header}
	for _, p := range f.Points {
		t.Rows = append(t.Rows, append([]string{p.Label}, p.Cells...))
	}
	return t
}

// Draw lays the figure out.
func (f Own) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := Drawing{ID: f.ID, Width: l.width, Title: f.Title, Desc: f.Desc}
	label := l.text(RoleInk, AnchorStart)
	const row, top, inset = 46.0, 4.0, 10.0
	bottom := top + row*float64(len(f.Points))
	s := scale{lo: f.Min, hi: f.Max, bottom: l.edge + inset, top: l.width - l.edge - inset}
	ticks := scaleTicks(nil, f.Min, f.Max)
	var grid [][]Point
	for _, v := range ticks {
		grid = append(grid, []Point{{s.at(v), top}, {s.at(v), bottom + 4}})
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	for i, body := range tickLabels(ticks) {
		d.add(Text{At: Point{s.at(ticks[i]), bottom + 8 + l.small}, Body: body, Style: l.smallText(RoleSoft, AnchorMiddle)})
	}
	for i, p := range f.Points {
		y := top + row*float64(i)
		d.add(Text{At: Point{l.edge, y + l.body + 2}, Body: shorten(p.Label, label, l.width-2*l.edge), Style: label})
		middle := y + row - 13
		if !finite(p.Value) {
			d.add(Text{At: Point{s.bottom, middle + 4}, Body: "–", Style: l.text(RoleSoft, AnchorStart)})
			continue
		}
		if finite(p.Low, p.High) {
			x, w := s.at(p.Low), s.at(p.High)-s.at(p.Low)
			d.add(Rect{X: x, Y: middle - 6, W: max(w, 1), H: 12, Paint: Paint{Fill: RoleCourse, Transparency: 0.78}})
		}
		d.add(Dots{At: []Point{{s.at(p.Value), middle}}, Radius: 5.5, Paint: Paint{Fill: RoleCourse, Stroke: RoleSurface, Width: 1.5}})
	}
	d.Height = bottom + 8 + l.small + 6
	return d
}
