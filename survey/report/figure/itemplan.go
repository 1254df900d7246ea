package figure

// itemPlan holds where the rows of an ItemChange stand. In a narrow picture long
// labels stand above their line.
type itemPlan struct {
	s    scale
	rows []itemRow
	// headLine is the baseline of the words above the first row.
	headLine float64
}

type itemRow struct {
	means ItemMeans
	lines []string
	// label is the baseline of the first line of words, middle the height of
	// the dots; between lineTop and bottom the grid may be drawn.
	label, middle, lineTop, bottom float64
}

func newItemPlan(f ItemChange, l layout, lo, hi float64) itemPlan {
	label, value := l.smallText(RoleInk, AnchorStart), l.smallText(RoleSoft, AnchorEnd)
	widest, valueWidth := 0.0, textWidth(changeTitle, value)
	for _, m := range f.Items {
		widest = max(widest, textWidth(m.label(), label))
		valueWidth = max(valueWidth, textWidth(m.change(), value))
	}
	right := l.width - l.edge - valueWidth - 14
	row := lineHeight * label.Size
	p := itemPlan{headLine: l.small + 2}
	if l.width < 500 && widest > 0.3*l.width {
		p.s = scale{lo: lo, hi: hi, top: right, bottom: l.edge + 8}
		y := p.headLine + 8
		for _, m := range f.Items {
			r := itemRow{means: m, lines: wrapLines(m.label(), label, l.width-2*l.edge, 2)}
			r.label = y + label.Size
			r.lineTop = y + row*float64(len(r.lines))
			r.middle = r.lineTop + 10
			r.bottom = r.lineTop + 20
			p.rows = append(p.rows, r)
			y = r.bottom + 6
		}
		return p
	}
	labelWidth := min(widest, 0.36*l.width)
	p.s = scale{lo: lo, hi: hi, top: right, bottom: l.edge + labelWidth + 16}
	y := p.headLine + 8
	for _, m := range f.Items {
		r := itemRow{means: m, lines: wrapLines(m.label(), label, labelWidth, 3), lineTop: y}
		block := row * float64(len(r.lines))
		height := max(block, row) + 8
		r.middle = y + height/2
		r.label = r.middle - block/2 + label.Size
		r.bottom = y + height
		p.rows = append(p.rows, r)
		y = r.bottom
	}
	return p
}

func (r itemRow) draw(d *Drawing, l layout, s scale) {
	middle := r.middle
	style := l.smallText(RoleInk, AnchorStart)
	l.lines(d, r.lines, style, Point{l.edge, r.label})
	change := r.means.change()
	if change == "" {
		change = "–"
	}
	d.add(Text{At: Point{l.width - l.edge, middle + 0.36*style.Size}, Body: change, Style: l.smallText(RoleSoft, AnchorEnd)})
	a, b := r.means.Pre, r.means.Post
	if finite(a, b) {
		d.add(Lines{Paths: [][]Point{{{s.at(a), middle}, {s.at(b), middle}}}, Paint: Paint{Stroke: RoleSame, Width: 2.5}})
	}
	if finite(a) {
		d.add(preDot(Point{s.at(a), middle}))
	}
	if finite(b) {
		d.add(postDot(Point{s.at(b), middle}))
	}
}
