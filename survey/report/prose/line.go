package prose

import (
	"slices"
	"strings"

	"tidemark/survey/report"
)

// line is a sentence, or a paragraph of them, in the making.
type line struct {
	s     report.Sentence
	n     numerals
	cites *citations
}

// put adds words from a template: {} is the next argument as it is, *x* italic,
// ~x~ a subscript, [key; key] a citation in brackets, <key> one as part of the
// sentence. Arguments have no marks. A space parts the words from those before
// them.
func (w *line) put(template string, args ...string) *line {
	if len(w.s) > 0 {
		w.add(" ", report.Plain)
	}
	return w.more(template, args...)
}

// more is put without the space.
func (w *line) more(template string, args ...string) *line {
	style := report.Plain
	var text strings.Builder
	flush := func() {
		if text.Len() > 0 {
			w.add(text.String(), style)
			text.Reset()
		}
	}
	toggle := func(to report.Style) {
		flush()
		if style == to {
			to = report.Plain
		}
		style = to
	}
	for rest := template; rest != ""; {
		switch c := rest[0]; {
		case c == '*':
			toggle(report.Italic)
		case c == '~':
			toggle(report.Sub)
		case strings.HasPrefix(rest, "{}"):
			if len(args) > 0 {
				text.WriteString(args[0])
				args = args[1:]
			}
			rest = rest[1:]
		case c == '[' || c == '<':
			end := strings.IndexAny(rest, "]>")
			if end < 0 {
				end = len(rest) - 1
			}
			text.WriteString(w.cites.cite(rest[1:end], c == '['))
			rest = rest[end:]
		default:
			text.WriteByte(c)
		}
		rest = rest[1:]
	}
	flush()
	return w
}

func (w *line) add(text string, style report.Style) {
	if n := len(w.s); n > 0 && w.s[n-1].Style == style {
		w.s[n-1].Text += text
		return
	}
	w.s = append(w.s, report.Span{Text: text, Style: style})
}

// paragraphs collects lines; empty ones vanish.
type paragraphs struct {
	voice voice
	cites *citations
	lines []*line
}

func (p *paragraphs) begin() *line {
	w := &line{n: p.voice.numerals(), cites: p.cites}
	p.lines = append(p.lines, w)
	return w
}

func (p *paragraphs) done() []report.Sentence {
	var out []report.Sentence
	for _, w := range p.lines {
		if len(w.s) > 0 {
			out = append(out, w.s)
		}
	}
	return out
}

// list joins names: "a", "a and b", "a, b, and c".
func (n numerals) list(names []string) string {
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	case 2:
		return names[0] + " " + n.and + " " + names[1]
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + n.lastComma + " " + n.and + " " + names[last]
}

// joint is what stands before the i-th of n names of a list.
func (n numerals) joint(i, of int, before string) string {
	switch {
	case i == 0:
		return before
	case i < of-1:
		return ", "
	case of == 2:
		return " " + n.and + " "
	}
	return n.lastComma + " " + n.and + " "
}

// listLong joins clauses that may have commas themselves.
func (n numerals) listLong(clauses []string) string {
	if len(clauses) == 1 {
		return clauses[0]
	}
	last := len(clauses) - 1
	return strings.Join(clauses[:last], "; ") + "; " + n.and + " " + clauses[last]
}

// distinct leaves out what was named before.
func distinct(names []string) []string {
	var out []string
	for _, s := range names {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}
