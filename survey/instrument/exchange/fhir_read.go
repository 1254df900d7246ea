package exchange

import (
	"encoding/json"
	"io"
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// ReadFHIR reads a FHIR R4 Questionnaire in JSON. Groups at the top become pages;
// groups within groups are put in line, with their text as information. Values are
// the ordinalValue or itemWeight of an answer, else its code where that is a number,
// else the answers count from 1.
func ReadFHIR(r io.Reader) (*instrument.Definition, []Loss, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, nil, err
	}
	var q fhirQuestionnaire
	if err := json.Unmarshal(data, &q); err != nil {
		return nil, nil, unreadable("The file is not a Questionnaire in JSON: %v", err)
	}
	if q.ResourceType != "Questionnaire" {
		return nil, nil, unreadable("The file holds a resource of the type %q; a Questionnaire is needed.", shorten(q.ResourceType))
	}
	f := &fhirReader{draft: newDraft(&losses{}), contained: q.Contained}
	f.head(q)
	if err := f.items(q.Item); err != nil {
		return nil, f.lost.grouped(), err
	}
	f.ownScales(q.Extension)
	f.share()
	f.translations(q)
	d, err := f.finish("the Questionnaire")
	return d, f.lost.grouped(), err
}

type fhirReader struct {
	*draft
	contained []fhirValueSet
	// texts are what translations were given for, by place in the definition.
	spoken []spokenText
	count  int
}

// spokenText is one text with translations and where they go.
type spokenText struct {
	texts map[string]string
	put   func(t *instrument.Translation, text string)
}

func (f *fhirReader) head(q fhirQuestionnaire) {
	f.Title = f.words("title", orDefault(q.Title, q.Name))
	f.Key = asCode(orDefault(q.Name, q.Title), "form")
	f.Intro = f.words("description", q.Description)
	f.Terms = f.words("copyright", q.Copyright)
	f.Status = f.words("purpose", q.Purpose)
	if q.Language != "" {
		f.Language = q.Language
	} else {
		f.lost.add("language", "the language is not stated; English is assumed")
	}
	if strings.Count(q.Version, ".") == 2 {
		f.Version = q.Version
	} else if q.Version != "" {
		f.lost.add("version", "the version %q became 1.0.0", shorten(q.Version))
	}
	f.speak(q.TitleMore, func(t *instrument.Translation, s string) { t.Title = s })
	f.speak(q.DescMore, func(t *instrument.Translation, s string) { t.Intro = s })
}

func (f *fhirReader) speak(m *fhirMore, put func(*instrument.Translation, string)) {
	if texts := m.spoken(); len(texts) > 0 {
		f.spoken = append(f.spoken, spokenText{texts, put})
	}
}

// items reads the top level, where groups are pages.
func (f *fhirReader) items(list []fhirItem) error {
	groups := slices.ContainsFunc(list, func(it fhirItem) bool { return it.Type == "group" })
	if !groups {
		return f.inLine(list, 0)
	}
	open := false // a page for the items between groups
	for _, it := range list {
		if it.Type != "group" {
			if !open {
				f.Layout, open = append(f.Layout, instrument.PagePlan{}), true
			}
			if err := f.inLine([]fhirItem{it}, 0); err != nil {
				return err
			}
			continue
		}
		open = false
		if err := f.page(it); err != nil {
			return err
		}
	}
	f.Layout = slices.DeleteFunc(f.Layout, func(p instrument.PagePlan) bool { return len(p.Items) == 0 })
	return nil
}

func (f *fhirReader) page(group fhirItem) error {
	place := "item " + shorten(group.LinkID)
	p := instrument.PagePlan{Heading: f.words(place, group.Text)}
	children := group.Item
	if len(children) > 0 && children[0].Type == "display" && control(children[0].Extension) == "flyover" {
		p.Intro, children = f.words(place, children[0].Text), children[1:]
	}
	if group.Repeats {
		f.lost.add(place, "a group that repeats is asked once")
	}
	f.Layout = append(f.Layout, p)
	at := len(f.Layout) - 1
	f.condition(place, group, func(s string) { f.Layout[at].ShowIf = s })
	f.speak(group.TextMore, func(t *instrument.Translation, s string) {
		for len(t.Pages) <= at {
			t.Pages = append(t.Pages, instrument.PageTranslation{})
		}
		t.Pages[at].Heading = s
	})
	return f.inLine(children, 0)
}

// inLine reads items one after the other, groups among them with what they hold.
func (f *fhirReader) inLine(list []fhirItem, depth int) error {
	if depth > maxDepth {
		return unreadable("The groups of the Questionnaire go too deep.")
	}
	for _, it := range list {
		if f.count++; f.count > maxRows {
			return unreadable("The Questionnaire has more than %d items.", maxRows)
		}
		place := "item " + shorten(it.LinkID)
		if it.Type == "group" {
			f.lost.add(place, "a group within a group is asked in line")
			if it.Text != "" {
				heading := it
				heading.Type, heading.Item = "display", nil
				f.item(place, heading)
			}
			if len(it.EnableWhen) > 0 {
				f.lost.add(place, "the condition of a group within a group was not carried over")
			}
			if err := f.inLine(it.Item, depth+1); err != nil {
				return err
			}
			continue
		}
		nested := f.item(place, it)
		if len(nested) > 0 {
			f.lost.add(place, "questions under a question are asked after it")
			if err := f.inLine(nested, depth+1); err != nil {
				return err
			}
		}
	}
	return nil
}

