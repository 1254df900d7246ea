package exchange

import (
	"maps"
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// xlsAsked are the types that are asked, by the first word of a type.
var xlsAsked = map[string]instrument.ItemType{
	"select_one": instrument.TypeSingle, "select": instrument.TypeSingle, "select1": instrument.TypeSingle,
	"select_multiple": instrument.TypeMultiple, "integer": instrument.TypeNumber, "int": instrument.TypeNumber,
	"decimal": instrument.TypeNumber, "range": instrument.TypeSlider, "text": instrument.TypeText, "string": instrument.TypeText,
	"date": instrument.TypeDate, "note": instrument.TypeInformation, "acknowledge": instrument.TypeYesNo,
	"datetime": instrument.TypeDate, "time": instrument.TypeText,
}

// row takes one line of the survey sheet.
func (f *xlsReader) row(row xlsRow) error {
	words := strings.Fields(row.cells["type"])
	if len(words) == 0 {
		f.lost.add(row.place, "a row without a type was left out")
		return nil
	}
	kind := strings.ToLower(words[0])
	switch joined := strings.ToLower(strings.ReplaceAll(strings.Join(words[:min(2, len(words))], "_"), " ", "_")); {
	case joined == "begin_group" || kind == "begin_group":
		f.open(row, false)
		return nil
	case joined == "begin_repeat" || kind == "begin_repeat":
		f.open(row, true)
		return nil
	case joined == "end_group" || joined == "end_repeat" || kind == "end_group" || kind == "end_repeat":
		f.shut(row)
		return nil
	}
	if slices.ContainsFunc(f.groups, func(g xlsGroup) bool { return g.repeat }) {
		f.lost.add(row.place, "questions that repeat are not asked here and were left out")
		return nil
	}
	if _, asked := xlsAsked[kind]; !asked {
		f.lost.add(row.place, "rows of the type %q are not asked here and were left out", shorten(words[0]))
		return nil
	}
	if len(f.Items) >= maxRows {
		return unreadable("The form has more than %d questions.", maxRows)
	}
	f.question(row, kind, words)
	return nil
}

func (f *xlsReader) open(row xlsRow, repeat bool) {
	g := xlsGroup{repeat: repeat}
	outer := slices.ContainsFunc(f.groups, func(g xlsGroup) bool { return g.page || g.repeat })
	switch {
	case repeat:
	case outer:
		f.lost.add(row.place, "a group within a group is asked in line")
		if row.cells["relevant"] != "" {
			f.lost.add(row.place, "the condition of a group within a group was not carried over")
		}
	default:
		g.page = true
		if len(f.Layout) == 0 && len(f.Items) > 0 {
			f.Layout = append(f.Layout, instrument.PagePlan{})
			for _, it := range f.Items {
				f.Layout[0].Items = append(f.Layout[0].Items, it.Code)
			}
		}
		f.Layout = append(f.Layout, instrument.PagePlan{Heading: f.text(row, "label")})
		at := len(f.Layout) - 1
		f.onceKnown(row.place+", relevant", row.cells["relevant"], func(s string) { f.Layout[at].ShowIf = s })
		f.unheard(row, "type", "name", "relevant", "label")
	}
	f.groups = append(f.groups, g)
}

func (f *xlsReader) shut(row xlsRow) {
	if len(f.groups) == 0 {
		f.lost.add(row.place, "the end of a group that was not begun was left out")
		return
	}
	last := f.groups[len(f.groups)-1]
	f.groups = f.groups[:len(f.groups)-1]
	if last.page {
		f.Layout = append(f.Layout, instrument.PagePlan{}) // what follows is no longer in the group
	}
}

func (f *xlsReader) question(row xlsRow, kind string, words []string) {
	c := row.cells
	it := instrument.Item{Code: f.code(row.place, c["name"]), Type: xlsAsked[kind], Text: f.text(row, "label"), Note: f.text(row, "hint")}
	if it.Text == "" {
		it.Text = titled(it.Code)
		f.lost.add(row.place, "the question has no label in the first language; its name is shown")
	}
	switch kind {
	case "select_one", "select", "select1", "select_multiple":
		f.choices(row, words, &it)
	case "integer", "int", "decimal":
		it.Range = &instrument.Range{Min: leastNumber, Max: greatestNumber}
		if kind != "decimal" {
			it.Range.Step = 1
		}
		f.constraint(row, it.Range)
	case "range":
		it.Range = f.slider(row)
	case "text", "string":
		if strings.Contains(c["appearance"], "multiline") {
			it.Type = instrument.TypeLongText
		}
	case "datetime":
		f.lost.add(row.place, "the time of day is not asked, only the day")
	case "time":
		f.lost.add(row.place, "the item became a line of text")
	}
	if it.Range == nil && c["constraint"] != "" {
		f.lost.add(row.place+", constraint", "the condition %q on the answer was not carried over", shorten(c["constraint"]))
	}
	f.Items = append(f.Items, it)
	at := len(f.Items) - 1
	if len(f.Layout) > 0 {
		page := &f.Layout[len(f.Layout)-1]
		page.Items = append(page.Items, it.Code)
	}
	f.onceKnown(row.place+", relevant", c["relevant"], func(s string) { f.Items[at].ShowIf = s })
	switch required := strings.ToLower(c["required"]); required {
	case "", "no", "false", "false()":
	case "yes", "true", "true()":
		if it.Type.Asked() {
			f.Items[at].RequiredIf = "true"
		}
	default:
		f.onceKnown(row.place+", required", c["required"], func(s string) { f.Items[at].RequiredIf = s })
	}
	f.unheard(row, "type", "name", "relevant", "required", "constraint", "appearance", "parameters", "label", "hint")
}

// unheard lists the cells of a row that have no place in a definition.
func (f *xlsReader) unheard(row xlsRow, heard ...string) {
	for _, name := range slices.Sorted(maps.Keys(row.cells)) {
		m := languageOf.FindStringSubmatch(name)
		if m != nil || slices.Contains(heard, name) {
			continue
		}
		f.lost.add(row.place, "the column %s was not carried over", shorten(name))
	}
	if how := row.cells["appearance"]; how != "" && !strings.Contains(how, "multiline") {
		f.lost.add(row.place, "the appearance %q was not carried over", shorten(how))
	}
}

func (f *xlsReader) choices(row xlsRow, words []string, it *instrument.Item) {
	list := ""
	if len(words) > 1 {
		list = words[1]
	}
	if len(words) > 2 && strings.EqualFold(words[2], "or_other") {
		f.lost.add(row.place, "an answer in own words beside the choices is not possible here")
	}
	var names []named
	for _, c := range f.lists[list] {
		names = append(names, named{c.cells["name"], orDefault(f.text(c, "label"), c.cells["name"])})
	}
	it.Options = f.options(row.place, it.Code, names)
	f.listOf[it.Code] = list
	if len(it.Options) < 2 {
		f.lost.add(row.place, "the list %q has fewer than two answers; the question became a line of text", shorten(list))
		it.Type, it.Options = instrument.TypeText, nil
	}
}

// constraint reads bounds: ". >= 0 and . <= 120".
func (f *xlsReader) constraint(row xlsRow, r *instrument.Range) {
	text := row.cells["constraint"]
	if text == "" {
		return
	}
	low, high := r.Min, r.Max
	for part := range strings.SplitSeq(strings.ReplaceAll(text, " AND ", " and "), " and ") {
		part = strings.Trim(strings.ReplaceAll(part, " ", ""), "()")
		var at *float64
		var rest string
		switch {
		case strings.HasPrefix(part, ".>="):
			at, rest = &low, part[3:]
		case strings.HasPrefix(part, ".<="):
			at, rest = &high, part[3:]
		}
		v, err := parseNumber(rest)
		if at == nil || err != nil {
			f.lost.add(row.place+", constraint", "the condition %q on the answer was not carried over", shorten(text))
			return
		}
		*at = v
	}
	r.Min, r.Max = low, high
}

func (f *xlsReader) slider(row xlsRow) *instrument.Range {
	r := &instrument.Range{Min: 0, Max: 10, Step: 1}
	for _, p := range strings.FieldsFunc(row.cells["parameters"], func(r rune) bool { return r == ' ' || r == ';' || r == ',' }) {
		name, text, _ := strings.Cut(p, "=")
		v, err := parseNumber(text)
		at := map[string]*float64{"start": &r.Min, "end": &r.Max, "step": &r.Step}[strings.ToLower(name)]
		if at == nil || err != nil {
			f.lost.add(row.place, "the parameter %q was not carried over", shorten(p))
			continue
		}
		*at = v
	}
	return r
}

// translate reads the columns of further languages.
func (f *xlsReader) translate() {
	languages := map[string]string{} // as the columns name them → tag
	for name := range f.columns {
		m := languageOf.FindStringSubmatch(name)
		if m == nil || m[1] == f.main {
			continue
		}
		if tag, ok := languageTag(m[1]); ok && tag != f.Language {
			languages[m[1]] = tag
		} else if !ok {
			f.lost.add("", "the language %q has no tag in brackets such as (en); its texts were left out", shorten(m[1]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(languages)) {
		if f.Translations == nil {
			f.Translations = map[string]instrument.Translation{}
		}
		f.Translations[languages[name]] = f.inLanguage(name)
	}
}

func (f *xlsReader) inLanguage(name string) instrument.Translation {
	other := &xlsReader{draft: &draft{lost: &losses{}}, main: name}
	t := instrument.Translation{Items: map[string]instrument.ItemTranslation{}}
	strict := func(row xlsRow, column string) string { // without falling back
		if row.cells[column+"::"+name]+row.cells[column+":: "+name]+row.cells[column+":"+name] == "" {
			return ""
		}
		return other.text(row, column)
	}
	for _, row := range f.book.rows("survey") {
		code, known := f.codes[row.cells["name"]]
		if !known {
			continue
		}
		x := instrument.ItemTranslation{Text: strict(row, "label"), Note: strict(row, "hint")}
		at := slices.IndexFunc(f.Items, func(it instrument.Item) bool { return it.Code == code })
		if at >= 0 {
			f.labels(&t, f.Items[at], &x, strict)
		}
		if x.Text != "" || x.Note != "" || x.Options != nil {
			t.Items[code] = x
		}
	}
	return t
}

// labels puts the translated answers of an item where its options went.
func (f *xlsReader) labels(t *instrument.Translation, it instrument.Item, x *instrument.ItemTranslation, strict func(xlsRow, string) string) {
	list := f.lists[f.listOf[it.Code]]
	if it.Type != instrument.TypeSingle && it.Type != instrument.TypeMultiple {
		return
	}
	options := it.Options
	switch {
	case it.Set != "":
		options = f.Sets[it.Set]
	case len(options) == 0:
		options = f.Options
	}
	labels := make([]string, len(options))
	found := false
	seen := map[string]bool{}
	i := 0
	for _, row := range list {
		if seen[row.cells["name"]] || i >= len(labels) {
			continue
		}
		seen[row.cells["name"]] = true
		labels[i] = strict(row, "label")
		found = found || labels[i] != ""
		i++
	}
	if !found {
		return
	}
	labels = whole(labels, options)
	switch {
	case it.Set != "":
		if t.Sets == nil {
			t.Sets = map[string][]string{}
		}
		t.Sets[it.Set] = labels
	case len(it.Options) == 0:
		t.Options = labels
	default:
		x.Options = labels
	}
}
