package exchange

import (
	"strings"

	"tidemark/survey/instrument"
)

// add takes one field of the form.
func (f *redcapForm) add(row redcapRow) {
	c := row.cells
	if c[colSection] != "" {
		f.pages = true
		f.Layout = append(f.Layout, instrument.PagePlan{Heading: f.words(row.place, c[colSection])})
	} else if len(f.Layout) == 0 {
		f.Layout = append(f.Layout, instrument.PagePlan{})
	}
	f.unheard(row)
	switch c[colType] {
	case "calc":
		f.calc = append(f.calc, row)
		return
	case "file", "sql", "signature":
		f.lost.add(row.place, "fields of the type %s are not asked here and were left out", c[colType])
		return
	}
	it := instrument.Item{Code: f.code(row.place, c[colName]), Text: f.words(row.place, c[colLabel]), Note: f.words(row.place, c[colNote])}
	if it.Text == "" {
		it.Text = titled(it.Code)
		f.lost.add(row.place, "the field has no label; its name is shown")
	}
	f.kind(&it, row)
	f.Items = append(f.Items, it)
	page := &f.Layout[len(f.Layout)-1]
	page.Items = append(page.Items, it.Code)
	i := len(f.Items) - 1
	if strings.EqualFold(c[colIdentifier], "y") && it.Type.Asked() {
		f.Items[i].Identifying = instrument.IdentifyingDirect
	}
	if strings.EqualFold(c[colRequired], "y") && it.Type.Asked() {
		f.Items[i].RequiredIf = "true"
	}
	f.onceKnown(row.place+", Branching Logic", c[colBranching], func(s string) { f.Items[i].ShowIf = s })
}

// unheard lists the settings that have no place in a definition.
func (f *redcapForm) unheard(row redcapRow) {
	c := row.cells
	if strings.EqualFold(c[colIdentifier], "y") {
		f.lost.add(row.place, "the field is marked as identifying: its answers are in no file for others; keep names and addresses with the contact data, not in questionnaires")
	}
	if c[colAlignment] != "" {
		f.lost.add(row.place, "the alignment of answers is not set by hand here")
	}
	if c[colNumber] != "" {
		f.lost.add(row.place, "questions are numbered as they are asked, not by hand")
	}
	if strings.EqualFold(c[colRanking], "y") {
		f.lost.add(row.place, "answers that may be chosen once in a matrix only are not supported")
	}
	if c[colAnnotation] != "" {
		f.lost.add(row.place+", Field Annotation", "%q was not carried over", shorten(c[colAnnotation]))
	}
}

// kind sets the type of the item and what belongs to it.
func (f *redcapForm) kind(it *instrument.Item, row redcapRow) {
	c := row.cells
	switch c[colType] {
	case "radio", "dropdown":
		it.Options = f.options(row.place, it.Code, redcapChoices(c[colChoices]))
	case "checkbox":
		it.Type, it.Options = instrument.TypeMultiple, f.options(row.place, it.Code, redcapChoices(c[colChoices]))
	case "yesno":
		it.Type = instrument.TypeYesNo
	case "truefalse":
		it.Options = []instrument.Option{{Value: 1, Label: "True"}, {Value: 0, Label: "False"}}
	case "slider":
		it.Type, it.Range = instrument.TypeSlider, f.slider(row)
	case "notes":
		it.Type = instrument.TypeLongText
	case "descriptive":
		it.Type = instrument.TypeInformation
	case "text", "":
		f.text(it, row)
	default:
		it.Type = instrument.TypeText
		f.lost.add(row.place, "the type %q is not known; the field became a line of text", shorten(c[colType]))
	}
}

// redcapChoices reads "1, Almost never | 2, Rarely".
func redcapChoices(s string) []named {
	var list []named
	for part := range strings.SplitSeq(s, "|") {
		name, label, found := strings.Cut(part, ",")
		name = strings.TrimSpace(name)
		if name == "" {
			continue
		}
		if !found {
			label = name
		}
		list = append(list, named{name, strings.TrimSpace(label)})
	}
	return list
}

// bounds reads minimum and maximum where they are numbers.
func (f *redcapForm) bounds(row redcapRow, r *instrument.Range) {
	for _, b := range []struct {
		cell string
		at   *float64
	}{{row.cells[colMin], &r.Min}, {row.cells[colMax], &r.Max}} {
		if b.cell == "" {
			continue
		}
		if v, err := parseNumber(b.cell); err == nil {
			*b.at = v
		} else {
			f.lost.add(row.place, "the bound %q is not a number", shorten(b.cell))
		}
	}
}

func (f *redcapForm) slider(row redcapRow) *instrument.Range {
	r := &instrument.Range{Min: 0, Max: 100, Step: 1}
	f.bounds(row, r)
	labels := strings.Split(row.cells[colChoices], "|")
	if len(labels) == 3 && strings.TrimSpace(labels[1]) != "" {
		f.lost.add(row.place, "the label in the middle of the slider, %q, was not carried over", shorten(strings.TrimSpace(labels[1])))
	}
	if len(labels) > 1 {
		r.LowLabel, r.HighLabel = f.words(row.place, labels[0]), f.words(row.place, labels[len(labels)-1])
	}
	return r
}

// Bounds of a number whose field states none.
const (
	leastNumber    = -1e6
	greatestNumber = 1e6
)

// text reads a text field, which may be a number or a day by its validation.
func (f *redcapForm) text(it *instrument.Item, row redcapRow) {
	validation := strings.ToLower(row.cells[colValidation])
	switch {
	case validation == "":
		it.Type = instrument.TypeText
	case validation == "integer" || strings.HasPrefix(validation, "number") || validation == "float" || validation == "int":
		it.Type = instrument.TypeNumber
		it.Range = &instrument.Range{Min: leastNumber, Max: greatestNumber}
		if validation == "integer" || validation == "int" {
			it.Range.Step = 1
		}
		f.bounds(row, it.Range)
	case strings.HasPrefix(validation, "date_"):
		it.Type = instrument.TypeDate
		if row.cells[colMin] != "" || row.cells[colMax] != "" {
			f.lost.add(row.place, "the earliest and latest day were not carried over")
		}
	default:
		it.Type = instrument.TypeText
		f.lost.add(row.place, "the check %q of the text was not carried over", shorten(validation))
	}
}