// item reads one question, and gives back what stands under it and is not help.
func (f *fhirReader) item(place string, src fhirItem) []fhirItem {
	it := instrument.Item{Text: f.words(place, src.Text), MaxLength: src.MaxLength}
	kind, known := fhirKinds[src.Type]
	switch {
	case src.ReadOnly && extension(src.Extension, fhirHidden) != nil:
		f.lost.add(place, "a hidden item is not asked and was left out")
		return nil
	case !known:
		f.lost.add(place, "items of the type %q are not asked here and were left out", shorten(src.Type))
		return src.Item
	}
	it.Code = f.code(place, src.LinkID)
	it.Type = kind
	if it.Text == "" {
		it.Text = titled(it.Code)
		f.lost.add(place, "the item has no text; its name is shown")
	}
	f.unheard(place, src)
	rest := f.under(place, src, &it)
	switch src.Type {
	case "choice", "open-choice":
		f.choice(place, src, &it)
		if len(it.Options) < 2 {
			f.lost.add(place, "the answers are not in the file; the item became a line of text")
			it.Type, it.Options = instrument.TypeText, nil
		}
	case "integer", "decimal", "quantity":
		f.number(src, &it)
	case "string", "text", "date", "boolean", "display", "dateTime", "time", "url":
	}
	if it.Type != instrument.TypeText && it.Type != instrument.TypeLongText {
		it.MaxLength = 0
	}
	if src.Required && it.Type.Asked() {
		it.RequiredIf = "true"
	} else if e := extension(src.Extension, ownRequired); e != nil {
		it.RequiredIf = e.ValueString
	}
	f.Items = append(f.Items, it)
	at := len(f.Items) - 1
	if len(f.Layout) > 0 {
		page := &f.Layout[len(f.Layout)-1]
		page.Items = append(page.Items, it.Code)
	}
	f.condition(place, src, func(s string) { f.Items[at].ShowIf = s })
	f.speak(src.TextMore, putItem(it.Code, func(t *instrument.ItemTranslation, s string) { t.Text = s }))
	return rest
}

var fhirKinds = map[string]instrument.ItemType{
	"choice": instrument.TypeSingle, "open-choice": instrument.TypeSingle, "boolean": instrument.TypeYesNo,
	"integer": instrument.TypeNumber, "decimal": instrument.TypeNumber, "quantity": instrument.TypeNumber,
	"string": instrument.TypeText, "url": instrument.TypeText, "time": instrument.TypeText, "text": instrument.TypeLongText,
	"date": instrument.TypeDate, "dateTime": instrument.TypeDate, "display": instrument.TypeInformation,
}

func (f *fhirReader) unheard(place string, src fhirItem) {
	switch src.Type {
	case "open-choice":
		f.lost.add(place, "an answer in own words beside the choices is not possible here")
	case "dateTime":
		f.lost.add(place, "the time of day is not asked, only the day")
	case "time", "url":
		f.lost.add(place, "the item became a line of text")
	}
	if len(src.Code) > 0 {
		f.lost.add(place, "the code of a terminology (%s) was not carried over", shorten(src.Code[0].Code))
	}
	if src.Prefix != "" {
		f.lost.add(place, "questions are numbered as they are asked, not by hand")
	}
	if len(src.Initial) > 0 {
		f.lost.add(place, "an answer given in advance was not carried over: nothing is preselected here")
	}
	for _, e := range src.Extension {
		switch e.URL {
		case fhirMin, fhirMax, fhirControl, fhirUnit, fhirStep, fhirHidden, ownCondition, ownRequired:
		default:
			f.lost.add(place, "the extension %s was not carried over", shorten(e.URL))
		}
	}
}

// under reads help and the words at the ends of a slider, and gives back the rest.
func (f *fhirReader) under(place string, src fhirItem, it *instrument.Item) []fhirItem {
	var rest []fhirItem
	code := it.Code
	r := &instrument.Range{}
	for _, child := range src.Item {
		text := f.words(place, child.Text)
		switch how := control(child.Extension); {
		case child.Type == "display" && how == "help":
			it.Note = text
			f.speak(child.TextMore, putItem(code, func(t *instrument.ItemTranslation, s string) { t.Note = s }))
		case child.Type == "display" && how == "lower":
			r.LowLabel = text
		case child.Type == "display" && how == "upper":
			r.HighLabel = text
		default:
			rest = append(rest, child)
		}
	}
	if *r != (instrument.Range{}) {
		it.Range = r
	}
	return rest
}

func (f *fhirReader) number(src fhirItem, it *instrument.Item) {
	if it.Range == nil {
		it.Range = &instrument.Range{}
	}
	r := it.Range
	r.Min, r.Max = leastNumber, greatestNumber
	if v, ok := extension(src.Extension, fhirMin).number(); ok {
		r.Min = v
	}
	if v, ok := extension(src.Extension, fhirMax).number(); ok {
		r.Max = v
	}
	if src.Type == "integer" {
		r.Step = 1
	}
	if v, ok := extension(src.Extension, fhirStep).number(); ok {
		r.Step = v
	}
	if e := extension(src.Extension, fhirUnit); e != nil && e.ValueCoding != nil {
		r.Unit = orDefault(e.ValueCoding.Display, e.ValueCoding.Code)
	}
	if control(src.Extension) == "slider" {
		it.Type = instrument.TypeSlider
		if r.Min == leastNumber || r.Max == greatestNumber {
			r.Min, r.Max = 0, 100
			f.lost.add("item "+shorten(src.LinkID), "the slider has no ends; 0 to 100 are assumed")
		}
	}
}

func putItem(code string, put func(*instrument.ItemTranslation, string)) func(*instrument.Translation, string) {
	return func(t *instrument.Translation, s string) {
		if t.Items == nil {
			t.Items = map[string]instrument.ItemTranslation{}
		}
		it := t.Items[code]
		put(&it, s)
		t.Items[code] = it
	}
}
