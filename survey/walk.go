package survey

import (
	"slices"
	"strings"

	"tidemark/survey/instrument"
)

// A Walk is a questionnaire as one person is asked it now: its pages with the
// items in the person's order, and which of them the answers so far let be asked.
// Pages keep their numbers whether they are passed over or not.
type Walk struct {
	pages    []instrument.Page
	shown    map[string]bool
	required map[string]bool
	answers  instrument.Answers
}

// Walk is the way through the sheet, given its answers.
func (s Sheet) Walk() Walk {
	d := s.Definition
	w := Walk{
		pages: d.PageList(), answers: s.Answers,
		shown: d.Shown(s.Answers), required: d.Required(s.Answers),
	}
	if order := s.Order(); len(order) > 0 {
		w.arrange(order)
	}
	return w
}

// Order is the order in which the person is asked the items; nil: the
// questionnaire's own. It is what was stored with the first answer, and until
// then follows from the assessment.
func (s Sheet) Order() []string {
	if !s.Definition.RandomOrder {
		return nil
	}
	if stored := s.Assessment.ItemOrder; stored != "" {
		return strings.Split(stored, ",")
	}
	return s.Definition.Order(string(s.Assessment.ID))
}

// arrange puts the items of each page in an order. Items that it does not name
// stay behind.
func (w *Walk) arrange(order []string) {
	place := make(map[string]int, len(order))
	for i, code := range order {
		place[code] = i + 1
	}
	for i := range w.pages {
		page := slices.Clone(w.pages[i].Items)
		slices.SortStableFunc(page, func(a, b instrument.Item) int {
			return position(place, a.Code) - position(place, b.Code)
		})
		w.pages[i].Items = page
	}
}

func position(place map[string]int, code string) int {
	if n := place[code]; n > 0 {
		return n
	}
	return len(place) + 1
}

// Pages is how many pages there are, with those that are passed over.
func (w Walk) Pages() int { return len(w.pages) }

// Page are the items of a page, from 1, with those not shown now.
func (w Walk) Page(n int) []instrument.Item { return w.pages[n-1].Items }

// Heading and Intro are a page's own words; empty without.
func (w Walk) Heading(n int) string { return w.pages[n-1].Heading }

// Intro is what stands below the heading of a page.
func (w Walk) Intro(n int) string { return w.pages[n-1].Intro }

// Shown reports whether an item is asked now.
func (w Walk) Shown(code string) bool { return w.shown[code] }

// Answered reports whether an item has an answer.
func (w Walk) Answered(code string) bool { return !w.answers[code].IsZero() }

// Open reports whether a page has anything to show.
func (w Walk) Open(n int) bool {
	return n >= 1 && n <= len(w.pages) && slices.ContainsFunc(w.pages[n-1].Items, func(it instrument.Item) bool { return w.shown[it.Code] })
}

// Next is the page to show after page n; false when that is the review.
func (w Walk) Next(n int) (int, bool) {
	for n++; n <= len(w.pages); n++ {
		if w.Open(n) {
			return n, true
		}
	}
	return 0, false
}

// Back is the page to show before page n; false when there is none.
func (w Walk) Back(n int) (int, bool) {
	for n--; n >= 1; n-- {
		if w.Open(n) {
			return n, true
		}
	}
	return 0, false
}

// Resume is the first page with a question that is not answered; false when all
// are.
func (w Walk) Resume() (int, bool) {
	for i, page := range w.pages {
		for _, it := range page.Items {
			if w.asks(it) && !w.Answered(it.Code) {
				return i + 1, true
			}
		}
	}
	return 0, false
}

// Progress is how many of the questions asked now have an answer.
func (w Walk) Progress() (answered, total int) {
	for _, page := range w.pages {
		for _, it := range page.Items {
			if !w.asks(it) {
				continue
			}
			total++
			if w.Answered(it.Code) {
				answered++
			}
		}
	}
	return answered, total
}

// Lacking are the questions of page n that must be answered and are not; those of
// all pages for 0.
func (w Walk) Lacking(n int) []string {
	var lacking []string
	for i, page := range w.pages {
		if n != 0 && n != i+1 {
			continue
		}
		for _, it := range page.Items {
			if w.asks(it) && w.required[it.Code] && !w.Answered(it.Code) {
				lacking = append(lacking, it.Code)
			}
		}
	}
	return lacking
}

// Required reports whether a question must be answered, given the answers so far.
func (w Walk) Required(code string) bool { return w.required[code] }

func (w Walk) asks(it instrument.Item) bool { return it.Type.Asked() && w.shown[it.Code] }

// Branches reports whether what is asked depends on the answers.
func Branches(d *instrument.Definition) bool {
	return slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.ShowIf != "" || it.RequiredIf != "" }) ||
		slices.ContainsFunc(d.Layout, func(p instrument.PagePlan) bool { return p.ShowIf != "" })
}
