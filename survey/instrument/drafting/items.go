package drafting

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// AddItem puts a new item at the end of a page.
func AddItem(d *instrument.Definition, page int, item instrument.Item) error {
	if page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	if len(d.Items) >= maxItems || len(d.Layout[page].Items) >= maxOnOnePage {
		return refuse("code", MessageFull)
	}
	if err := checkCode(d, item.Code, ""); err != nil {
		return err
	}
	d.Items = append(d.Items, item)
	d.Layout[page].Items = append(d.Layout[page].Items, item.Code)
	sortItems(d)
	return nil
}

func checkCode(d *instrument.Definition, code, but string) error {
	switch {
	case !codePattern.MatchString(code):
		return refuse("code", MessageCode)
	case taken(d, code, but):
		return refuse("code", MessageCodeTaken)
	}
	return nil
}

// PutItem puts an item in the place of the one that had the code. Another code goes
// with it everywhere; words in other languages that have lost their original go; and
// scales lose what was found with the item as it was.
func PutItem(d *instrument.Definition, code string, item instrument.Item) error {
	i := slices.IndexFunc(d.Items, func(it instrument.Item) bool { return it.Code == code })
	if i < 0 {
		return ErrGone
	}
	if err := checkCode(d, item.Code, code); err != nil {
		return err
	}
	old := d.Items[i]
	before := d.OptionsOf(old)
	d.Items[i] = item
	if asksOtherwise(old, item) || !slices.Equal(before, d.OptionsOf(item)) {
		for k := range d.Scales {
			if slices.Contains(d.Scales[k].Items, code) {
				forget(&d.Scales[k])
			}
		}
	}
	for tag, t := range d.Translations {
		if words, ok := t.Items[code]; ok {
			t.Items[code] = realign(words, old, item)
			d.Translations[tag] = t
		}
	}
	if item.Code != code {
		recode(d, code, item.Code)
	}
	return nil
}

// asksOtherwise reports whether an item is another question than before.
func asksOtherwise(a, b instrument.Item) bool {
	if a.Text != b.Text || a.Type != b.Type || (a.Range == nil) != (b.Range == nil) {
		return true
	}
	return a.Range != nil && *a.Range != *b.Range
}

// realign keeps the translated words whose original is still there.
func realign(t instrument.ItemTranslation, old, item instrument.Item) instrument.ItemTranslation {
	keep := func(words *string, original string) {
		if original == "" {
			*words = ""
		}
	}
	keep(&t.Note, item.Note)
	r := instrument.Range{}
	if item.Range != nil {
		r = *item.Range
	}
	keep(&t.Unit, r.Unit)
	keep(&t.LowLabel, r.LowLabel)
	keep(&t.HighLabel, r.HighLabel)
	if len(old.Options) > 0 || len(item.Options) > 0 {
		t.Options = realigned(t.Options, old.Options, item.Options)
	}
	if !item.Type.Chosen() || item.Set != "" {
		t.Options = nil
	}
	return t
}

// realigned are translated labels for other options, by value; an empty one where
// there was none.
func realigned(labels []string, old, options []instrument.Option) []string {
	if len(labels) == 0 || len(options) == 0 {
		return nil
	}
	out := make([]string, len(options))
	for i, o := range options {
		j := slices.IndexFunc(old, func(was instrument.Option) bool { return was.Value == o.Value })
		if j >= 0 && j < len(labels) {
			out[i] = labels[j]
		}
	}
	if !slices.ContainsFunc(out, func(label string) bool { return label != "" }) {
		return nil
	}
	return out
}

// recode gives an item another code wherever it is named.
func recode(d *instrument.Definition, from, to string) {
	replace := func(codes []string) {
		for i, code := range codes {
			if code == from {
				codes[i] = to
			}
		}
	}
	for i := range d.Layout {
		replace(d.Layout[i].Items)
		d.Layout[i].ShowIf = reword(d.Layout[i].ShowIf, from, to)
	}
	for i := range d.Items {
		d.Items[i].ShowIf = reword(d.Items[i].ShowIf, from, to)
		d.Items[i].RequiredIf = reword(d.Items[i].RequiredIf, from, to)
	}
	for i := range d.Scales {
		replace(d.Scales[i].Items)
		replace(d.Scales[i].Reversed)
	}
	for _, t := range d.Translations {
		if words, ok := t.Items[from]; ok {
			delete(t.Items, from)
			t.Items[to] = words
		}
	}
	for i := range d.Vectors {
		if v, ok := d.Vectors[i].Answers[from]; ok {
			delete(d.Vectors[i].Answers, from)
			d.Vectors[i].Answers[to] = v
		}
	}
}

// inCondition finds names and texts in a condition; texts are left alone.
var inCondition = regexp.MustCompile(`"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[A-Za-z_][A-Za-z0-9_]*`)

// reword is a condition with one item under another code.
func reword(condition, from, to string) string {
	return inCondition.ReplaceAllStringFunc(condition, func(word string) string {
		if word == from {
			return to
		}
		return word
	})
}

// Names reports whether a condition names an item.
func Names(condition, code string) bool {
	return slices.Contains(inCondition.FindAllString(condition, -1), code)
}

// CopyItem puts a copy of an item behind it, under the next free code.
func CopyItem(d *instrument.Definition, code string) (string, error) {
	page, at, ok := place(d, code)
	item, known := d.Item(code)
	if !ok || !known {
		return "", ErrGone
	}
	item.Code = NextCode(&instrument.Definition{Items: append(slices.Clone(d.Items), instrument.Item{Code: code}), Scales: d.Scales})
	if err := AddItem(d, page, item); err != nil {
		return "", err
	}
	for tag, t := range d.Translations {
		if words, ok := t.Items[code]; ok {
			t.Items[item.Code] = words
			d.Translations[tag] = t
		}
	}
	return item.Code, ItemTo(d, item.Code, page, at+1)
}

// RemoveItem takes an item out of the pages, scales, translations and examples.
// Conditions that name it are left, and are faults to be mended.
func RemoveItem(d *instrument.Definition, code string) error {
	page, at, ok := place(d, code)
	if !ok {
		return ErrGone
	}
	d.Layout[page].Items = slices.Delete(d.Layout[page].Items, at, at+1)
	d.Items = slices.DeleteFunc(d.Items, func(it instrument.Item) bool { return it.Code == code })
	for i := range d.Scales {
		s := &d.Scales[i]
		if slices.Contains(s.Items, code) {
			forget(s)
		}
		s.Items = without(s.Items, code)
		s.Reversed = without(s.Reversed, code)
		s.MinAnswered = min(s.MinAnswered, max(1, len(s.Items)))
	}
	for _, t := range d.Translations {
		delete(t.Items, code)
	}
	for i := range d.Vectors {
		delete(d.Vectors[i].Answers, code)
	}
	dropUnusedSets(d)
	return nil
}

func without(list []string, one string) []string {
	return slices.DeleteFunc(list, func(s string) bool { return s == one })
}

// dropUnusedSets takes out lists of answers that no item shares.
func dropUnusedSets(d *instrument.Definition) {
	for _, name := range slices.Sorted(maps.Keys(d.Sets)) {
		if slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.Set == name }) {
			continue
		}
		delete(d.Sets, name)
		for _, t := range d.Translations {
			delete(t.Sets, name)
		}
	}
}

// Trim is a text as it is kept: no space at its ends, line breaks of one kind.
func Trim(text string) string { return strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n")) }
