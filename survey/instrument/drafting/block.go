package drafting

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// AddBlock takes over a whole questionnaire, on pages of its own behind the last: its
// items, answers, scales, worked examples that stand alone, and its words in the
// languages that the draft has. Its key, scoring and terms stay as they are. An item
// or a scale that is there already is refused.
func AddBlock(d, from *instrument.Definition) error {
	block, err := From(from)
	if err != nil {
		return err
	}
	for _, item := range block.Items {
		if taken(d, item.Code, "") {
			return refuse("from", MessageBlockTwice)
		}
	}
	for _, s := range block.Scales {
		if taken(d, s.Key, "") {
			return refuse("from", MessageBlockTwice)
		}
	}
	if len(d.Items)+len(block.Items) > maxItems || len(d.Layout)+len(block.Layout) > maxPages || len(d.Scales)+len(block.Scales) > maxScales {
		return refuse("from", MessageFull)
	}
	share(d, block)
	d.Items = append(d.Items, block.Items...)
	if block.Layout[0].Heading == "" && block.Layout[0].Intro == "" {
		block.Layout[0].Intro = block.Intro
	}
	if len(d.Layout) == 1 && len(d.Layout[0].Items) == 0 && d.Layout[0].Heading == "" && d.Layout[0].Intro == "" {
		d.Layout = nil // the empty page of a new draft
	}
	before := len(d.Layout)
	d.Layout = append(d.Layout, block.Layout...)
	for i := range block.Scales {
		if len(d.Scales) > 0 {
			block.Scales[i].Primary = false
		}
	}
	if len(d.Scales) == 0 { // the examples speak of all scales, so they hold only while there are no others
		d.Vectors = block.Vectors
	}
	d.Scales = append(d.Scales, block.Scales...)
	translate(d, block, from, before)
	d.Minutes += block.Minutes
	takeTerms(d, block)
	sortItems(d)
	return nil
}

// share puts the answers of a block among the sets of the draft, and says so of its
// items.
func share(d, block *instrument.Definition) {
	names := map[string]string{}
	put := func(wanted string, options []instrument.Option) string {
		name := wanted
		for n := 2; ; n++ {
			known, there := d.Sets[name]
			if !there || slices.Equal(known, options) {
				break
			}
			name = wanted[:min(len(wanted), longestCode-3)] + "_" + strconv.Itoa(n)
		}
		if d.Sets == nil {
			d.Sets = map[string][]instrument.Option{}
		}
		d.Sets[name] = options
		return name
	}
	for _, name := range slices.Sorted(maps.Keys(block.Sets)) {
		names[name] = put(name, block.Sets[name])
	}
	all := ""
	for i := range block.Items {
		it := &block.Items[i]
		switch {
		case it.Set != "":
			it.Set = names[it.Set]
		case len(it.Options) == 0 && (it.Type == instrument.TypeSingle || it.Type == instrument.TypeMultiple):
			if all == "" {
				all = put(block.Key, block.Options)
			}
			it.Set = all
		}
	}
	for tag, t := range block.Translations {
		sets := map[string][]string{}
		for name, labels := range t.Sets {
			sets[names[name]] = labels
		}
		if all != "" && len(t.Options) > 0 {
			sets[all] = t.Options
		}
		t.Sets = sets
		block.Translations[tag] = t
	}
}

