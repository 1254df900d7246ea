package exchange

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// WriteREDCap writes definitions as one data dictionary in CSV, each a form. Scales
// become calculated fields. The list says what a dictionary cannot hold.
func WriteREDCap(w io.Writer, definitions ...*instrument.Definition) ([]Loss, error) {
	forms := make([]REDCapForm, len(definitions))
	for i, d := range definitions {
		forms[i] = REDCapForm{Definition: d, Name: d.Key}
	}
	return WriteREDCapProject(w, forms)
}

type redcapWriter struct {
	d    *instrument.Definition
	lost *losses
}

func (f *redcapWriter) rows() [][18]string {
	f.unsaid()
	var rows [][18]string
	heading := map[string]string{}
	for i, p := range f.d.Layout {
		if len(p.Items) == 0 {
			continue
		}
		heading[p.Items[0]] = strings.TrimSpace(strings.TrimSpace(p.Heading) + "\n" + p.Intro)
		if heading[p.Items[0]] == "" {
			heading[p.Items[0]] = fmt.Sprintf("Page %d", i+1)
			f.lost.add(fmt.Sprintf("page %d", i+1), "a section needs a heading; the page got its number")
		}
	}
	for _, it := range f.ordered() {
		row := f.item(it)
		row[colSection] = heading[it.Code]
		rows = append(rows, row)
	}
	for _, s := range f.d.Scales {
		if row, ok := f.scale(s); ok {
			rows = append(rows, row)
		}
	}
	return rows
}

// ordered are the items as the pages have them.
func (f *redcapWriter) ordered() []instrument.Item {
	if len(f.d.Layout) == 0 {
		return f.d.Items
	}
	var items []instrument.Item
	for _, p := range f.d.Layout {
		for _, code := range p.Items {
			if it, known := f.d.Item(code); known {
				items = append(items, it)
			}
		}
	}
	return items
}

// unsaid lists what the definition says and a dictionary cannot.
func (f *redcapWriter) unsaid() {
	d, place := f.d, f.d.Key
	f.lost.add(place, "a dictionary holds no introduction, terms of use, citation, status or version; keep the own format beside it")
	if len(d.Translations) > 0 {
		f.lost.add(place, "a dictionary has one language; the translations were left out")
	}
	if d.RandomOrder {
		f.lost.add(place, "the random order of items was left out")
	}
	if len(d.Vectors) > 0 {
		f.lost.add(place, "the worked examples of the scoring were left out")
	}
	if d.Licence != nil || len(d.Cautions) > 0 || d.Purpose != "" {
		f.lost.add(place, "licence, cautions and purpose were left out")
	}
}

func (f *redcapWriter) item(it instrument.Item) [18]string {
	row := [18]string{colName: it.Code, colForm: f.d.Key, colLabel: it.Text, colNote: it.Note, colMatrix: f.matrix(it)}
	place := f.d.Key + "." + it.Code
	options, _ := f.d.ItemOptions(it.Code)
	switch it.Type {
	case instrument.TypeSingle:
		row[colType], row[colChoices] = "radio", f.choices(place, options)
	case instrument.TypeMultiple:
		row[colType], row[colChoices] = "checkbox", f.choices(place, options)
	case instrument.TypeYesNo:
		row[colType] = "yesno"
	case instrument.TypeNumber:
		row[colType], row[colValidation] = "text", "number"
		if it.Range != nil && it.Range.Step == 1 {
			row[colValidation] = "integer"
		}
	case instrument.TypeSlider:
		row[colType], row[colValidation] = "slider", "number"
		if it.Range != nil {
			row[colChoices] = it.Range.LowLabel + " |  | " + it.Range.HighLabel
		}
	case instrument.TypeText:
		row[colType] = "text"
	case instrument.TypeLongText:
		row[colType] = "notes"
	case instrument.TypeDate:
		row[colType], row[colValidation] = "text", "date_ymd"
	case instrument.TypeInformation:
		row[colType] = "descriptive"
	}
	f.span(place, it, &row)
	f.conditions(place, it, &row)
	if it.MaxLength > 0 {
		f.lost.add(place, "the greatest length of a text was left out")
	}
	if it.Unwanted || it.Risk != nil || it.Fixed {
		f.lost.add(place, "the mark of an unwanted effect, a risk or a fixed place was left out")
	}
	switch it.Identifying {
	case instrument.IdentifyingDirect:
		row[colIdentifier] = "y"
	case instrument.IdentifyingQuasi:
		f.lost.add(place, "the mark that answers can tell together with others who somebody is was left out")
	case instrument.IdentifyingNot: // an empty cell
	}
	return row
}

