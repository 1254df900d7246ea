package export

import (
	"fmt"
	"maps"
	"slices"

	"tidemark/survey"
	"tidemark/survey/export/odm"
	"tidemark/survey/instrument"
)

// question is a field with its wording, in all languages that there are.
func (b *odmBuilder) question(n *odmForm, d *instrument.Definition, f field) odm.Item {
	item := b.item(n.item(f.Name), f.Variable)
	several, text := f.item.Type == instrument.TypeMultiple, f.item.Text
	if several {
		text = f.Label // with the choice
	}
	item.Question = &odm.Text{Translated: []odm.Translated{{Lang: d.Language, Text: text}}}
	var localized []*instrument.Definition
	for _, l := range slices.Sorted(maps.Keys(d.Translations)) {
		in, _ := d.In(l)
		localized = append(localized, in)
		if it, _ := in.Item(f.item.Code); it.TextLang == "" && it.Text != "" && !several {
			item.Question.Translated = append(item.Question.Translated, odm.Translated{Lang: l, Text: it.Text})
		}
	}
	texts := func(i int) (all []odm.Translated) {
		for _, in := range localized {
			if options, _ := in.ItemOptions(f.item.Code); i < len(options) && options[i].Lang == "" {
				all = append(all, odm.Translated{Lang: in.Language, Text: options[i].Label})
			}
		}
		return all
	}
	if several {
		texts = nil
	}
	item.List = b.list(f.Variable, texts)
	if r := f.item.Range; r != nil {
		item.Description = odm.In(d.Language, rangeWords(*r))
	}
	if r := f.item.Range; r != nil && r.Unit != "" {
		if b.units[r.Unit] == "" {
			b.units[r.Unit] = fmt.Sprintf("MU.%d", len(b.units)+1)
			b.all = append(b.all, odm.Unit{OID: b.units[r.Unit], Name: r.Unit, Symbol: *odm.In(d.Language, r.Unit)})
		}
		item.Unit = &odm.UnitRef{OID: b.units[r.Unit]}
	}
	return item
}

// condition is that under which an item is not asked.
func (b *odmBuilder) condition(n *odmForm, d *instrument.Definition, item instrument.Item) string {
	rule := condition(d, item)
	if rule == "" {
		return ""
	}
	oid := "C." + n.name + "." + item.Code
	if !slices.ContainsFunc(b.Conditions, func(c odm.Condition) bool { return c.OID == oid }) {
		b.Conditions = append(b.Conditions, odm.Condition{
			OID: oid, Name: item.Code + " is not asked", Description: odm.In("en", "Asked only if "+rule),
			Expression: &odm.Expression{Context: odmExpression, Text: "not (" + rule + ")"},
		})
	}
	return oid
}

// events are the form about the person, and the waves.
func (b *odmBuilder) events() {
	add := func(oid, name, kind string, forms []string) {
		b.Events = append(b.Events, odm.Ref{Event: oid, Order: len(b.Events) + 1})
		e := odm.Event{OID: oid, Name: name, Type: kind}
		for _, f := range forms {
			e.Forms = append(e.Forms, odm.Ref{Form: f, Order: len(e.Forms) + 1})
		}
		b.EventDefs = append(b.EventDefs, e)
	}
	add("SE."+odmPerson, "Person", "Common", []string{"F." + odmPerson})
	for _, w := range b.design.Waves {
		var forms []string
		ask := func(id survey.InstrumentID) {
			if oid := b.forms[b.design.Instruments[id].Definition].form(); !slices.Contains(forms, oid) {
				forms = append(forms, oid)
			}
		}
		for _, id := range w.Sets {
			ask(id)
		}
		for _, old := range b.design.FormerAt(w.ID) {
			ask(old.InstrumentID)
		}
		add("SE."+w.Key, w.Name, "Scheduled", forms)
	}
}
