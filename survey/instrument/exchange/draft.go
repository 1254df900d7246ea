package exchange

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// draft is a definition in the making, with the names its source used.
type draft struct {
	instrument.Definition
	lost *losses
	// codes are ours by the source's name of an item.
	codes map[string]string
	// answers are the numbers by name of an answer, by item code; nil: the names
	// are numbers.
	answers map[string]map[string]float64
	// later are conditions, which can be read only once all items are known.
	later []func()
}

func newDraft(lost *losses) *draft {
	d := &draft{lost: lost, codes: map[string]string{}, answers: map[string]map[string]float64{}}
	d.Version, d.Language, d.PageSize = "1.0.0", "en", 5
	return d
}

var notInCode = regexp.MustCompile(`[^a-z0-9_]+`)

// asCode makes a code of a foreign name.
func asCode(name, prefix string) string {
	code := strings.Trim(notInCode.ReplaceAllString(strings.ToLower(name), "_"), "_")
	if code == "" || code[0] < 'a' || code[0] > 'z' {
		code = prefix + "_" + code
	}
	return strings.TrimRight(code[:min(len(code), maxCode)], "_")
}

// maxCode is the length that the definition format allows.
const maxCode = 26

// code gives an item of the source its code: its own name where that can be one.
func (d *draft) code(place, name string) string {
	code := asCode(name, "q")
	taken := func(c string) bool {
		return slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.Code == c })
	}
	for n := 2; taken(code); n++ {
		suffix := "_" + strconv.Itoa(n)
		code = asCode(name, "q")
		code = code[:min(len(code), maxCode-len(suffix))] + suffix
	}
	if code != name {
		d.lost.add(place, "the name %q became %q", shorten(name), code)
	}
	if _, twice := d.codes[name]; !twice {
		d.codes[name] = code
	}
	return code
}

func shorten(s string) string {
	const most = 60
	r := []rune(s)
	if len(r) <= most {
		return s
	}
	return string(r[:most]) + "…"
}

var (
	markup  = regexp.MustCompile(`<[a-zA-Z/!][^<>]*>`)
	spaces  = regexp.MustCompile(`[ \t\x{a0}]*\n[ \t\x{a0}]*|[ \t\x{a0}]+`)
	entitys = strings.NewReplacer("&nbsp;", " ", "&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'")
)

