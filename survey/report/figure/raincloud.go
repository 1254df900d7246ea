package figure

import (
	"fmt"
	"math"
)

// Raincloud shows everyone's change between two surveys: the distribution of
// scores on either side, a dot for each score, a line for each person, and the
// two means with their intervals. Both sides share one axis over the whole
// scale.
type Raincloud struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc string
	// Pre and Post are paired: Pre[i] and Post[i] are one person's scores.
	// Pairs with a NaN are left out, as are values without a partner.
	Pre, Post []float64
	// Min and Max are the ends of the scale. Scores beyond are drawn at the
	// edge, and the description says how many.
	Min, Max float64
	// Ticks are the axis numbers; round ones are chosen when it is empty.
	Ticks []float64
	// PreLabel and PostLabel name the surveys; "Pre" and "Post" by default.
	PreLabel, PostLabel string
	MeanPre, MeanPost   Estimate
	// HiddenBelow, when above 0, says that there are fewer people than that;
	// nothing else is then drawn or told.
	HiddenBelow int
}

// pairs holds what is drawn of a Raincloud.
type pairs struct {
	pre, post      []float64 // within the scale
	up, down, same int
	beyond         int // people with a score beyond the scale
	lo, hi         float64
}

func (r Raincloud) pairs() pairs {
	p := pairs{lo: r.Min, hi: r.Max}
	if !usableRange(p.lo, p.hi) {
		p.lo, p.hi = 0, 1
	}
	for i := range min(len(r.Pre), len(r.Post)) {
		a, b := r.Pre[i], r.Post[i]
		if !finite(a, b) {
			continue
		}
		switch direction(a, b, p.hi-p.lo) {
		case RoleUp:
			p.up++
		case RoleDown:
			p.down++
		default:
			p.same++
		}
		inA, inB := min(max(a, p.lo), p.hi), min(max(b, p.lo), p.hi)
		if inA != a || inB != b {
			p.beyond++
		}
		p.pre, p.post = append(p.pre, inA), append(p.post, inB)
	}
	return p
}

// direction tells how a score moved; differences that can only come from
// rounding, below 1e-9 of the scale, count as none.
func direction(pre, post, span float64) Role {
	switch d := post - pre; {
	case d > 1e-9*span:
		return RoleUp
	case d < -1e-9*span:
		return RoleDown
	}
	return RoleSame
}

func (r Raincloud) labels() (pre, post string) {
	pre, post = r.PreLabel, r.PostLabel
	if pre == "" {
		pre = "Pre"
	}
	if post == "" {
		post = "Post"
	}
	return pre, post
}

// Alt gives the figure's numbers in one sentence.
func (r Raincloud) Alt() string {
	if r.HiddenBelow > 0 {
		return hiddenWords(r.HiddenBelow)
	}
	p := r.pairs()
	if len(p.pre) == 0 {
		return "No one has answered both surveys."
	}
	pre, post := r.labels()
	s := fmt.Sprintf("%s on a scale from %s to %s: mean %s at %s and %s at %s; %d rose, %d fell, %d did not change",
		people(len(p.pre)), shortNumber(p.lo), shortNumber(p.hi), r.MeanPre.sentence(), pre, r.MeanPost.sentence(), post,
		p.up, p.down, p.same)
	if p.beyond > 0 {
		s += fmt.Sprintf("; %d with a score beyond the scale, drawn at its edge", p.beyond)
	}
	return s + "."
}

// Table gives one row per survey.
func (r Raincloud) Table() Table {
	p := r.pairs()
	pre, post := r.labels()
	table := Table{Header: []string{"Survey", "n", "Mean", "95% low", "95% high"}}
	if r.HiddenBelow > 0 {
		return table
	}
	n := fmt.Sprint(len(p.pre))
	table.Rows = [][]string{
		append([]string{pre, n}, r.MeanPre.cells()...),
		append([]string{post, n}, r.MeanPost.cells()...),
	}
	return table
}

// Draw lays the figure out.
func (r Raincloud) Draw(size Size) Drawing {
	l := layoutFor(size)
	d := l.begin(r.ID, r.Title, r.Desc, r.Alt())
	if r.HiddenBelow > 0 {
		return l.only(d, r.Alt())
	}
	d.Height = 340
	p := r.pairs()
	s := scale{lo: p.lo, hi: p.hi, top: 12, bottom: d.Height - 3.2*l.body - 8}
	left := l.axis(&d, s, scaleTicks(r.Ticks, p.lo, p.hi))
	right := l.width - l.edge

	// From the outside in: cloud, a little air, a column of dots.
	cloud := (right - left) * 0.18
	const air, jitter = 13, 9
	preBase, postBase := left+6+cloud, right-6-cloud
	preX, postX := preBase+air, postBase-air

	if len(p.pre) == 0 {
		d.add(Text{At: Point{(left + right) / 2, (s.top+s.bottom)/2 - 4}, Body: "No one has answered both surveys", Style: l.text(RoleSoft, AnchorMiddle)})
	}
	drawClouds(&d, p, s, preBase, postBase, cloud)
	drawPeople(&d, p, s, preX, postX, jitter)
	if len(p.pre) > 0 {
		r.drawMeans(&d, s, preX, postX)
	}
	r.drawLabels(&d, l, len(p.pre), preX, postX, s.bottom)
	return d
}

