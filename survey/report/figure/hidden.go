package figure

import "fmt"

// Count is a number of people. Below, when above 0, hides it: all that is said
// is that there are fewer than so many.
type Count struct{ N, Below int }

func (c Count) String() string {
	if c.Below > 0 {
		return fmt.Sprintf("fewer than %d", c.Below)
	}
	return fmt.Sprint(c.N)
}

// of writes the count as "n = 12" or "n fewer than 5".
func (c Count) of() string {
	if c.Below > 0 {
		return "n " + c.String()
	}
	return "n = " + c.String()
}

// hiddenWords say why there is nothing to see, without a number that would tell
// more than the rule.
func hiddenWords(below int) string {
	return fmt.Sprintf("Hidden: fewer than %d people.", below)
}

// begin starts a drawing of the layout's width.
func (l layout) begin(id, title, desc, alt string) Drawing {
	if desc == "" {
		desc = alt
	}
	return Drawing{ID: id, Width: l.width, Title: title, Desc: desc}
}

// only makes words the whole picture and its description, whatever the caller
// wanted to say of it.
func (l layout) only(d Drawing, words string) Drawing {
	d.Desc = words
	style := l.text(RoleSoft, AnchorMiddle)
	lines := wrapLines(words, style, l.width-32, 4)
	d.Height = 40 + lineHeight*l.body*float64(len(lines))
	d.add(Rect{W: l.width, H: d.Height, Paint: Paint{Fill: RoleEmpty}})
	l.lines(&d, lines, style, Point{l.width / 2, 20 + 0.95*l.body})
	return d
}

// lineHeight is the distance of two lines of text in font sizes.
const lineHeight = 1.3

// lines writes lines of text downwards, the first with its baseline at at, and
// returns the baseline after the last.
func (l layout) lines(d *Drawing, lines []string, style TextStyle, at Point) float64 {
	for _, line := range lines {
		d.add(Text{At: at, Body: line, Style: style})
		at.Y += lineHeight * style.Size
	}
	return at.Y
}

// remark writes a note under a figure from y on and returns where it ends.
func (l layout) remark(d *Drawing, words string, y float64) float64 {
	if words == "" {
		return y
	}
	style := l.smallText(RoleSoft, AnchorStart)
	lines := wrapLines(words, style, l.width-2*l.edge, 4)
	return l.lines(d, lines, style, Point{l.edge, y + style.Size}) - 0.6*style.Size
}
