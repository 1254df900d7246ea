package paper

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"tidemark/survey/report"
)

// WriteJSON writes the whole paper, without anything of single people, in the
// form that [JSONSchema] describes.
func (p *Paper) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(p)
}

// WriteText writes the paper's tables for a terminal, each with its notes; the
// words around them are those of package prose.
func (p *Paper) WriteText(w io.Writer) error {
	var b strings.Builder
	b.WriteString(p.Source.Title + "\n" + p.Summary() + "\n")
	for _, t := range p.Tables() {
		b.WriteString("\n" + t.String())
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Summary says in one line what went in.
func (p *Paper) Summary() string {
	parts := []string{fmt.Sprintf("%d enrolled", p.Flow.Enrolled)}
	for _, a := range p.Flow.Arms {
		if len(p.Flow.Arms) > 1 {
			parts = append(parts, fmt.Sprintf("%s %d", a.Arm, a.Allocated))
		}
	}
	if p.Source.Simulated {
		parts = append(parts, "simulated people")
	}
	parts = append(parts, "data "+report.Basis{Fingerprint: p.Source.Fingerprint}.ShortFingerprint())
	return strings.Join(append(parts, p.At.UTC().Format("2 January 2006, 15:04")+" UTC"), " · ")
}