// words cleans a text: no markup, no control characters, no blank ends.
func (d *draft) words(place, s string) string {
	if markup.MatchString(s) {
		d.lost.add(place, "the markup of the text (bold, colour, links) was taken out")
		s = entitys.Replace(markup.ReplaceAllString(s, " "))
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ReplaceAll(s, "\r\n", "\n"))
	s = strings.TrimSpace(spaces.ReplaceAllStringFunc(s, func(m string) string {
		if strings.Contains(m, "\n") {
			return "\n"
		}
		return " "
	}))
	if len(s) > maxText {
		d.lost.add(place, "the text is longer than %d bytes and was cut", maxText)
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return s
}

// named is an answer of the source.
type named struct{ name, label string }

// options makes options of answers: their names are the values when all are
// numbers, else the values count from 1.
func (d *draft) options(place, code string, list []named) []instrument.Option {
	options := make([]instrument.Option, 0, len(list))
	values := map[string]float64{}
	numeric := true
	for _, n := range list {
		if _, err := parseNumber(n.name); err != nil {
			numeric = false
		}
	}
	for i, n := range list {
		value := float64(i + 1)
		if numeric {
			value, _ = parseNumber(n.name)
		}
		if _, twice := values[n.name]; twice {
			d.lost.add(place, "the answer %q is given twice; the first is kept", shorten(n.name))
			continue
		}
		values[n.name] = value
		label := d.words(place, n.label)
		if label == "" {
			label = n.name
		}
		options = append(options, instrument.Option{Value: value, Label: label})
	}
	if !numeric {
		var said []string
		for _, n := range list[:min(len(list), 12)] {
			said = append(said, fmt.Sprintf("%s = %s", shorten(n.name), numberText(values[n.name])))
		}
		d.lost.add(place, "the answers have names, which became numbers: %s", strings.Join(said, ", "))
	}
	d.answers[code] = values
	return options
}

func parseNumber(s string) (float64, error) {
	v, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err == nil && (v > 1e6 || v < -1e6 || v != v) {
		err = errors.New("too large")
	}
	return v, err
}

// meaning reads conditions of the source.
func (d *draft) meaning() meaning {
	return meaning{
		code: func(name string) (string, error) {
			if code, known := d.codes[name]; known {
				return code, nil
			}
			return "", fmt.Errorf("there is no item %q", shorten(name))
		},
		value: func(code, literal string) (float64, bool, error) {
			i := slices.IndexFunc(d.Items, func(it instrument.Item) bool { return it.Code == code })
			if i < 0 {
				return 0, false, fmt.Errorf("%s was not carried over", code)
			}
			if number, known := d.answers[code][literal]; known {
				return number, true, nil
			}
			if t := d.Items[i].Type; !t.Numeric() && t != instrument.TypeMultiple {
				return 0, false, nil
			}
			number, err := parseNumber(literal)
			if err != nil {
				return 0, false, fmt.Errorf("%q is no answer to %s", shorten(literal), code)
			}
			return number, true, nil
		},
	}
}

// onceKnown reads a condition when all items are known, and puts it in place.
func (d *draft) onceKnown(place, text string, put func(string)) {
	if strings.TrimSpace(text) == "" {
		return
	}
	d.later = append(d.later, func() {
		c, err := parseLogic(text, d.meaning())
		if err != nil {
			d.lost.add(place, "the condition %q was not carried over: %v", shorten(text), err)
			return
		}
		put(c.expression())
	})
}

// finish completes what a source does not say, and checks the whole.
func (d *draft) finish(place string) (*instrument.Definition, error) {
	for _, read := range d.later {
		read()
	}
	d.Title = orDefault(d.Title, orDefault(d.Key, "Questionnaire"))
	d.Key = asCode(orDefault(d.Key, d.Title), "form")
	d.Heading = orDefault(d.Heading, d.Title)
	d.Intro = orDefault(d.Intro, "Please answer as it is for you.")
	d.Status = orDefault(d.Status, "imported, to be checked by the researcher")
	d.Terms = orDefault(d.Terms, "not stated by the source; check before use")
	d.Citation = orDefault(d.Citation, "not stated by the source")
	d.Minutes = max(0.5, float64(len(d.Items))/itemsPerMinute)
	data, err := d.Definition.Canonical()
	if err != nil {
		return nil, err
	}
	checked, err := instrument.Parse(data)
	if faults, ok := errors.AsType[instrument.Faults](err); ok {
		return nil, unreadable("%s cannot become a questionnaire: %v", place, faults)
	}
	return checked, err
}

// itemsPerMinute is an estimate of the pace of reading and answering.
const itemsPerMinute = 6

func orDefault(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// share moves options that several items have in common to a named set, or to the
// definition when all items with options have them.
func (d *draft) share() {
	type group struct {
		options []instrument.Option
		items   []int
	}
	var groups []*group
	with := 0
	for i, it := range d.Items {
		if len(it.Options) == 0 {
			continue
		}
		with++
		at := slices.IndexFunc(groups, func(g *group) bool { return slices.Equal(g.options, it.Options) })
		if at < 0 {
			groups, at = append(groups, &group{options: it.Options}), len(groups)
		}
		groups[at].items = append(groups[at].items, i)
	}
	if len(groups) == 1 && with > 1 {
		d.Options = groups[0].options
		for _, i := range groups[0].items {
			d.Items[i].Options = nil
		}
		return
	}
	n := 0
	for _, g := range groups {
		if len(g.items) < 2 {
			continue
		}
		n++
		name := "answers_" + strconv.Itoa(n)
		if d.Sets == nil {
			d.Sets = map[string][]instrument.Option{}
		}
		d.Sets[name] = g.options
		for _, i := range g.items {
			d.Items[i].Options, d.Items[i].Set = nil, name
		}
	}
}
