package document

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"strings"
	"unicode"

	"tidemark/survey/report"
)

//go:embed document.html document.css
var files embed.FS

// sheet is everything that the file says.
type sheet struct {
	Lang, Title             string
	Running                 template.CSS
	Words                   words
	Answer, Support         report.Sentence
	Status                  []report.Sentence
	Sections                []Section
	Simulated               bool
	Summary, Version, Print string
	Style                   template.CSS
}

// WriteHTML writes the document as one HTML file that asks nothing of any other
// address: its style and its figures are in it. It reads on a phone and at a desk,
// and prints on A4.
func WriteHTML(w io.Writer, d *Document) error {
	style, err := files.ReadFile("document.css")
	if err != nil {
		return fmt.Errorf("style of the document: %w", err)
	}
	t, err := template.New("document.html").Funcs(template.FuncMap{"number": counter(), "part": inSheet, "cell": Cell}).ParseFS(files, "document.html")
	if err != nil {
		return fmt.Errorf("form of the document: %w", err)
	}
	p, words := d.Paper, wordsOf(d.Language)
	s := sheet{
		Lang: words.Lang, Title: p.Source.Title, Words: words, Answer: d.Answer(), Support: d.Support(), Status: d.Status(), Sections: d.Sections(),
		Simulated: p.Source.Simulated, Summary: p.Summary(), Version: p.Version, Print: p.Source.Fingerprint,
		Style: template.CSS(style), //nolint:gosec // our own file
	}
	head := running(s.Title)
	if s.Simulated {
		head = words.Simulated + " " + head
	}
	s.Running = quoted(head)
	if err := t.Execute(w, s); err != nil {
		return fmt.Errorf("write the document: %w", err)
	}
	return nil
}

// running is a title short enough for the head of every printed page.
func running(title string) string {
	const longest = 70
	runes := []rune(strings.Join(strings.Fields(title), " "))
	if len(runes) <= longest {
		return string(runes)
	}
	return string(runes[:longest]) + "…"
}

// quoted is a text as a string of CSS. Everything but letters, digits and spaces
// is escaped, so that nothing ends the string.
func quoted(text string) template.CSS {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r == ' ' || unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
			continue
		}
		fmt.Fprintf(&b, `\%06x`, r)
	}
	b.WriteByte('"')
	return template.CSS(b.String()) //nolint:gosec // escaped above
}

// counter numbers figures and tables as they come.
func counter() func(kind string) int {
	seen := map[string]int{}
	return func(kind string) int {
		seen[kind]++
		return seen[kind]
	}
}

// part is a section with the words around it.
type part struct {
	Words   words
	Section Section
}

func inSheet(s sheet, of Section) part { return part{s.Words, of} }
