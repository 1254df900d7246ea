package figure

import (
	"fmt"
	"math"
	"strings"
)

// ReliableScatter shows everyone's score before against after. People on the
// diagonal did not change; those within the band did not change by more than
// measurement error; the cut-off parts the ordinary range from the other.
type ReliableScatter struct {
	ID, Title string
	// Desc replaces Alt as the description when it is not empty.
	Desc   string
	People []ScatterPerson
	// Min and Max are the ends of the scale on both axes, Ticks its numbers.
	Min, Max float64
	Ticks    []float64
	// PreLabel and PostLabel name the surveys; "Pre" and "Post" by default.
	PreLabel, PostLabel string
	// Threshold is the smallest reliable change in points, Cutoff the border
	// of the ordinary range. What is NaN or, for the threshold, not above 0
	// is not drawn.
	Threshold, Cutoff float64
	// LowerIsBetter turns the words around: a fall is an improvement.
	LowerIsBetter bool
	// HiddenBelow, when above 0, says that there are fewer people than that;
	// nothing else is then drawn or told.
	HiddenBelow int
}

// ScatterPerson is one person with the class that the caller's method gave.
// People with a NaN are left out.
type ScatterPerson struct {
	Pre, Post float64
	Class     ChangeClass
}

// ChangeClass says how a person's score changed.
type ChangeClass string

const (
	ClassRecovered ChangeClass = "recovered" // reliably better and into the ordinary range
	ClassImproved  ChangeClass = "improved"  // reliably better
	ClassUnchanged ChangeClass = "unchanged" // no reliable change
	ClassWorse     ChangeClass = "worse"     // reliably worse
)

// Valid reports whether c is a known class.
func (c ChangeClass) Valid() bool { return c.look().words != "" }

type classLook struct {
	words  string
	color  Role
	marker marker
}

func (c ChangeClass) look() classLook {
	switch c {
	case ClassRecovered:
		return classLook{"recovered", RoleBetter, markerDiamond}
	case ClassImproved:
		return classLook{"improved", RoleBetter, markerUp}
	case ClassUnchanged:
		return classLook{"no reliable change", RoleNeutral, markerCircle}
	case ClassWorse:
		return classLook{"worse", RoleWorse, markerDown}
	}
	return classLook{"", RoleNeutral, markerCircle}
}

func changeClasses() []ChangeClass {
	return []ChangeClass{ClassRecovered, ClassImproved, ClassUnchanged, ClassWorse}
}

func (r ReliableScatter) labels() (pre, post string) {
	return Raincloud{PreLabel: r.PreLabel, PostLabel: r.PostLabel}.labels()
}

// complete are the people with both scores; an unknown class counts as
// unchanged, because nothing more is known.
func (r ReliableScatter) complete() (all []ScatterPerson, counts map[ChangeClass]int) {
	counts = map[ChangeClass]int{}
	for _, p := range r.People {
		if !finite(p.Pre, p.Post) {
			continue
		}
		if !p.Class.Valid() {
			p.Class = ClassUnchanged
		}
		all = append(all, p)
		counts[p.Class]++
	}
	return all, counts
}

// Alt gives the figure's numbers in one sentence.
func (r ReliableScatter) Alt() string {
	if r.HiddenBelow > 0 {
		return hiddenWords(r.HiddenBelow)
	}
	all, counts := r.complete()
	if len(all) == 0 {
		return "No one has answered both surveys."
	}
	var parts []string
	for _, c := range changeClasses() {
		if counts[c] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[c], c.look().words))
		}
	}
	pre, post := r.labels()
	s := fmt.Sprintf("%s, %s against %s: %s", people(len(all)), pre, post, strings.Join(parts, ", "))
	if r.hasBand() {
		s += "; a change of at least " + number(r.Threshold, 2) + " points is reliable"
	}
	if finite(r.Cutoff) {
		s += "; cut-off " + number(r.Cutoff, 2)
	}
	return s + "."
}

// Table gives one row per class.
func (r ReliableScatter) Table() Table {
	table := Table{Header: []string{"Change", "n"}}
	if r.HiddenBelow > 0 {
		return table
	}
	_, counts := r.complete()
	for _, c := range changeClasses() {
		table.Rows = append(table.Rows, []string{c.look().words, fmt.Sprint(counts[c])})
	}
	return table
}

func (r ReliableScatter) hasBand() bool { return finite(r.Threshold) && r.Threshold > 0 }

// Draw lays the figure out.
func (r ReliableScatter) Draw(size Size) Drawing {
	l := squareLayout(size)
	d := l.begin(r.ID, r.Title, r.Desc, r.Alt())
	all, counts := r.complete()
	if r.HiddenBelow > 0 || len(all) == 0 {
		return l.only(d, r.Alt())
	}
	pre, post := r.labels()
	lo, hi, ticks := scaleOf(r.Min, r.Max, r.Ticks)
	y := r.drawUnchangedLabel(&d, l, counts[ClassUnchanged])
	f, end := l.frame(&d, y, axes{xLo: lo, xHi: hi, yLo: lo, yHi: hi, xTicks: ticks, yTicks: ticks, xTitle: pre, yTitle: post, square: true, room: 6})
	r.drawBand(&d, f)
	drawClasses(&d, f, all)
	r.drawCutoff(&d, l, f)
	r.drawCounts(&d, l, f, counts)
	d.Height = l.remark(&d, r.remark(), end) + 4
	return d
}

