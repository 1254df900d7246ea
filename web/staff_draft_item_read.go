package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// putItem puts what a form says of an item into the draft.
func putItem(d *instrument.Definition, code string, values url.Values) error {
	item := instrument.Item{}
	if code != newPart {
		known := false
		if item, known = d.Item(code); !known {
			return drafting.ErrGone
		}
	}
	item, err := readDraftItem(d, item, values)
	if err != nil {
		return err
	}
	if code == newPart {
		page, err := strconv.Atoi(values.Get("page"))
		if err != nil || page < 1 || page > len(d.Layout) {
			page = len(d.Layout)
		}
		if err := drafting.AddItem(d, page-1, item); err != nil {
			return err
		}
	} else if err := drafting.PutItem(d, code, item); err != nil {
		return err
	}
	if name := strings.TrimSpace(values.Get("share")); name != "" && len(item.Options) > 0 {
		if err := shareAnswers(d, item, name); err != nil {
			return err
		}
	}
	for i := range d.Scales {
		countIn(&d.Scales[i], item.Code, values.Get("scale_"+d.Scales[i].Key))
	}
	for _, tag := range d.Languages()[1:] {
		if !values.Has("text_" + tag) {
			continue
		}
		words := map[string]string{"items." + item.Code + ".text": values.Get("text_" + tag)}
		if err := drafting.Translate(d, tag, words); err != nil {
			return err
		}
	}
	return nil
}

// shareAnswers makes the answers of an item a list that others can use.
func shareAnswers(d *instrument.Definition, item instrument.Item, name string) error {
	if _, there := d.Sets[name]; there {
		return &drafting.Refusal{Field: "share", Message: drafting.MessageSetTaken}
	}
	if err := drafting.PutSet(d, name, name, item.Options); err != nil {
		return &drafting.Refusal{Field: "share", Message: drafting.MessageCode}
	}
	i := slices.IndexFunc(d.Items, func(it instrument.Item) bool { return it.Code == item.Code })
	d.Items[i].Options, d.Items[i].Set = nil, name
	return nil
}

// countIn lets an item count in a scale, turned or not, or not at all.
func countIn(s *instrument.Scale, code, how string) {
	whole := s.MinAnswered >= len(s.Items)
	counts := slices.Contains(s.Items, code)
	drop := func(list []string) []string {
		return slices.DeleteFunc(list, func(one string) bool { return one == code })
	}
	turned := slices.Contains(s.Reversed, code)
	if counts != (how != "") || turned != (how == "turned") {
		s.Norms, s.Reliability, s.Changes = nil, nil, nil
	}
	switch {
	case how == "":
		s.Items, s.Reversed = drop(s.Items), drop(s.Reversed)
	case !counts:
		s.Items = append(s.Items, code)
	}
	if how == "turned" && !turned {
		s.Reversed = append(s.Reversed, code)
	} else if how == "counts" {
		s.Reversed = drop(s.Reversed)
	}
	if whole || s.MinAnswered > len(s.Items) {
		s.MinAnswered = max(1, len(s.Items))
	}
}

// readDraftItem is an item with what a form says of it. What its type has no use for is
// left out.
func readDraftItem(d *instrument.Definition, item instrument.Item, values url.Values) (instrument.Item, error) {
	text := func(name string) string { return drafting.Trim(values.Get(name)) }
	item.Code, item.Type = text("code"), instrument.ItemType(values.Get("type"))
	if !item.Type.Valid() {
		return item, errBadForm
	}
	item.Text, item.Note = text("text"), text("note")
	item.Options, item.Set, item.Range, item.MaxLength, item.Risk = nil, "", nil, 0, nil
	var err error
	if item.Type.Chosen() {
		switch how, _ := strings.CutPrefix(values.Get("answers"), "set:"); {
		case how != values.Get("answers"):
			item.Set = how
		case how != "all":
			if item.Options, err = drafting.ReadOptions(values.Get("options")); err != nil {
				return item, err
			}
		}
	}
	if item.Type == instrument.TypeNumber || item.Type == instrument.TypeSlider {
		if item.Range, err = readRange(values, item.Type); err != nil {
			return item, err
		}
	}
	if item.Type == instrument.TypeText || item.Type == instrument.TypeLongText {
		if item.MaxLength, err = numberGiven(values, "max_length"); err != nil {
			return item, err
		}
	}
	if item.ShowIf, err = readCondition(values, "show_if", d); err != nil {
		return item, err
	}
	item.RequiredIf = ""
	if item.Type.Asked() {
		if item.RequiredIf, err = readCondition(values, "required_if", d); err != nil {
			return item, err
		}
	}
	item.Fixed, item.Unwanted = values.Get("fixed") == "1", values.Get("unwanted") == "1" && item.Type.Numeric()
	item.Identifying = instrument.IdentifyingNot
	if given := instrument.Identifying(values.Get("identifying")); given.Valid() && item.Type.Asked() {
		item.Identifying = given
	}
	if item.Type.Numeric() || item.Type == instrument.TypeMultiple {
		item.Risk, err = readRisk(values)
	}
	return item, err
}

// readRange is the range of a form; nil for a number without one.
func readRange(values url.Values, kind instrument.ItemType) (*instrument.Range, error) {
	r := instrument.Range{Unit: drafting.Trim(values.Get("unit"))}
	if kind == instrument.TypeSlider {
		r.LowLabel, r.HighLabel = drafting.Trim(values.Get("low_label")), drafting.Trim(values.Get("high_label"))
	}
	given := false
	for name, target := range map[string]*float64{"min": &r.Min, "max": &r.Max, "step": &r.Step} {
		if strings.TrimSpace(values.Get(name)) == "" {
			continue
		}
		v, err := drafting.Number(values.Get(name))
		if err != nil {
			return nil, &drafting.Refusal{Field: name, Message: drafting.MessageNumber}
		}
		*target, given = v, true
	}
	if !given && r.Unit == "" {
		return nil, nil
	}
	return &r, nil
}

// readRisk are the answers that somebody should act on; nil when there are none.
func readRisk(values url.Values) (*instrument.Risk, error) {
	r := instrument.Risk{}
	if text := strings.TrimSpace(values.Get("risk_above")); text != "" {
		v, err := drafting.Number(text)
		if err != nil {
			return nil, &drafting.Refusal{Field: "risk_above", Message: drafting.MessageNumber}
		}
		r.Above = &v
	}
	for part := range strings.FieldsFuncSeq(values.Get("risk_values"), func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
		v, err := drafting.Number(part)
		if err != nil {
			return nil, &drafting.Refusal{Field: "risk_values", Message: drafting.MessageNumber}
		}
		r.Values = append(r.Values, v)
	}
	if r.Above == nil && r.Values == nil {
		return nil, nil
	}
	return &r, nil
}