// translate takes over the words of a block in the languages of the draft. A draft
// without languages gets those of the block.
func translate(d, block, from *instrument.Definition, before int) {
	if len(d.Translations) == 0 && before == 0 && d.Language == block.Language {
		for _, tag := range slices.Sorted(maps.Keys(block.Translations)) {
			put(d, tag, instrument.Translation{})
		}
	}
	for tag, t := range d.Translations {
		words, known := block.Translations[tag]
		if !known {
			words = instrument.Translation{}
		}
		if len(t.Pages) > 0 || len(words.Pages) > 0 || words.Intro != "" {
			pages := make([]instrument.PageTranslation, len(d.Layout))
			copy(pages, t.Pages)
			copy(pages[before:], words.Pages)
			if first := d.Layout[before]; first.Intro == from.Intro && pages[before].Intro == "" {
				pages[before].Intro = words.Intro
			}
			t.Pages = pages
		}
		if t.Items == nil {
			t.Items = map[string]instrument.ItemTranslation{}
		}
		maps.Copy(t.Items, words.Items)
		if t.Scales == nil {
			t.Scales = map[string]instrument.ScaleWords{}
		}
		maps.Copy(t.Scales, words.Scales)
		if t.Sets == nil {
			t.Sets = map[string][]string{}
		}
		for name, labels := range words.Sets {
			if len(labels) == len(d.Sets[name]) {
				t.Sets[name] = labels
			}
		}
		if words.Source != "" {
			t.Source = joined(t.Source, from.Title+": "+words.Source)
		}
		d.Translations[tag] = t
	}
}

// takeTerms says whose the block is, and lets the stricter licence stand.
func takeTerms(d, block *instrument.Definition) {
	d.Terms = joined(d.Terms, block.Title+": "+block.Terms)
	d.Citation = joined(d.Citation, block.Citation)
	for _, caution := range block.Cautions {
		d.Cautions = append(d.Cautions, block.Title+": "+caution)
	}
	if block.Licence == nil {
		return
	}
	strict := []string{"", "free", "conditional", "ask", "proprietary"}
	rank := func(l *instrument.Licence) int {
		if l == nil {
			return 0
		}
		return slices.Index(strict, l.Kind)
	}
	if d.Licence == nil {
		l := *block.Licence
		d.Licence = &l
		return
	}
	l := *d.Licence
	if rank(block.Licence) > rank(d.Licence) {
		l.Kind, l.URL = block.Licence.Kind, block.Licence.URL
	}
	l.Reference = l.Reference || block.Licence.Reference
	d.Licence = &l
}

// joined are two texts, one below the other; the second only once.
func joined(a, b string) string {
	switch {
	case a == "":
		return b
	case b == "" || strings.Contains(a, b):
		return a
	}
	return a + "\n" + b
}

// AddItems takes over single items of another questionnaire, onto a page of the
// draft, with the answers that they offer and without scales or conditions.
func AddItems(d, from *instrument.Definition, codes []string, page int) error {
	if page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	block, err := From(from)
	if err != nil {
		return err
	}
	var chosen []instrument.Item
	for _, item := range block.Items {
		if !slices.Contains(codes, item.Code) {
			continue
		}
		if taken(d, item.Code, "") {
			return refuse("from", MessageBlockTwice)
		}
		item.ShowIf, item.RequiredIf = "", ""
		chosen = append(chosen, item)
	}
	if len(chosen) == 0 {
		return refuse("from", MessageSeveral)
	}
	if len(d.Items)+len(chosen) > maxItems || len(d.Layout[page].Items)+len(chosen) > maxOnOnePage {
		return refuse("from", MessageFull)
	}
	block.Items = chosen
	dropUnusedSets(block)
	share(d, block)
	for _, item := range block.Items {
		d.Items = append(d.Items, item)
		d.Layout[page].Items = append(d.Layout[page].Items, item.Code)
		for tag, t := range d.Translations {
			words, ok := block.Translations[tag].Items[item.Code]
			if !ok {
				continue
			}
			if t.Items == nil {
				t.Items = map[string]instrument.ItemTranslation{}
			}
			t.Items[item.Code] = words
			d.Translations[tag] = t
		}
	}
	for tag, t := range d.Translations {
		for name, labels := range block.Translations[tag].Sets {
			if t.Sets == nil {
				t.Sets = map[string][]string{}
			}
			if len(labels) == len(d.Sets[name]) && t.Sets[name] == nil {
				t.Sets[name] = labels
			}
		}
		d.Translations[tag] = t
	}
	takeTerms(d, &instrument.Definition{Title: block.Title, Terms: block.Terms, Citation: block.Citation, Licence: block.Licence})
	sortItems(d)
	return nil
}
