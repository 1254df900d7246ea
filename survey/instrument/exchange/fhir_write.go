package exchange

import (
	"encoding/json"
	"maps"
	"slices"

	"tidemark/survey/instrument"
)

// WriteFHIR writes a definition as a FHIR R4 Questionnaire. Answers carry their
// values as ordinalValue. Scales, and conditions that enableWhen cannot say, are in
// extensions of our own, which other programs pass over: the scores of a person are
// a resource of their own, not something to be computed from this one.
func WriteFHIR(d *instrument.Definition) ([]byte, []Loss, error) {
	q, lost, err := questionnaire(d)
	if err != nil {
		return nil, nil, err
	}
	data, err := json.MarshalIndent(q, "", "  ")
	return append(data, '\n'), lost, err
}

// FHIRAddress is where the questionnaire of a key is, for those who refer to it.
func FHIRAddress(d *instrument.Definition) string { return "urn:tidemark:questionnaire:" + d.Key }

// FHIRResource is a definition as WriteFHIR writes it, within a bundle: in use, with
// an identifier and an address that answers refer to.
func FHIRResource(d *instrument.Definition, id string) (json.RawMessage, error) {
	q, _, err := questionnaire(d)
	if err != nil {
		return nil, err
	}
	q.ID, q.URL, q.Status = id, FHIRAddress(d), "active"
	return json.Marshal(q)
}

func questionnaire(d *instrument.Definition) (fhirQuestionnaire, []Loss, error) {
	w := &fhirWriter{d: d, lost: &losses{}, languages: slices.Sorted(maps.Keys(d.Translations))}
	q := fhirQuestionnaire{
		ResourceType: "Questionnaire", Language: d.Language, Version: d.Version, Name: d.Key, Title: d.Title, Status: "draft",
		Description: d.Intro, Purpose: d.Status, Copyright: d.Terms + "\n" + d.Citation,
		TitleMore: said(w.languages, func(l string) string { return d.Translations[l].Title }),
		DescMore:  said(w.languages, func(l string) string { return d.Translations[l].Intro }),
	}
	if len(d.Scales) > 0 {
		scales, err := json.Marshal(d.Scales)
		if err != nil {
			return q, nil, err
		}
		q.Extension = append(q.Extension, fhirExtension{URL: ownScales, ValueString: string(scales)})
	}
	w.unsaid()
	q.Item = w.items()
	return q, w.lost.grouped(), nil
}

type fhirWriter struct {
	d         *instrument.Definition
	lost      *losses
	languages []string
}

func (w *fhirWriter) unsaid() {
	d, place := w.d, w.d.Key
	w.lost.add(place, "heading, minutes and page size have no place in a Questionnaire")
	if d.RandomOrder {
		w.lost.add(place, "the random order of items was left out")
	}
	if len(d.Vectors) > 0 {
		w.lost.add(place, "the worked examples of the scoring were left out")
	}
	if d.Licence != nil || len(d.Cautions) > 0 || d.Purpose != "" {
		w.lost.add(place, "licence, cautions and purpose were left out")
	}
	for _, l := range w.languages {
		t := d.Translations[l]
		if t.Heading != "" || t.Source != "" || len(t.Scales) > 0 {
			w.lost.add(place+", "+l, "the translated heading, its source and the names of scales were left out")
		}
	}
}

// items are the questions, within a group for each page where there are pages.
func (w *fhirWriter) items() []fhirItem {
	var items []fhirItem
	if len(w.d.Layout) == 0 {
		for _, it := range w.d.Items {
			items = append(items, w.item(it))
		}
		return items
	}
	for i, p := range w.d.Layout {
		group := fhirItem{LinkID: "page_" + numberText(float64(i+1)), Type: "group", Text: p.Heading, Extension: []fhirExtension{controlled("page")}}
		group.TextMore = said(w.languages, func(l string) string {
			if pages := w.d.Translations[l].Pages; i < len(pages) {
				return pages[i].Heading
			}
			return ""
		})
		if p.Intro != "" {
			group.Item = append(group.Item, fhirItem{LinkID: group.LinkID + "_intro", Type: "display", Text: p.Intro,
				Extension: []fhirExtension{controlled("flyover")}})
		}
		w.condition(group.LinkID, p.ShowIf, &group)
		for _, code := range p.Items {
			if it, known := w.d.Item(code); known {
				group.Item = append(group.Item, w.item(it))
			}
		}
		items = append(items, group)
	}
	return items
}

func (w *fhirWriter) item(it instrument.Item) fhirItem {
	place := w.d.Key + "." + it.Code
	item := fhirItem{LinkID: it.Code, Text: it.Text, MaxLength: it.MaxLength}
	item.TextMore = said(w.languages, func(l string) string { return w.d.Translations[l].Items[it.Code].Text })
	if it.Note != "" {
		item.Item = append(item.Item, fhirItem{LinkID: it.Code + "_help", Type: "display", Text: it.Note,
			TextMore:  said(w.languages, func(l string) string { return w.d.Translations[l].Items[it.Code].Note }),
			Extension: []fhirExtension{controlled("help")}})
	}
	switch it.Type {
	case instrument.TypeSingle, instrument.TypeMultiple:
		item.Type, item.Repeats = "choice", it.Type == instrument.TypeMultiple
		item.AnswerOption = w.options(it)
	case instrument.TypeYesNo:
		item.Type = "boolean"
	case instrument.TypeNumber, instrument.TypeSlider:
		w.number(it, &item)
	case instrument.TypeText:
		item.Type = "string"
	case instrument.TypeLongText:
		item.Type = "text"
	case instrument.TypeDate:
		item.Type = "date"
	case instrument.TypeInformation:
		item.Type = "display"
	}
	w.condition(place, it.ShowIf, &item)
	switch it.RequiredIf {
	case "":
	case "true":
		item.Required = true
	default:
		item.Extension = append(item.Extension, fhirExtension{URL: ownRequired, ValueString: it.RequiredIf})
		w.lost.add(place, "when the answer is required, other programs do not know")
	}
	if it.Unwanted || it.Risk != nil || it.Fixed {
		w.lost.add(place, "the mark of an unwanted effect, a risk or a fixed place was left out")
	}
	if it.Identifying != instrument.IdentifyingNot {
		w.lost.add(place, "the mark that answers can tell who somebody is was left out")
	}
	return item
}

