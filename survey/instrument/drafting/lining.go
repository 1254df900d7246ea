package drafting

import (
	"fmt"
	"maps"
	"slices"

	"tidemark/survey/instrument"
)

// lining walks through all texts of a draft and their translations, and changes those
// that are given.
type lining struct {
	d     *instrument.Definition
	t     *instrument.Translation
	given map[string]string // by place; nil: nothing is changed
	all   []Line
}

// text is one text; its words are where the pointer says.
func (l *lining) text(place, what, original string, words *string, optional bool) {
	if original == "" {
		*words = ""
		return
	}
	if to, ok := l.given[place]; ok {
		*words = Trim(to)
	}
	l.all = append(l.all, Line{place, what, original, *words, optional})
}

// labels are the translated labels of options: all of them, or none.
func (l *lining) labels(place, what string, options []instrument.Option, labels []string) []string {
	if len(options) == 0 {
		return nil
	}
	out := make([]string, len(options))
	if len(labels) == len(options) {
		copy(out, labels)
	}
	for i, o := range options {
		l.text(fmt.Sprintf("%s[%d]", place, i), what+", "+Show(o.Value), o.Label, &out[i], false)
	}
	if !slices.ContainsFunc(out, func(s string) bool { return s != "" }) {
		return nil
	}
	return out
}

func (l *lining) lines() []Line {
	d, t := l.d, l.t
	l.text("title", "Title, for researchers", d.Title, &t.Title, true)
	l.text("heading", "Heading", d.Heading, &t.Heading, false)
	l.text("intro", "Instruction", d.Intro, &t.Intro, false)
	t.Options = l.labels("options", "Answer of all items", d.Options, t.Options)
	sets := map[string][]string{}
	for _, name := range slices.Sorted(maps.Keys(d.Sets)) {
		if labels := l.labels("sets."+name, "Answer of "+name, d.Sets[name], t.Sets[name]); labels != nil {
			sets[name] = labels
		}
	}
	t.Sets = orNil(sets)
	l.pages()
	t.Scales = orNil(l.scales())
	if to, ok := l.given["source"]; ok {
		t.Source = Trim(to)
	}
	return l.all
}

func orNil[M ~map[K]V, K comparable, V any](m M) M {
	if len(m) == 0 {
		return nil
	}
	return m
}

// pages are the texts of pages with those of their items.
func (l *lining) pages() {
	pages := make([]instrument.PageTranslation, len(l.d.Layout))
	if len(l.t.Pages) == len(pages) {
		copy(pages, l.t.Pages)
	}
	items := map[string]instrument.ItemTranslation{}
	for i, p := range l.d.Layout {
		l.text(fmt.Sprintf("pages[%d].heading", i), fmt.Sprintf("Page %d, heading", i+1), p.Heading, &pages[i].Heading, false)
		l.text(fmt.Sprintf("pages[%d].intro", i), fmt.Sprintf("Page %d, words above the items", i+1), p.Intro, &pages[i].Intro, false)
		for _, code := range p.Items {
			if item, ok := l.d.Item(code); ok {
				items[code] = l.item(item)
			}
		}
	}
	if slices.ContainsFunc(pages, func(p instrument.PageTranslation) bool { return p != instrument.PageTranslation{} }) {
		l.t.Pages = pages
	} else {
		l.t.Pages = nil
	}
	maps.DeleteFunc(items, func(_ string, w instrument.ItemTranslation) bool {
		return w.Text+w.Note+w.Unit+w.LowLabel+w.HighLabel == "" && len(w.Options) == 0
	})
	l.t.Items = orNil(items)
}

func (l *lining) item(item instrument.Item) instrument.ItemTranslation {
	w := l.t.Items[item.Code]
	place := "items." + item.Code
	l.text(place+".text", item.Code, item.Text, &w.Text, false)
	l.text(place+".note", item.Code+", note", item.Note, &w.Note, false)
	r := instrument.Range{}
	if item.Range != nil {
		r = *item.Range
	}
	l.text(place+".unit", item.Code+", unit", r.Unit, &w.Unit, false)
	l.text(place+".low_label", item.Code+", low end", r.LowLabel, &w.LowLabel, false)
	l.text(place+".high_label", item.Code+", high end", r.HighLabel, &w.HighLabel, false)
	if len(item.Options) > 0 {
		w.Options = l.labels(place+".options", item.Code+", answer", item.Options, w.Options)
	}
	return w
}

func (l *lining) scales() map[string]instrument.ScaleWords {
	all := map[string]instrument.ScaleWords{}
	for _, s := range l.d.Scales {
		w := l.t.Scales[s.Key]
		place := "scales." + s.Key
		l.text(place+".name", s.Key+", name", s.Name, &w.Name, true)
		l.text(place+".label", s.Key+", short name", s.Label, &w.Label, true)
		bands := make([]string, len(s.Bands))
		copy(bands, w.Bands)
		for i, b := range s.Bands {
			l.text(fmt.Sprintf("%s.bands[%d]", place, i), s.Key+", range", b.Label, &bands[i], true)
		}
		w.Bands = nil
		if slices.ContainsFunc(bands, func(b string) bool { return b != "" }) {
			w.Bands = bands
		}
		l.text(place+".bands_warning", s.Key+", warning", s.BandsWarning, &w.BandsWarning, true)
		if w.Name+w.Label+w.BandsWarning != "" || w.Bands != nil {
			all[s.Key] = w
		}
	}
	return all
}
