package report

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// WriteJSON writes the whole report, without anything of single people.
func (r *Report) WriteJSON(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(r)
}

// WriteText writes the report for a terminal or a mail.
func (r *Report) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s\n", r.Basis.Title, r.Basis.Summary())
	if r.Basis.Simulated {
		b.WriteString("Rehearsal: these people are simulated.\n")
	}
	if len(r.Outcomes) == 0 {
		b.WriteString("\nNo questionnaire is asked both before and after, so there is no change to report.\n")
	} else {
		o := &r.Outcomes[0]
		b.WriteString("\n" + o.Text())
	}
	for _, t := range r.Tables() {
		b.WriteString("\n" + t.String())
	}
	if len(r.Outcomes) > 0 {
		b.WriteString("\nMethod\n")
		for _, line := range r.Outcomes[0].Method(r.Basis.Version) {
			b.WriteString("- " + line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// Summary says in one line what went in.
func (b Basis) Summary() string {
	parts := []string{GroupName(b.Arm), fmt.Sprintf("%d enrolled", b.Enrolled)}
	if b.Pre.Key != "" {
		parts = append(parts, b.Pre.Name+" → "+b.Post.Name)
	}
	return strings.Join(append(parts, b.source(), b.At.UTC().Format("2 January 2006, 15:04")+" UTC"), " · ")
}

// source says which data went in: frozen ones, or those of the moment.
func (b Basis) source() string {
	if b.Snapshot == nil {
		return "live data " + b.ShortFingerprint()
	}
	return b.Snapshot.String() + " · data " + b.ShortFingerprint()
}

// ShortFingerprint is enough of the fingerprint to tell two data sets apart by
// eye: "7c1f-09ab".
func (b Basis) ShortFingerprint() string {
	if len(b.Fingerprint) < 8 {
		return b.Fingerprint
	}
	return b.Fingerprint[:4] + "-" + b.Fingerprint[4:8]
}

// Text is what the report says about an outcome in words.
func (o *Outcome) Text() string {
	c := o.Main()
	lines := []string{o.Headline()}
	if c.Group != "" {
		lines[0] = c.Group + ": " + lines[0]
	}
	for _, s := range o.Shares(c) {
		lines = append(lines, s.String())
	}
	lines = append(lines, o.ThresholdSentence(c), "", "For your paper:")
	for i := range o.Groups {
		lines = append(lines, o.Paper(&o.Groups[i]).String())
	}
	if s := o.PaperComparison(); s != nil {
		lines = append(lines, s.String())
	}
	return strings.Join(lines, "\n") + "\n"
}