func (w *fhirWriter) options(it instrument.Item) []fhirOption {
	options, _ := w.d.ItemOptions(it.Code)
	list := make([]fhirOption, len(options))
	for i, o := range options {
		value := o.Value
		coding := &fhirCoding{Code: numberText(o.Value), Display: o.Label,
			Extension: []fhirExtension{{URL: fhirOrdinal, ValueDecimal: &value}}}
		coding.DisplayMore = said(w.languages, func(l string) string { return labelIn(w.d.Translations[l], it, i) })
		list[i].ValueCoding = coding
		if o.Exclusive {
			yes := true
			list[i].Extension = []fhirExtension{{URL: fhirExclusive, ValueBoolean: &yes}}
		}
	}
	return list
}

// labelIn is the translated label of an item's answer; empty when there is none.
func labelIn(t instrument.Translation, it instrument.Item, i int) string {
	labels := t.Options
	switch {
	case len(it.Options) > 0:
		labels = t.Items[it.Code].Options
	case it.Set != "":
		labels = t.Sets[it.Set]
	}
	if i < len(labels) {
		return labels[i]
	}
	return ""
}

func (w *fhirWriter) number(it instrument.Item, item *fhirItem) {
	item.Type = "decimal"
	r := it.Range
	if r == nil {
		return
	}
	if r.Step == 1 {
		item.Type = "integer"
	}
	if it.Type == instrument.TypeSlider {
		item.Extension = append(item.Extension, controlled("slider"))
	}
	if r.Step != 0 && r.Step != 1 || it.Type == instrument.TypeSlider && r.Step != 0 {
		step := r.Step
		item.Extension = append(item.Extension, fhirExtension{URL: fhirStep, ValueDecimal: &step})
	}
	low, high := r.Min, r.Max
	if low != leastNumber {
		item.Extension = append(item.Extension, fhirExtension{URL: fhirMin, ValueDecimal: &low})
	}
	if high != greatestNumber {
		item.Extension = append(item.Extension, fhirExtension{URL: fhirMax, ValueDecimal: &high})
	}
	if r.Unit != "" {
		item.Extension = append(item.Extension, fhirExtension{URL: fhirUnit, ValueCoding: &fhirCoding{Display: r.Unit}})
	}
	for _, end := range []struct{ name, label string }{{"lower", r.LowLabel}, {"upper", r.HighLabel}} {
		if end.label != "" {
			item.Item = append(item.Item, fhirItem{LinkID: it.Code + "_" + end.name, Type: "display", Text: end.label,
				Extension: []fhirExtension{controlled(end.name)}})
		}
	}
}

// condition writes a condition as enableWhen where that can say it.
func (w *fhirWriter) condition(place, text string, item *fhirItem) {
	if text == "" {
		return
	}
	c, err := readExpression(text)
	if err == nil {
		terms, behaviour := []condition{c}, ""
		if c.all != nil {
			terms, behaviour = c.all, "all"
		} else if c.any != nil {
			terms, behaviour = c.any, "any"
		}
		for _, t := range terms {
			e, ok := w.enable(t)
			if !ok {
				err = errOnlyHere
				break
			}
			item.EnableWhen = append(item.EnableWhen, e)
		}
		item.EnableBehavior = behaviour
	}
	if err != nil {
		item.EnableWhen, item.EnableBehavior = nil, ""
		item.Extension = append(item.Extension, fhirExtension{URL: ownCondition, ValueString: text})
		w.lost.add(place, "the condition %q is beyond enableWhen; other programs will always show this", shorten(text))
	}
}

func (w *fhirWriter) enable(c condition) (fhirEnable, bool) {
	negative := false
	if c.not != nil && (c.not.answered || c.not.op == "==") {
		negative = true
		c = *c.not
	}
	it, known := w.d.Item(c.item)
	if !known {
		return fhirEnable{}, false
	}
	e := fhirEnable{Question: c.item, Operator: map[string]string{"==": "="}[c.op] + map[string]string{">": ">", "<": "<", ">=": ">=", "<=": "<="}[c.op]}
	yes := !negative
	switch {
	case c.answered:
		e.Operator, e.AnswerBoolean = "exists", &yes
		return e, true
	case c.selected:
		e.Operator, e.AnswerCoding = "=", &fhirCoding{Code: numberText(c.number)}
		return e, !negative
	case negative && c.op == "==":
		e.Operator = "!="
	case e.Operator == "" || negative:
		return e, false
	}
	switch number := c.number; {
	case c.isText && it.Type == instrument.TypeDate:
		e.AnswerDate = &c.text
	case c.isText:
		e.AnswerString = &c.text
	case it.Type == instrument.TypeYesNo:
		answer := number == 1
		e.AnswerBoolean = &answer
		return e, e.Operator == "=" || e.Operator == "!="
	case it.Type == instrument.TypeSingle:
		e.AnswerCoding = &fhirCoding{Code: numberText(number)}
		return e, e.Operator == "=" || e.Operator == "!="
	case it.Range != nil && it.Range.Step == 1 && number == float64(int64(number)):
		whole := int64(number)
		e.AnswerInteger = &whole
	default:
		e.AnswerDecimal = &number
	}
	return e, true
}
