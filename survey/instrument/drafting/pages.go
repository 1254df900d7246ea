package drafting

import (
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

const (
	maxPages     = 100
	maxItems     = 300
	maxOnOnePage = 50
)

// AddPage puts an empty page behind the last.
func AddPage(d *instrument.Definition) error {
	if len(d.Layout) >= maxPages {
		return refuse("", MessageFull)
	}
	d.Layout = append(d.Layout, instrument.PagePlan{})
	eachPages(d, func(pages []instrument.PageTranslation) []instrument.PageTranslation {
		return append(pages, instrument.PageTranslation{})
	})
	return nil
}

// RemovePage takes a page out; its items go to the page before, or to the one behind
// the first. Pages count from 0.
func RemovePage(d *instrument.Definition, page int) error {
	if page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	if len(d.Layout) == 1 {
		return refuse("", MessageLast)
	}
	items := d.Layout[page].Items
	if page > 0 {
		d.Layout[page-1].Items = append(d.Layout[page-1].Items, items...)
	} else {
		d.Layout[1].Items = append(slices.Clone(items), d.Layout[1].Items...)
	}
	d.Layout = slices.Delete(d.Layout, page, page+1)
	eachPages(d, func(pages []instrument.PageTranslation) []instrument.PageTranslation {
		return slices.Delete(pages, page, page+1)
	})
	return nil
}

// MovePage moves a page by so many places; beyond the ends it stays there.
func MovePage(d *instrument.Definition, page, by int) error {
	if page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	to := min(max(page+by, 0), len(d.Layout)-1)
	d.Layout = moved(d.Layout, page, to)
	eachPages(d, func(pages []instrument.PageTranslation) []instrument.PageTranslation { return moved(pages, page, to) })
	sortItems(d)
	return nil
}

// SetPage gives a page its words and its condition.
func SetPage(d *instrument.Definition, page int, heading, intro, showIf string) error {
	if page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	p := &d.Layout[page]
	p.Heading, p.Intro, p.ShowIf = strings.TrimSpace(heading), strings.TrimSpace(intro), strings.TrimSpace(showIf)
	eachPages(d, func(pages []instrument.PageTranslation) []instrument.PageTranslation {
		if p.Heading == "" {
			pages[page].Heading = ""
		}
		if p.Intro == "" {
			pages[page].Intro = ""
		}
		return pages
	})
	return nil
}

// eachPages changes the translated words of pages, which stand in the order of the
// pages.
func eachPages(d *instrument.Definition, change func([]instrument.PageTranslation) []instrument.PageTranslation) {
	for tag, t := range d.Translations {
		if len(t.Pages) > 0 {
			t.Pages = change(t.Pages)
			d.Translations[tag] = t
		}
	}
}

func moved[T any](list []T, from, to int) []T {
	one := list[from]
	return slices.Insert(slices.Delete(slices.Clone(list), from, from+1), to, one)
}

// place finds an item among the pages.
func place(d *instrument.Definition, code string) (page, at int, ok bool) {
	for i, p := range d.Layout {
		if j := slices.Index(p.Items, code); j >= 0 {
			return i, j, true
		}
	}
	return 0, 0, false
}

// MoveItem moves an item by so many places; over the end of a page it goes on to the
// next.
func MoveItem(d *instrument.Definition, code string, by int) error {
	page, at, ok := place(d, code)
	if !ok {
		return ErrGone
	}
	for ; by < 0; by++ {
		switch {
		case at > 0:
			items := d.Layout[page].Items
			items[at-1], items[at] = items[at], items[at-1]
			at--
		case page > 0:
			if err := ItemTo(d, code, page-1, len(d.Layout[page-1].Items)); err != nil {
				return err
			}
			page, at, _ = place(d, code)
		}
	}
	for ; by > 0; by-- {
		items := d.Layout[page].Items
		switch {
		case at < len(items)-1:
			items[at+1], items[at] = items[at], items[at+1]
			at++
		case page < len(d.Layout)-1:
			if err := ItemTo(d, code, page+1, 0); err != nil {
				return err
			}
			page, at = page+1, 0
		}
	}
	sortItems(d)
	return nil
}

// ItemTo puts an item on a page, at a place counted from 0; beyond the end it stands
// last.
func ItemTo(d *instrument.Definition, code string, page, at int) error {
	from, i, ok := place(d, code)
	if !ok || page < 0 || page >= len(d.Layout) {
		return ErrGone
	}
	if from != page && len(d.Layout[page].Items) >= maxOnOnePage {
		return refuse("", MessageFull)
	}
	d.Layout[from].Items = slices.Delete(d.Layout[from].Items, i, i+1)
	to := d.Layout[page].Items
	d.Layout[page].Items = slices.Insert(to, min(max(at, 0), len(to)), code)
	sortItems(d)
	return nil
}

// sortItems puts the items in the order of the pages, which is that of data files.
func sortItems(d *instrument.Definition) {
	order := map[string]int{}
	for _, p := range d.Layout {
		for _, code := range p.Items {
			order[code] = len(order)
		}
	}
	slices.SortStableFunc(d.Items, func(a, b instrument.Item) int { return order[a.Code] - order[b.Code] })
}
