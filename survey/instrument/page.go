package instrument

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// A PagePlan is one page of a questionnaire.
type PagePlan struct {
	Heading string   `json:"heading,omitempty"`
	Intro   string   `json:"intro,omitempty"`
	Items   []string `json:"items"`
	// ShowIf is a condition on earlier pages; when it does not hold the page is
	// passed over. Empty: always shown.
	ShowIf string `json:"show_if,omitempty"`
	// HeadingLang and IntroLang are the languages of these texts where those are not
	// the definition's; In sets them.
	HeadingLang string `json:"-"`
	IntroLang   string `json:"-"`
}

// A Page is one page with its items, as it is laid out.
type Page struct {
	// Heading and Intro are the page's own; empty: those of the definition serve.
	Heading, Intro string
	Items          []Item
	// HeadingLang and IntroLang are their languages where those are not the
	// definition's.
	HeadingLang, IntroLang string
	// ShowIf is the page's condition, for those who look at a questionnaire; Shown
	// has it worked out.
	ShowIf string
}

// PageList is the pages in order: those of the layout, or else pages of PageSize.
func (d *Definition) PageList() []Page {
	if len(d.Layout) > 0 {
		return d.laidOut()
	}
	if d.PageSize < 1 {
		return []Page{{Items: d.Items}}
	}
	pages := make([]Page, 0, (len(d.Items)+d.PageSize-1)/d.PageSize)
	for items := range slices.Chunk(d.Items, d.PageSize) {
		pages = append(pages, Page{Items: items})
	}
	return pages
}

func (d *Definition) laidOut() []Page {
	pages := make([]Page, len(d.Layout))
	for i, plan := range d.Layout {
		pages[i] = Page{Heading: plan.Heading, Intro: plan.Intro, HeadingLang: plan.HeadingLang, IntroLang: plan.IntroLang, ShowIf: plan.ShowIf, Items: make([]Item, 0, len(plan.Items))}
		for _, code := range plan.Items {
			if item, known := d.Item(code); known {
				pages[i].Items = append(pages[i].Items, item)
			}
		}
	}
	return pages
}

// Pages are the items of each page, in order.
func (d *Definition) Pages() [][]Item {
	list := d.PageList()
	pages := make([][]Item, len(list))
	for i, page := range list {
		pages[i] = page.Items
	}
	return pages
}

// Order is the codes of the items in the order in which they are asked of one
// person. With RandomOrder, the items of each page change places among themselves
// by a shuffle that seed alone decides, such as the assessment's identifier; those
// marked Fixed and those only read stay where they are. Without it, the order is
// that of the pages.
//
// The shuffle is that of Fisher and Yates: for i from the last movable place to the
// second, the places i and j change, where j is the upper 64 bits of the product of
// i + 1 and the next draw. The draws are 64 bits each from PCG-DXSM, seeded with the
// first 16 bytes of SHA-256 of the seed (two big-endian numbers), one stream through
// all pages. This does not change, so that an order can be computed again.
func (d *Definition) Order(seed string) []string {
	order := make([]string, 0, len(d.Items))
	var draws *rand.Rand
	if d.RandomOrder {
		sum := sha256.Sum256([]byte(seed))
		draws = rand.New(rand.NewPCG(binary.BigEndian.Uint64(sum[:8]), binary.BigEndian.Uint64(sum[8:16]))) //nolint:gosec // an order, not a secret
	}
	for _, items := range d.Pages() {
		first := len(order)
		var movable []int
		for i, item := range items {
			order = append(order, item.Code)
			if !item.Fixed && item.Type.Asked() {
				movable = append(movable, first+i)
			}
		}
		for i := len(movable) - 1; i > 0 && draws != nil; i-- {
			j, _ := bits.Mul64(draws.Uint64(), uint64(i+1))
			order[movable[i]], order[movable[j]] = order[movable[j]], order[movable[i]]
		}
	}
	return order
}
