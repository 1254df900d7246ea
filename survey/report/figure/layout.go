package figure

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// layout holds the measures that differ between the sizes.
type layout struct {
	width       float64
	small, body float64 // font sizes: axis numbers; labels
	edge        float64 // free space around everything
}

func layoutFor(s Size) layout {
	switch s {
	case SizeCompact:
		return layout{width: 360, small: 12, body: 13, edge: 4}
	case SizeWide:
		return layout{width: 760, small: 13, body: 14, edge: 4}
	case SizeStandard:
	}
	return layout{width: 480, small: 13, body: 14, edge: 4}
}

// squareLayout is for figures that are as high as they are wide: they do not
// grow beyond the standard width.
func squareLayout(s Size) layout {
	if s == SizeWide {
		s = SizeStandard
	}
	return layoutFor(s)
}

func (l layout) text(role Role, a Anchor) TextStyle {
	return TextStyle{Size: l.body, Anchor: a, Weight: WeightRegular, Fill: role}
}

func (l layout) smallText(role Role, a Anchor) TextStyle {
	return TextStyle{Size: l.small, Anchor: a, Weight: WeightRegular, Fill: role}
}

func (s TextStyle) bold() TextStyle {
	s.Weight = WeightBold
	return s
}

// axis draws grid lines and numbers for the ticks and returns the x where the
// plot begins. The numbers are thinned when they would touch.
func (l layout) axis(d *Drawing, s scale, ticks []float64) (left float64) {
	labels := tickLabels(ticks)
	style := l.smallText(RoleSoft, AnchorEnd)
	widest := 0.0
	for _, t := range labels {
		widest = max(widest, textWidth(t, style))
	}
	labelEnd := l.edge + widest
	left = labelEnd + 8
	var grid [][]Point
	var texts []Mark
	lastY := math.Inf(1)
	for i, v := range ticks {
		y := s.at(v)
		grid = append(grid, []Point{{left, y}, {l.width - l.edge, y}})
		if lastY-y < 1.3*style.Size {
			continue
		}
		lastY = y
		texts = append(texts, Text{At: Point{labelEnd, y + 0.35*style.Size}, Body: labels[i], Style: style})
	}
	d.add(Lines{Paths: grid, Paint: Paint{Stroke: RoleGrid, Width: 1}})
	d.add(texts...)
	return left
}

// textWidth estimates the width of a text in the widest font of the stack, so
// that what is found to fit does fit.
func textWidth(s string, style TextStyle) float64 {
	em := 0.0
	for _, r := range s {
		switch {
		case strings.ContainsRune(" .,:;'|!()[]ijlIft", r):
			em += 0.4
		case strings.ContainsRune("mwMW%@—", r):
			em += 0.98
		case r >= 0x1100:
			em += 1.05
		case r >= 'A' && r <= 'Z':
			em += 0.72
		default:
			em += 0.63
		}
	}
	if style.Weight == WeightBold {
		em *= 1.08
	}
	return em * style.Size
}

// shorten cuts a text with an ellipsis so that it is at most width wide.
func shorten(s string, style TextStyle, width float64) string {
	if textWidth(s, style) <= width {
		return s
	}
	for len(s) > 0 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
		if cut := strings.TrimRight(s, " ") + "…"; textWidth(cut, style) <= width {
			return cut
		}
	}
	return "…"
}

// wrap breaks a text that is wider than width into two lines and shortens
// what still does not fit. A width of 0 breaks wherever possible and shortens
// nothing.
func wrap(s string, style TextStyle, width float64) []string {
	s = strings.Join(strings.Fields(s), " ")
	lines := []string{s}
	if width == 0 || textWidth(s, style) > width {
		lines = halve(s, style)
	}
	if width > 0 {
		for i, line := range lines {
			lines[i] = shorten(line, style, width)
		}
	}
	return lines
}

// halve breaks a text at the space that makes the wider half narrowest.
func halve(s string, style TextStyle) []string {
	best, bestWidth := []string{s}, math.Inf(1)
	for i, r := range s {
		if r != ' ' {
			continue
		}
		if w := max(textWidth(s[:i], style), textWidth(s[i+1:], style)); w < bestWidth {
			best, bestWidth = []string{s[:i], s[i+1:]}, w
		}
	}
	return best
}

// wrapLines breaks a text into at most most lines of the width, shortening what
// does not fit. It does not break around an equals sign, as in "n = 12".
func wrapLines(s string, style TextStyle, width float64, most int) []string {
	var lines []string
	line := ""
	words := strings.Fields(s)
	for i := 1; i+1 < len(words); i++ {
		if words[i] == "=" {
			words[i-1] += " = " + words[i+1]
			words = slices.Delete(words, i, i+2)
		}
	}
	for i, word := range words {
		joined := word
		if line != "" {
			joined = line + " " + word
		}
		if line == "" || textWidth(joined, style) <= width {
			line = joined
			continue
		}
		if len(lines) == most-1 {
			line += " " + strings.Join(words[i:], " ")
			break
		}
		lines, line = append(lines, shorten(line, style, width)), word
	}
	if line == "" {
		return lines
	}
	return append(lines, shorten(line, style, width))
}
