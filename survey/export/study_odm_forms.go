package export

import (
	"fmt"
	"strings"

	"tidemark/survey/export/dataset"
	"tidemark/survey/export/odm"
	"tidemark/survey/instrument"
)

// study is everything that is asked, by the protocol.
func (w *odmWriter) study() odm.Study {
	s := w.design.Study
	b := &odmBuilder{odmWriter: w, language: s.Language, units: map[string]string{}, lists: map[string]string{}}
	b.MetaData = odm.MetaData{OID: odmVersion, Name: s.Title}
	var reasons []odm.Code
	for _, r := range append(w.whyMissing(), w.whyNotInLong(), whyTooFew) {
		reasons = append(reasons, odm.Code{Value: r.Key, Order: len(reasons) + 1, Decode: *odm.In("en", r.Text)})
	}
	b.Lists = append(b.Lists, odm.CodeList{OID: odmMissing, Name: "Why there is no value", DataType: "text", Items: reasons})
	b.person()
	for _, d := range w.definitions() {
		b.form(d)
	}
	b.events()
	return odm.Study{
		OID: "ST." + s.Key, Name: s.Title, Description: s.Title, Protocol: s.Key, Units: b.all, MetaData: &b.MetaData,
	}
}

// odmBuilder gathers definitions.
type odmBuilder struct {
	*odmWriter
	odm.MetaData
	language string
	all      []odm.Unit
	units    map[string]string // symbol → identifier
	lists    map[string]string // content → identifier
}

// person is the form with who somebody is.
func (b *odmBuilder) person() {
	group := odm.Group{OID: "IG." + odmPerson, Name: "Person"}
	for _, v := range b.persons {
		if v.Measure == dataset.ID {
			continue
		}
		item := b.item("P."+v.Name, v)
		item.Description = odm.In("en", v.Label)
		item.List = b.list(v, nil)
		b.Items = append(b.Items, item)
		group.Items = append(group.Items, odm.Ref{Item: item.OID, Order: len(group.Items) + 1})
	}
	b.Groups = append(b.Groups, group)
	b.Forms = append(b.Forms, odm.Form{OID: "F." + odmPerson, Name: "Person", Groups: []odm.Ref{{Group: group.OID, Order: 1}}})
}

// item is a variable without its texts.
func (b *odmBuilder) item(oid string, v dataset.Variable) odm.Item {
	i := odm.Item{OID: oid, Name: v.Name}
	switch v.Kind {
	case dataset.Text:
		i.DataType, i.Length = "text", v.Width
	case dataset.Day:
		i.DataType = "date"
	case dataset.Instant:
		i.DataType = "datetime"
	case dataset.Number:
		i.DataType, i.Length = "integer", 15
		if v.Decimals > 0 || v.Measure == dataset.Scale && len(v.Labels) == 0 {
			i.DataType, i.Length, i.Digits = "float", 24, 15
		}
		if v.Bounded {
			i.Checks = []odm.Check{
				{Comparator: "GE", SoftHard: "Hard", Value: string(appendNumber(nil, v.Low))},
				{Comparator: "LE", SoftHard: "Hard", Value: string(appendNumber(nil, v.High))},
			}
		}
	}
	return i
}

// list is the code list of a variable, once for all that have the same; nil where
// its values are not all named. texts gives further languages.
func (b *odmBuilder) list(v dataset.Variable, texts func(i int) []odm.Translated) *odm.ListRef {
	if v.Measure == dataset.Scale || len(v.Labels)+len(v.Categories) == 0 {
		return nil
	}
	var codes []odm.Code
	kind := "text"
	add := func(value, text string) {
		decode := []odm.Translated{{Lang: b.language, Text: text}}
		if texts != nil {
			decode = append(decode, texts(len(codes))...)
		}
		codes = append(codes, odm.Code{Value: value, Order: len(codes) + 1, Decode: odm.Text{Translated: decode}})
	}
	for _, l := range v.Labels {
		add(string(appendNumber(nil, l.Value)), l.Text)
		kind = b.item("", v).DataType
	}
	for _, c := range v.Categories {
		add(c.Value, c.Text)
	}
	same := kind + fmt.Sprint(codes)
	if b.lists[same] == "" {
		b.lists[same] = fmt.Sprintf("CL.%d", len(b.lists)+1)
		b.Lists = append(b.Lists, odm.CodeList{OID: b.lists[same], Name: "Answers to " + v.Name, DataType: kind, Items: codes})
	}
	return &odm.ListRef{OID: b.lists[same]}
}

// form is a version of a questionnaire.
func (b *odmBuilder) form(d *instrument.Definition) {
	n := &odmForm{name: d.Key + "." + d.Version, fields: b.fields(d)}
	b.forms[d] = n
	b.language = d.Language
	defer func() { b.language = b.design.Study.Language }()
	answers := odm.Group{OID: n.group("ANSWERS"), Name: d.Title}
	for _, f := range n.fields {
		ref := odm.Ref{Item: n.item(f.Name), Order: len(answers.Items) + 1, Mandatory: f.item.RequiredIf == "true"}
		ref.Condition = b.condition(n, d, f.item)
		answers.Items = append(answers.Items, ref)
		b.Items = append(b.Items, b.question(n, d, f))
	}
	scores := odm.Group{OID: n.group("SCORES"), Name: d.Title + ": scores"}
	for _, s := range d.Scales {
		scores.Items = append(scores.Items, odm.Ref{Item: n.score(s.Key), Order: len(scores.Items) + 1, Method: "M." + n.name + "." + s.Key})
		v := number(s.Key, s.Name, 2, whyTooFew)
		v.Low, v.High, v.Bounded = d.Range(s.Key)
		item := b.item(n.score(s.Key), v)
		item.Description = odm.In(d.Language, s.Name)
		b.Items = append(b.Items, item)
		b.Methods = append(b.Methods, odm.Method{
			OID: "M." + n.name + "." + s.Key, Name: s.Rule(), Type: "Computation", Description: odm.In("en", scoring(s)),
		})
	}
	times := odm.Group{OID: n.group("TIMES"), Name: d.Title + ": times"}
	for _, v := range []dataset.Variable{
		b.instant("saved_at", "When the last answer was saved, UTC"), b.instant("submitted_at", "When the questionnaire was submitted, UTC"),
	} {
		item := b.item(n.time(v.Name), v)
		item.Description = odm.In("en", v.Label)
		b.Items = append(b.Items, item)
		times.Items = append(times.Items, odm.Ref{Item: item.OID, Order: len(times.Items) + 1})
	}
	form := odm.Form{OID: n.form(), Name: d.Title + " " + d.Version, Description: odm.In(d.Language, strings.TrimSpace(d.Heading+"\n"+d.Intro))}
	for _, g := range []odm.Group{answers, scores, times} {
		if len(g.Items) > 0 {
			b.Groups = append(b.Groups, g)
			form.Groups = append(form.Groups, odm.Ref{Group: g.OID, Order: len(form.Groups) + 1})
		}
	}
	b.Forms = append(b.Forms, form)
}

// scoring says in words how a scale is scored.
func scoring(s instrument.Scale) string {
	text := s.Rule() + " of " + strings.Join(s.Items, " ")
	if len(s.Reversed) > 0 {
		text += "; turned around: " + strings.Join(s.Reversed, " ")
	}
	return text + fmt.Sprintf("; at least %d answered", s.MinAnswered)
}