func (r ReliableScatter) remark() string {
	words := "Diagonal: the same score twice."
	if r.hasBand() {
		words += " Band: changes below " + number(r.Threshold, 2) + " points, which may be measurement error."
	}
	return words
}

// drawBand draws the diagonal and the changes that are not reliable.
func (r ReliableScatter) drawBand(d *Drawing, f frame) {
	lo, hi := f.x.lo, f.x.hi
	if r.hasBand() {
		t := min(r.Threshold, hi-lo)
		d.add(Polygon{Points: []Point{
			f.at(lo, lo), f.at(lo, lo+t), f.at(hi-t, hi), f.at(hi, hi), f.at(hi, hi-t), f.at(lo+t, lo),
		}, Paint: Paint{Fill: RoleBand}})
	}
	d.add(Lines{Paths: [][]Point{{f.at(lo, lo), f.at(hi, hi)}}, Paint: Paint{Stroke: RoleSame, Width: 1.2}})
}

// drawClasses draws the people. Scores of questionnaires repeat, so each stands
// a hair beside its place, the same every time.
func drawClasses(d *Drawing, f frame, all []ScatterPerson) {
	at := map[ChangeClass][]Point{}
	const jitter = 4
	for i, p := range all {
		place := f.at(p.Pre, p.Post)
		place.X += (math.Mod(float64(i)*math.Phi, 1) - 0.5) * jitter
		place.Y += (math.Mod(float64(i)*math.Sqrt2, 1) - 0.5) * jitter
		at[p.Class] = append(at[p.Class], place)
	}
	crowd := math.Sqrt(150 / float64(max(len(all), 150)))
	for _, c := range []ChangeClass{ClassUnchanged, ClassImproved, ClassRecovered, ClassWorse} {
		look := c.look()
		paint := Paint{Fill: look.color, Transparency: 1 - max(0.8*crowd, 0.15)}
		radius := 2 + 1.6*crowd
		if c == ClassUnchanged {
			paint, radius = Paint{Stroke: look.color, Width: 1.2, Transparency: 1 - max(0.9*crowd, 0.15)}, 1.6+1.4*crowd
		}
		d.add(look.marker.draw(at[c], radius, paint))
	}
}

func (r ReliableScatter) drawCutoff(d *Drawing, l layout, f frame) {
	if !finite(r.Cutoff) || r.Cutoff <= f.x.lo || r.Cutoff >= f.x.hi {
		return
	}
	x, y := f.x.at(r.Cutoff), f.y.at(r.Cutoff)
	d.add(Lines{Paths: [][]Point{{{x, f.top}, {x, f.bottom}}, {{f.left, y}, {f.right, y}}}, Paint: Paint{Stroke: RoleInk, Width: 1, Dashed: true}})
	style := l.smallText(RoleInk, AnchorEnd)
	l.onSurface(d, Text{At: Point{f.right - 4, y - 5}, Body: "cut-off " + shortNumber(r.Cutoff), Style: style})
}

// drawUnchangedLabel writes the count of the band above its upper end.
func (r ReliableScatter) drawUnchangedLabel(d *Drawing, l layout, n int) float64 {
	look := ClassUnchanged.look()
	style := l.smallText(look.color, AnchorEnd).bold()
	y := style.Size + 2
	x := l.width - l.edge
	d.add(
		Text{At: Point{x - 14, y}, Body: fmt.Sprintf("%d %s", n, look.words), Style: style},
		look.marker.draw([]Point{{x - 4, y - 0.35*style.Size}}, 3, Paint{Stroke: look.color, Width: 1.2}),
	)
	return y + 4
}

// drawCounts writes how many improved and got worse in the corners that only
// they can be in.
func (r ReliableScatter) drawCounts(d *Drawing, l layout, f frame, counts map[ChangeClass]int) {
	better := []ChangeClass{ClassImproved, ClassRecovered}
	upper, lower := better, []ChangeClass{ClassWorse}
	if r.LowerIsBetter {
		upper, lower = lower, upper
	}
	write := func(classes []ChangeClass, x, y float64, anchor Anchor) {
		for _, c := range classes {
			if counts[c] == 0 && c == ClassRecovered && !finite(r.Cutoff) {
				continue
			}
			look := c.look()
			style := l.smallText(look.color, anchor).bold()
			words := fmt.Sprintf("%d %s", counts[c], look.words)
			at, sign := Point{x + 16, y}, x+6
			if anchor == AnchorEnd {
				at.X, sign = x-16, x-6
			}
			l.onSurface(d, Text{At: at, Body: words, Style: style})
			d.add(look.marker.draw([]Point{{sign, y - 0.35*style.Size}}, 3.6, Paint{Fill: look.color}))
			y += lineHeight * style.Size
		}
	}
	write(upper, f.left+6, f.top+l.small+6, AnchorStart)
	rows := float64(len(lower) - 1)
	write(lower, f.right-6, f.bottom-9-rows*lineHeight*l.small, AnchorEnd)
}

// onSurface writes a text on a pale ground, so that what lies behind does not
// disturb it.
func (l layout) onSurface(d *Drawing, t Text) {
	w := textWidth(t.Body, t.Style)
	x := t.At.X
	switch t.Style.Anchor {
	case AnchorMiddle:
		x -= w / 2
	case AnchorEnd:
		x -= w
	case AnchorStart:
	}
	d.add(Rect{X: x - 2, Y: t.At.Y - 0.95*t.Style.Size, W: w + 4, H: 1.25 * t.Style.Size, Paint: Paint{Fill: RoleSurface, Transparency: 0.2}}, t)
}