// drawClouds draws both distributions to one measure, so that equal areas are
// equal numbers of people.
func drawClouds(d *Drawing, p pairs, s scale, preBase, postBase, width float64) {
	pre, post := density(p.pre, p.lo, p.hi), density(p.post, p.lo, p.hi)
	peak := 0.0
	for i := range densityGrid {
		if pre != nil {
			peak = max(peak, pre[i])
		}
		if post != nil {
			peak = max(peak, post[i])
		}
	}
	d.add(
		Polygon{Points: cloudShape(pre, s, preBase, -width/peak), Paint: Paint{Fill: RolePre, Transparency: 0.68}},
		Polygon{Points: cloudShape(post, s, postBase, width/peak), Paint: Paint{Fill: RolePost, Transparency: 0.7}},
	)
}

// cloudShape is a density turned upright, without the parts too thin to see.
func cloudShape(density []float64, s scale, base, perDensity float64) []Point {
	first, last := -1, -1
	for i, v := range density {
		if math.Abs(v*perDensity) >= 0.4 {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return nil
	}
	at := func(i int) float64 { return s.at(s.lo + (s.hi-s.lo)*float64(i)/(densityGrid-1)) }
	shape := []Point{{base, at(first)}}
	for i := first; i <= last; i++ {
		shape = append(shape, Point{base + density[i]*perDensity, at(i)})
	}
	return append(shape, Point{base, at(last)})
}

// drawPeople draws a line and two dots for everyone. The more people, the
// thinner and fainter each: a thousand lines stay readable as a texture.
func drawPeople(d *Drawing, p pairs, s scale, preX, postX, jitter float64) {
	n := len(p.pre)
	crowd := math.Sqrt(86 / float64(max(n, 86))) // 1 up to 86 people, then falling
	lines := map[Role][][]Point{}
	preDots, postDots := make([]Point, n), make([]Point, n)
	for i := range n {
		// Multiples of an irrational number spread evenly and are the same
		// every time; two different ones keep lines off each other.
		a := Point{preX + (math.Mod(float64(i)*math.Phi, 1)-0.5)*jitter, s.at(p.pre[i])}
		b := Point{postX + (math.Mod(float64(i)*math.Sqrt2, 1)-0.5)*jitter, s.at(p.post[i])}
		preDots[i], postDots[i] = a, b
		role := direction(p.pre[i], p.post[i], p.hi-p.lo)
		lines[role] = append(lines[role], []Point{a, b})
	}
	for _, role := range []Role{RoleSame, RoleUp, RoleDown} {
		opacity := 0.42
		if role == RoleDown {
			opacity = 0.6 // clay is the lighter colour on white
		}
		d.add(Lines{Paths: lines[role], Paint: Paint{Stroke: role, Width: 0.5 + 0.5*crowd, Transparency: 1 - max(opacity*crowd, 0.04)}})
	}
	radius := 1.3 + crowd
	d.add(
		Dots{At: preDots, Radius: radius, Paint: Paint{Fill: RolePre, Transparency: 1 - max(0.85*crowd, 0.12)}},
		Dots{At: postDots, Radius: radius, Paint: Paint{Fill: RolePost, Transparency: 1 - max(0.8*crowd, 0.12)}},
	)
}

// drawMeans draws the means over the crowd, each part on a pale casing.
func (r Raincloud) drawMeans(d *Drawing, s scale, preX, postX float64) {
	pre, post := Point{preX, s.at(r.MeanPre.Value)}, Point{postX, s.at(r.MeanPost.Value)}
	var joint [][]Point
	if r.MeanPre.known() && r.MeanPost.known() {
		joint = [][]Point{{pre, post}}
	}
	preBar, postBar := intervalBar(preX, r.MeanPre, s, 5), intervalBar(postX, r.MeanPost, s, 5)
	casing := append(append(append([][]Point{}, joint...), preBar...), postBar...)
	d.add(
		Lines{Paths: casing, Paint: Paint{Stroke: RoleSurface, Width: 5, Transparency: 0.25}},
		Lines{Paths: joint, Paint: Paint{Stroke: RoleInk, Width: 2.5}},
		Lines{Paths: preBar, Paint: Paint{Stroke: RolePreDark, Width: 2}},
		Lines{Paths: postBar, Paint: Paint{Stroke: RolePostDark, Width: 2}},
	)
	if r.MeanPre.known() {
		d.add(Dots{At: []Point{pre}, Radius: 4.5, Paint: Paint{Fill: RolePreDark, Stroke: RoleSurface, Width: 1}})
	}
	if r.MeanPost.known() {
		d.add(Dots{At: []Point{post}, Radius: 4.5, Paint: Paint{Fill: RolePostDark, Stroke: RoleSurface, Width: 1}})
	}
}

func (r Raincloud) drawLabels(d *Drawing, l layout, n int, preX, postX, bottom float64) {
	preLabel, postLabel := r.labels()
	style, small := l.text(RoleInk, AnchorMiddle), l.smallText(RoleSoft, AnchorMiddle)
	count := fmt.Sprintf(" (n = %d)", n)
	room := min(postX-preX, 2*(preX-l.edge)) - 8
	y := bottom + 1.6*l.body + 4
	for _, side := range []struct {
		x     float64
		label string
	}{{preX, preLabel}, {postX, postLabel}} {
		label := shorten(side.label, style, room-textWidth(count, style))
		d.add(Text{At: Point{side.x, y}, Body: label + count, Style: style})
	}
	if n == 0 {
		return
	}
	for _, side := range []struct {
		x    float64
		mean Estimate
	}{{preX, r.MeanPre}, {postX, r.MeanPost}} {
		if side.mean.known() {
			d.add(Text{At: Point{side.x, y + 1.35*l.body}, Body: "mean " + number(side.mean.Value, 2), Style: small})
		}
	}
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}

// shortNumber writes v with as few decimals as it needs, at most 3.
func shortNumber(v float64) string { return tickLabels([]float64{v})[0] }
