package exchange

import (
	"encoding/json"
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// choice reads the answers of an item.
func (f *fhirReader) choice(place string, src fhirItem, it *instrument.Item) {
	if src.Repeats {
		it.Type = instrument.TypeMultiple
	}
	options := src.AnswerOption
	if len(options) == 0 && src.AnswerValueSet != "" {
		for _, c := range f.valueSet(src.AnswerValueSet) {
			options = append(options, fhirOption{ValueCoding: &c})
		}
	}
	var list []named
	var exclusive []bool
	weights, weighted := map[string]float64{}, len(options) > 0
	for _, o := range options {
		n, coding := named{}, o.ValueCoding
		switch {
		case coding != nil:
			n = named{orDefault(coding.Code, coding.Display), orDefault(coding.Display, coding.Code)}
		case o.ValueInteger != nil:
			n.name = numberText(float64(*o.ValueInteger))
			n.label = n.name
		case o.ValueString != nil:
			n = named{*o.ValueString, *o.ValueString}
		case o.ValueDate != nil:
			n = named{*o.ValueDate, *o.ValueDate}
		}
		if n.name == "" {
			f.lost.add(place, "an answer without code and text was left out")
			continue
		}
		weight, ok := weightOf(o)
		weights[n.name] = weight
		weighted = weighted && ok && weight == weight && weight <= 1e6 && weight >= -1e6
		list = append(list, n)
		e := extension(o.Extension, fhirExclusive)
		exclusive = append(exclusive, e != nil && e.ValueBoolean != nil && *e.ValueBoolean)
	}
	if weighted && distinct(weights) {
		it.Options = f.weighted(place, it.Code, list, weights)
	} else {
		it.Options = f.options(place, it.Code, list)
	}
	for i := range min(len(it.Options), len(exclusive)) {
		it.Options[i].Exclusive = exclusive[i] && it.Type == instrument.TypeMultiple
	}
	code := it.Code
	for i, o := range options {
		if o.ValueCoding == nil {
			continue
		}
		f.speak(o.ValueCoding.DisplayMore, func(t *instrument.Translation, s string) { f.label(t, code, i, s) })
	}
}

func weightOf(o fhirOption) (float64, bool) {
	lists := [][]fhirExtension{o.Extension}
	if o.ValueCoding != nil {
		lists = append(lists, o.ValueCoding.Extension)
	}
	for _, list := range lists {
		for _, url := range []string{fhirOrdinal, fhirItemWeight} {
			if v, ok := extension(list, url).number(); ok {
				return v, true
			}
		}
	}
	return 0, false
}

func distinct(values map[string]float64) bool {
	seen := map[float64]bool{}
	for _, v := range values {
		if seen[v] {
			return false
		}
		seen[v] = true
	}
	return true
}

// weighted are options whose values the source states beside their codes.
func (f *fhirReader) weighted(place, code string, list []named, weights map[string]float64) []instrument.Option {
	var options []instrument.Option
	renamed := false
	for _, n := range list {
		v, err := parseNumber(n.name)
		renamed = renamed || err != nil || v != weights[n.name]
		options = append(options, instrument.Option{Value: weights[n.name], Label: orDefault(f.words(place, n.label), n.name)})
	}
	if renamed {
		f.lost.add(place, "the answers are kept by their weight, not by their code")
	}
	f.answers[code] = weights
	return options
}

// valueSet finds a contained list of answers, given as #id.
func (f *fhirReader) valueSet(address string) []fhirCoding {
	i := slices.IndexFunc(f.contained, func(v fhirValueSet) bool { return "#"+v.ID == address })
	if i < 0 {
		return nil
	}
	var codings []fhirCoding
	v := f.contained[i]
	if v.Expansion != nil {
		codings = v.Expansion.Contains
	}
	if len(codings) == 0 && v.Compose != nil {
		for _, include := range v.Compose.Include {
			codings = append(codings, include.Concept...)
		}
	}
	return codings
}

// label puts a translated answer where the options of its item went.
func (f *fhirReader) label(t *instrument.Translation, code string, i int, text string) {
	at := slices.IndexFunc(f.Items, func(it instrument.Item) bool { return it.Code == code })
	if at < 0 {
		return
	}
	it := f.Items[at]
	put := func(labels []string, n int) []string {
		if len(labels) < n {
			labels = append(labels, make([]string, n-len(labels))...)
		}
		if i < n {
			labels[i] = text
		}
		return labels
	}
	switch {
	case it.Set != "":
		if t.Sets == nil {
			t.Sets = map[string][]string{}
		}
		t.Sets[it.Set] = put(t.Sets[it.Set], len(f.Sets[it.Set]))
	case len(it.Options) == 0:
		t.Options = put(t.Options, len(f.Options))
	default:
		putItem(code, func(x *instrument.ItemTranslation, _ string) { x.Options = put(x.Options, len(it.Options)) })(t, text)
	}
}

// translations puts the translated texts together.
func (f *fhirReader) translations(q fhirQuestionnaire) {
	for _, s := range f.spoken {
		for language, text := range s.texts {
			if language == q.Language {
				continue
			}
			if f.Translations == nil {
				f.Translations = map[string]instrument.Translation{}
			}
			t := f.Translations[language]
			s.put(&t, f.words("translation "+language, text))
			f.Translations[language] = t
		}
	}
	for language, t := range f.Translations {
		// A list of labels must be whole; what is missing stays in the first language.
		t.Options = whole(t.Options, f.Options)
		for name, labels := range t.Sets {
			t.Sets[name] = whole(labels, f.Sets[name])
		}
		for _, it := range f.Items {
			if x, ok := t.Items[it.Code]; ok {
				x.Options = whole(x.Options, it.Options)
				t.Items[it.Code] = x
			}
		}
		f.Translations[language] = t
	}
}

func whole(labels []string, options []instrument.Option) []string {
	for i := range labels {
		if labels[i] == "" && i < len(options) {
			labels[i] = options[i].Label
		}
	}
	return labels
}

// ownScales reads the scales that WriteFHIR wrote.
func (f *fhirReader) ownScales(list []fhirExtension) {
	for _, e := range list {
		if e.URL != ownScales {
			f.lost.add("", "the extension %s was not carried over", shorten(e.URL))
			continue
		}
		if err := json.Unmarshal([]byte(e.ValueString), &f.Scales); err != nil {
			f.Scales = nil
			f.lost.add("", "the scales in the file cannot be read")
		}
	}
	if len(f.Scales) == 0 {
		f.lost.add("", "a Questionnaire does not say how it is scored; add the scales")
	}
}

// condition reads enableWhen, or the condition that WriteFHIR wrote beside.
func (f *fhirReader) condition(place string, src fhirItem, put func(string)) {
	if e := extension(src.Extension, ownCondition); e != nil {
		put(e.ValueString)
		return
	}
	if len(src.EnableWhen) == 0 {
		return
	}
	f.later = append(f.later, func() {
		var terms []condition
		for _, e := range src.EnableWhen {
			c, err := f.enabled(e)
			if err != nil {
				f.lost.add(place, "the condition on %q was not carried over: %v", shorten(e.Question), err)
				return
			}
			terms = append(terms, c)
		}
		put(join(terms, src.EnableBehavior == "all" || len(terms) == 1).expression())
	})
}

func (f *fhirReader) enabled(e fhirEnable) (condition, error) {
	m := f.meaning()
	code, err := m.code(e.Question)
	if err != nil {
		return condition{}, err
	}
	at := slices.IndexFunc(f.Items, func(it instrument.Item) bool { return it.Code == code })
	if e.Operator == "exists" {
		c := condition{item: code, answered: true}
		if e.AnswerBoolean != nil && !*e.AnswerBoolean {
			c = c.negated()
		}
		return c, nil
	}
	literal, err := e.answer()
	if err != nil {
		return condition{}, err
	}
	number, isNumber, err := m.value(code, literal)
	if err != nil {
		return condition{}, err
	}
	c := condition{item: code, op: e.Operator, number: number, isText: !isNumber}
	if c.isText {
		c.number, c.text = 0, literal
	}
	switch {
	case at >= 0 && f.Items[at].Type == instrument.TypeMultiple:
		c = condition{item: code, selected: true, number: number}
		if e.Operator == "!=" {
			c = c.negated()
		}
	case e.Operator == "=" || e.Operator == "!=":
		c.op = "=="
		if e.Operator == "!=" {
			c = c.negated()
		}
	case !strings.Contains("< <= > >=", e.Operator) || e.Operator == "":
		return c, unreadable("the operator %q is not known", shorten(e.Operator))
	}
	return c, nil
}

// answer is the literal of a condition, as answers are named.
func (e fhirEnable) answer() (string, error) {
	switch {
	case e.AnswerBoolean != nil:
		if *e.AnswerBoolean {
			return "1", nil
		}
		return "0", nil
	case e.AnswerCoding != nil:
		return orDefault(e.AnswerCoding.Code, e.AnswerCoding.Display), nil
	case e.AnswerInteger != nil:
		return numberText(float64(*e.AnswerInteger)), nil
	case e.AnswerDecimal != nil:
		return numberText(*e.AnswerDecimal), nil
	case e.AnswerString != nil:
		return *e.AnswerString, nil
	case e.AnswerDate != nil:
		return *e.AnswerDate, nil
	}
	return "", unreadable("its answer is of a kind that is not known")
}
