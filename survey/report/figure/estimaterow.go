package figure

// estimateRow is one row of an estimatePlot.
type estimateRow struct {
	label, note string
	estimate    Estimate
	primary     bool
	// words stand instead of an estimate.
	words string
}

func (r estimateRow) value() string {
	switch {
	case r.words != "":
		return "" // a hidden number must not even take room
	case r.estimate.hasInterval():
		return number(r.estimate.Value, 2) + " [" + number(r.estimate.Low, 2) + ", " + number(r.estimate.High, 2) + "]"
	case r.estimate.known():
		return number(r.estimate.Value, 2)
	}
	return ""
}

func (r estimateRow) labelStyle(l layout) TextStyle {
	style := l.text(RoleInk, AnchorStart)
	if r.primary {
		style = style.bold()
	}
	return style
}

// texts are the lines of a row's words.
func (r estimateRow) texts(l layout, c estimateColumns) (label, note, words []string) {
	small := l.smallText(RoleSoft, AnchorStart)
	room := c.labelWidth
	if c.stacked && r.words != "" {
		room = l.width - 2*l.edge
	}
	label = wrapLines(r.label, r.labelStyle(l), room, 3)
	note = wrapLines(r.note, small, room, 2)
	wide := c.valueEnd - c.plotLeft
	words = wrapLines(r.words, small, wide, 3)
	return label, note, words
}

// strip is the height of the interval under its words.
const strip = 24

func (r estimateRow) height(l layout, c estimateColumns) float64 {
	label, note, words := r.texts(l, c)
	text := lineHeight * (l.body*float64(len(label)) + l.small*float64(len(note)))
	wordsHeight := lineHeight * l.small * float64(len(words))
	if c.stacked {
		return text + max(wordsHeight, strip) + 12
	}
	return max(text, wordsHeight, lineHeight*l.body) + 12
}

func (r estimateRow) draw(d *Drawing, l layout, c estimateColumns, s scale, top float64) {
	label, note, words := r.texts(l, c)
	height := r.height(l, c)
	textHeight := lineHeight * (l.body*float64(len(label)) + l.small*float64(len(note)))
	y := top + (height-textHeight)/2
	middle := top + height/2
	if c.stacked {
		y = top + 6
		middle = y + textHeight + strip/2
	}
	first := y + l.body
	y = l.lines(d, label, r.labelStyle(l), Point{l.edge, first})
	l.lines(d, note, l.smallText(RoleSoft, AnchorStart), Point{l.edge, y - l.body + l.small})
	if r.words != "" {
		first := middle - lineHeight*l.small*float64(len(words))/2
		if c.stacked {
			first = top + 6 + textHeight
		}
		l.lines(d, words, l.smallText(RoleSoft, AnchorStart), Point{c.plotLeft, first + l.small})
		return
	}
	value := l.text(RoleInk, AnchorEnd)
	if r.primary {
		value = value.bold()
	}
	at := middle + 0.36*l.body
	if c.stacked {
		at = first
	}
	d.add(Text{At: Point{c.valueEnd, at}, Body: r.value(), Style: value})
	r.drawInterval(d, s, middle)
}

// drawInterval draws the estimate, with an arrow where its interval leaves the
// axis.
func (r estimateRow) drawInterval(d *Drawing, s scale, y float64) {
	color, shape, radius := RoleInk, markerCircle, 4.5
	if r.primary {
		color, shape, radius = RoleCourse, markerDiamond, 6
	}
	if e := r.estimate; e.hasInterval() {
		a, b := s.at(e.Low), s.at(e.High)
		d.add(Lines{Paths: [][]Point{{{a, y}, {b, y}}}, Paint: Paint{Stroke: color, Width: 2}})
		var tips [][]Point
		for _, end := range []struct {
			cut  bool
			x, w float64
		}{{e.Low < s.lo, a, 7}, {e.High > s.hi, b, -7}} {
			if end.cut {
				tips = append(tips, []Point{{end.x, y}, {end.x + end.w, y - 5}, {end.x + end.w, y + 5}})
			}
		}
		d.add(Shapes{Outlines: tips, Paint: Paint{Fill: color}})
	}
	if v := r.estimate.Value; finite(v) && v >= s.lo && v <= s.hi {
		d.add(shape.draw([]Point{{s.at(v), y}}, radius, Paint{Fill: color, Stroke: RoleSurface, Width: 1}))
	}
}
