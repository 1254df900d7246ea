package catalogue

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// Wording is what an installation adds to an entry from its own copy.
type Wording struct {
	// Version of the questionnaire; empty: 1.0.0.
	Version string
	// Language of the wording, as a language tag.
	Language string
	// Heading and Intro as participants see them; empty: neutral ones of ours.
	Heading string
	Intro   string
	// Items in the order of the sheet. For a line: text, then the statements at
	// its ends, separated by "|".
	Items []string
	// Options as the sheet orders them; not for a line.
	Options []instrument.Option
	// Reversed are the turned items of an entry whose key is on its form.
	Reversed []int
}

// What questionnaires say of themselves.
const (
	statusPublished = "published instrument; wording added by this installation"
	statusKey       = "scoring key without wording"
	headingNeutral  = "Some questions"
	introNeutral    = "Please read each line and choose the answer that fits you best. There are no right or wrong answers."
	pageItems       = 7
)

// Definition makes a questionnaire of the entry and a wording. ErrNotReady when
// the entry's key is not confirmed; the error is instrument.Faults when the wording
// does not fit.
func (e *Entry) Definition(w Wording) (*instrument.Definition, error) {
	if err := e.ready(); err != nil {
		return nil, err
	}
	if len(w.Items) != e.Items {
		var faults instrument.Faults
		faults.Add("items", "has %d items; %s has %d", len(w.Items), e.Short, e.Items)
		return nil, faults
	}
	d := e.shell()
	d.Version = or(w.Version, "1.0.0")
	d.Language = or(w.Language, "en")
	d.Heading = or(w.Heading, headingNeutral)
	d.Intro = or(w.Intro, introNeutral)
	d.Status = statusPublished
	if !e.Slider() {
		if err := e.checkOptions(w.Options); err != nil {
			return nil, err
		}
		d.Options = w.Options
	}
	for i, text := range w.Items {
		d.Items = append(d.Items, e.item(i+1, text))
	}
	for _, s := range e.Scales {
		if e.KeyOnForm && s.Primary {
			s.Reversed = w.Reversed
		}
		d.Scales = append(d.Scales, e.scale(s))
	}
	return parsed(d)
}

// Key is a definition of the entry without wording, with which files are scored:
// its items are called by their numbers, and its scales include the Alternatives.
// Reversed are the turned items of an entry whose key is on its form. ErrNotReady
// when the entry's key is not confirmed.
func (e *Entry) Key(reversed ...int) (*instrument.Definition, error) {
	if err := e.ready(); err != nil {
		return nil, err
	}
	d := e.shell()
	d.Version, d.Language, d.Heading, d.Intro, d.Status = "1.0.0", "en", headingNeutral, introNeutral, statusKey
	if !e.Slider() {
		for _, v := range e.values() {
			d.Options = append(d.Options, instrument.Option{Value: v, Label: number(v)})
		}
	}
	for n := 1; n <= e.Items; n++ {
		d.Items = append(d.Items, e.item(n, "Item "+strconv.Itoa(n)))
	}
	for _, s := range slices.Concat(e.Scales, e.Alternatives) {
		if e.KeyOnForm && s.Primary {
			s.Reversed = reversed
		}
		d.Scales = append(d.Scales, e.scale(s))
	}
	return parsed(d)
}

func (e *Entry) ready() error {
	if !e.Ready {
		return fmt.Errorf("%s: %w: %s", e.ID, ErrNotReady, e.Why)
	}
	return nil
}

// shell is a definition without wording, items and scales.
func (e *Entry) shell() *instrument.Definition {
	terms := e.Terms.Summary
	if e.Terms.CopyrightLine != "" {
		terms += " " + e.Terms.CopyrightLine
	}
	return &instrument.Definition{
		Key: e.DefinitionKey(), Title: e.Name, Terms: terms, Citation: e.cited(), Minutes: e.Minutes, PageSize: pageItems,
		Licence:  &instrument.Licence{Kind: e.Terms.Kind, Reference: e.Terms.Reference, URL: e.Terms.URL},
		Cautions: e.Cautions,
	}
}

func (e *Entry) cited() string {
	if e.DOI == "" || strings.Contains(e.Citation, e.DOI) {
		return e.Citation
	}
	return e.Citation + ". doi " + e.DOI
}

func (e *Entry) item(n int, text string) instrument.Item {
	item := instrument.Item{Code: e.Code(n), Text: text}
	if e.Slider() {
		item.Type = instrument.TypeSlider
		parts := strings.Split(text, "|")
		item.Range = &instrument.Range{Min: e.Response.Low, Max: e.Response.High, Step: e.Response.Step}
		item.Text = strings.TrimSpace(parts[0])
		if len(parts) > 1 {
			item.Range.LowLabel = strings.TrimSpace(parts[1])
		}
		if len(parts) > 2 {
			item.Range.HighLabel = strings.TrimSpace(parts[2])
		}
	}
	for _, r := range e.Risk {
		if r.Item == n {
			above := r.Above
			item.Risk = &instrument.Risk{Above: &above}
		}
	}
	return item
}

func (e *Entry) scale(s Scale) instrument.Scale {
	return instrument.Scale{
		Key: s.Key, Name: s.Name, Label: s.Label, Items: e.Codes(s.Items), Reversed: e.Codes(s.Reversed),
		Method: s.Method, MinAnswered: s.MinAnswered, Direction: s.Direction, Primary: s.Primary, Parent: s.Parent,
		Parts: s.Parts, Factor: s.Factor, Lookup: s.Lookup, Norms: s.Norms, Reliability: s.Reliability,
		Bands: s.Bands, BandsWarning: s.BandsWarning, Changes: s.Changes,
	}
}

// values are the possible answers, ascending; nil for a line.
func (e *Entry) values() []float64 {
	var all []float64
	for i := range e.Response.Points {
		all = append(all, e.Response.Low+float64(i))
	}
	return all
}

// checkOptions holds options to the values of the key: each once.
func (e *Entry) checkOptions(options []instrument.Option) error {
	var faults instrument.Faults
	want := e.values()
	if len(options) != len(want) {
		faults.Add("options", "has %d options; %s has %d, from %s to %s", len(options), e.Short, len(want), number(e.Response.Low), number(e.Response.High))
		return faults
	}
	for i, o := range options {
		if !slices.Contains(want, o.Value) {
			faults.Add(fmt.Sprintf("options[%d].value", i), "%s is not among the values of %s, %s to %s", number(o.Value), e.Short, number(e.Response.Low), number(e.Response.High))
		}
	}
	return faults.Err()
}

// parsed holds a definition to all rules and gives it as it would be read back.
func parsed(d *instrument.Definition) (*instrument.Definition, error) {
	data, err := d.Canonical()
	if err != nil {
		return nil, err
	}
	return instrument.Parse(data)
}

func or(s, otherwise string) string {
	if s = strings.TrimSpace(s); s == "" {
		return otherwise
	}
	return s
}

func number(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