func (f *redcapWriter) span(place string, it instrument.Item, row *[18]string) {
	r := it.Range
	if r == nil {
		return
	}
	if r.Min != leastNumber {
		row[colMin] = numberText(r.Min)
	}
	if r.Max != greatestNumber {
		row[colMax] = numberText(r.Max)
	}
	if r.Step != 0 && r.Step != 1 {
		f.lost.add(place, "the step between answers was left out")
	}
	if r.Unit != "" {
		row[colNote] = strings.TrimSpace(row[colNote] + " (" + r.Unit + ")")
		f.lost.add(place, "the unit went to the field note")
	}
	if it.Type == instrument.TypeNumber && r.LowLabel+r.HighLabel != "" {
		f.lost.add(place, "the words at the ends of the range were left out")
	}
}

// choices writes "1, Almost never | 2, Rarely".
func (f *redcapWriter) choices(place string, options []instrument.Option) string {
	parts := make([]string, len(options))
	for i, o := range options {
		label := strings.ReplaceAll(o.Label, "\n", " ")
		if strings.Contains(label, "|") {
			label = strings.ReplaceAll(label, "|", "/")
			f.lost.add(place, "the sign | in an answer became /")
		}
		if o.Exclusive {
			f.lost.add(place, "that an answer stands alone was left out")
		}
		parts[i] = numberText(o.Value) + ", " + label
	}
	return strings.Join(parts, " | ")
}

// matrix names the block of an item whose options others share.
func (f *redcapWriter) matrix(it instrument.Item) string {
	if it.Type != instrument.TypeSingle || len(it.Options) > 0 {
		return ""
	}
	return asCode(f.d.Key+"_"+orDefault(it.Set, "answers"), "m")
}

func (f *redcapWriter) conditions(place string, it instrument.Item, row *[18]string) {
	terms := []string{it.ShowIf}
	if i := slices.IndexFunc(f.d.Layout, func(p instrument.PagePlan) bool { return slices.Contains(p.Items, it.Code) }); i >= 0 {
		terms = append(terms, f.d.Layout[i].ShowIf)
	}
	var all []condition
	for _, text := range terms {
		if text == "" {
			continue
		}
		c, err := readExpression(text)
		if err != nil {
			f.lost.add(place, "the condition %q was left out: %v", shorten(text), err)
			continue
		}
		all = append(all, same(c, true)...)
	}
	if len(all) > 0 {
		row[colBranching] = join(all, true).redcap()
	}
	switch it.RequiredIf {
	case "":
	case "true":
		row[colRequired] = "y"
	default:
		f.lost.add(place, "a question is required always or never; the condition %q was left out", shorten(it.RequiredIf))
	}
}

// scale writes a score as a calculated field, which stays empty when too few items
// are answered.
func (f *redcapWriter) scale(s instrument.Scale) ([18]string, bool) {
	place := f.d.Key + "." + s.Key
	if len(s.Lookup) > 0 || s.Method == instrument.MethodMeanOfScales || s.Method == instrument.MethodMean && s.Factor != 0 {
		f.lost.add(place, "a score by the method of this scale cannot be written as a calculated field and was left out")
		return [18]string{}, false
	}
	terms, given := make([]string, len(s.Items)), make([]string, len(s.Items))
	for i, code := range s.Items {
		terms[i], given[i] = "["+code+"]", `if([`+code+`]<>"",1,0)`
		if slices.Contains(s.Reversed, code) {
			it, _ := f.d.Item(code)
			low, high, _ := (&draft{Definition: *f.d}).span(it)
			terms[i] = "(" + numberText(low+high) + "-[" + code + "])"
		}
	}
	formula := "mean(" + strings.Join(terms, ",") + ")"
	if s.Method == instrument.MethodSum {
		factor := s.Factor
		if factor == 0 {
			factor = 1
		}
		formula += "*" + numberText(factor*float64(len(s.Items)))
	}
	row := [18]string{colName: s.Key, colForm: f.d.Key, colType: "calc", colLabel: s.Name}
	row[colChoices] = fmt.Sprintf(`if(sum(%s)>=%d,%s,"")`, strings.Join(given, ","), s.MinAnswered, formula)
	f.lost.add(place, "direction, parts, norms, reliability, bands and changes of the score were left out")
	return row, true
}
