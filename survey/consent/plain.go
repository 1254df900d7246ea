package consent

import "strings"

// Plain writes the text without layout: headings begin with "## ", paragraphs are
// separated by empty lines. The summary comes first, what has changed before it.
func (t Text) Plain() string {
	var parts []string
	add := func(heading, body string, more ...string) {
		body = strings.Join(append([]string{body}, more...), "\n\n")
		if len(paragraphs(body)) == 0 {
			return
		}
		if heading != "" {
			parts = append(parts, "## "+heading)
		}
		parts = append(parts, paragraphs(body)...)
	}
	add("", t.Changed)
	add("", t.Summary)
	for _, s := range t.Sections {
		if s.Element == Confidentiality {
			add(s.Heading, s.Body, t.Safety)
			continue
		}
		add(s.Heading, s.Body)
	}
	return strings.Join(parts, "\n\n")
}

// FromPlain reads a text from before there were elements: paragraphs separated by
// empty lines, "## " begins a heading.
func FromPlain(title, body string) Text {
	t := Text{Title: title}
	var now *Section
	for _, p := range paragraphs(body) {
		heading, isHeading := strings.CutPrefix(p, "## ")
		switch {
		case isHeading:
			t.Sections = append(t.Sections, Section{Heading: heading})
			now = &t.Sections[len(t.Sections)-1]
		case now == nil:
			t.Sections = append(t.Sections, Section{Body: p})
			now = &t.Sections[len(t.Sections)-1]
		case now.Body == "":
			now.Body = p
		default:
			now.Body += "\n\n" + p
		}
	}
	return t
}
