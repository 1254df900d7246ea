package pastwaves

import (
	"slices"
	"time"

	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
)

// one reads a row that is one answer.
func (c *checker) one(p *person, r datafile.Row, wave string) {
	name, column := c.cell(r, string(Item))
	at := Place{Wave: wave}
	if text, i := c.cell(r, string(Form)); i >= 0 {
		if at.Form = c.d.form(text); at.Form == "" {
			c.fault(r.Line, c.name(i), "“%s” is no questionnaire of this study.", short(text))
			return
		}
	}
	code := ""
	for _, s := range c.d.Sheets {
		if s.Wave != wave || at.Form != "" && s.Def.Key != at.Form {
			continue
		}
		for _, item := range s.Def.Items {
			if item.Code == name || same(item.Code, name) && code == "" {
				at.Form, code = s.Def.Key, item.Code
			}
		}
	}
	if code == "" {
		c.fault(r.Line, c.name(column), "“%s” is no question that is asked at %s.", short(name), c.waveName(wave))
		return
	}
	column = c.at[string(Value)] - 1
	if i := c.at[string(Words)] - 1; column < 0 || r.Cells[column] == "" && i >= 0 {
		column = i
	}
	if r.Cells[column] == "" {
		if text, i := c.cell(r, string(Why)); i >= 0 && text == "in_texts" {
			c.OwnWords++
		}
		return
	}
	c.answer(p, r, at, Target{Kind: Answer, Wave: wave, Form: at.Form, Item: code}, column)
}

// answer reads one cell that is not empty.
func (c *checker) answer(p *person, r datafile.Row, at Place, t Target, column int) {
	rec := c.record(p, r, at, column)
	if rec == nil {
		return
	}
	def := p.Forms[at]
	item, known := def.Item(t.Item)
	if !known || !item.Type.Asked() {
		c.fault(r.Line, c.name(column), "Version %s of %s, which “%s” is asked, has no question %s.", def.Version, c.title(at), short(p.code), t.Item)
		return
	}
	if t.Option != nil {
		c.choose(p, r, rec, def, t, column)
		return
	}
	text := r.Cells[column]
	if item.Type == instrument.TypeText || item.Type == instrument.TypeLongText {
		text = unguard(text)
	} else if c.noAnswer(def, item, text) {
		c.Missing++
		return
	}
	value, fault := c.value(def, item, text)
	if fault == "" {
		fault = refusal(def, item, value)
	}
	if fault != "" {
		c.fault(r.Line, c.name(column), "“%s” %s", short(text), fault)
		return
	}
	c.give(p, r, rec, Given{Item: t.Item, Value: value, Column: column, Line: r.Line})
}

// give keeps an answer, unless there is one.
func (c *checker) give(p *person, r datafile.Row, rec *Record, g Given) {
	for _, other := range rec.Answers {
		if other.Item == g.Item {
			c.fault(r.Line, c.name(g.Column), "“%s” has an answer to this question at %s in line %d already. Keep one of the two.", short(p.code), c.waveName(rec.Wave), other.Line)
			return
		}
	}
	g.At = c.instant(r, string(Answered))
	c.dated(r, rec)
	rec.Answers = append(rec.Answers, g)
	c.Answers++
}

// dated finds out when a questionnaire was answered, at its first row that says.
func (c *checker) dated(r datafile.Row, rec *Record) {
	if !rec.At.IsZero() || rec.Draft && len(rec.Answers) > 0 {
		return
	}
	submitted := Target{Kind: Submitted, Wave: rec.Wave, Form: rec.Form}.String()
	for _, target := range []string{submitted, string(Submitted)} {
		if _, i := c.cell(r, target); i < 0 {
			continue
		}
		if rec.At = c.instant(r, target); rec.At.IsZero() {
			rec.Draft = true
		}
		return
	}
	if rec.At = c.instant(r, Target{Kind: Answered, Wave: rec.Wave}.String()); rec.At.IsZero() {
		rec.At = c.instant(r, string(Answered))
	}
}

// choose reads the column of one option of several.
func (c *checker) choose(p *person, r datafile.Row, rec *Record, def *instrument.Definition, t Target, column int) {
	key := choicePlace{rec.Place, t.Item}
	so := p.choices[key]
	if so == nil {
		so = &chosen{line: r.Line, column: column}
		p.choices[key] = so
	}
	if so.line != r.Line {
		c.fault(r.Line, c.name(column), "“%s” has an answer to this question at %s in line %d already. Keep one of the two.", short(p.code), c.waveName(rec.Wave), so.line)
		return
	}
	text := r.Cells[column]
	if v, err := number(text); err == nil && slices.Contains(c.o.Missing, v) && v != 0 && v != 1 {
		c.Missing++
		return
	}
	switch fold(text) {
	case "1", "yes", "true", "x", "ja", "sí", "si", "checked", "chosen", "✓":
		so.values = append(so.values, *t.Option)
		c.dated(r, rec)
	case "0", "no", "false", "nein", "unchecked", "not chosen", "na", ".":
	default:
		options, _ := def.ItemOptions(t.Item)
		if i := slices.IndexFunc(options, func(o instrument.Option) bool { return o.Value == *t.Option }); i >= 0 && same(options[i].Label, text) {
			so.values = append(so.values, *t.Option)
			c.dated(r, rec)
			return
		}
		c.fault(r.Line, c.name(column), "“%s” does not say whether the option was chosen. Write 1 or 0.", short(text))
	}
}

// finish completes the records, in the order of people and their first answers.
func (c *checker) finish() {
	for _, code := range c.People {
		p := c.people[code]
		for _, at := range p.order {
			rec := p.records[at]
			for key, so := range p.choices {
				if key.Place != at || len(so.values) == 0 {
					continue
				}
				g := Given{Item: key.item, Value: instrument.ChoicesValue(so.values...), Column: so.column, Line: so.line}
				def := p.Forms[at]
				if item, _ := def.Item(key.item); refusal(def, item, g.Value) != "" {
					c.fault(so.line, c.name(so.column), "The options chosen %s", refusal(def, item, g.Value))
					continue
				}
				rec.Answers = append(rec.Answers, g)
				c.Answers++
			}
			if len(rec.Answers) > 0 {
				c.complete(p, rec)
			}
		}
	}
	sortFaults(c.Faults)
}

// complete gives a record its time.
func (c *checker) complete(p *person, rec *Record) {
	if rec.At.IsZero() && !rec.Draft {
		rec.At = c.o.Date
	}
	for i := range rec.Answers {
		g := &rec.Answers[i]
		for _, at := range []time.Time{rec.At, c.o.Date} {
			if g.At.IsZero() {
				g.At = at
			}
		}
		if g.At.IsZero() {
			c.fault(rec.Line, "", "Nothing says when “%s” answered %s at %s. Say which column has the day, or give a day for all that do not have one.", short(p.code), c.title(rec.Place), c.waveName(rec.Wave))
			return
		}
		if !p.Left.IsZero() && g.At.After(p.Left) {
			c.fault(rec.Line, "", "“%s” left the study on %s, before these answers (%s). Correct the day, or take them out.", short(p.code), p.Left.In(c.o.Zone).Format(time.DateOnly), g.At.In(c.o.Zone).Format(time.DateOnly))
			return
		}
	}
	if rec.At.IsZero() && !rec.Draft {
		rec.At = rec.Answers[0].At
	}
	order := map[string]int{}
	for i, item := range p.Forms[rec.Place].Items {
		order[item.Code] = i
	}
	slices.SortStableFunc(rec.Answers, func(a, b Given) int { return order[a.Item] - order[b.Item] })
	c.Records = append(c.Records, *rec)
}
