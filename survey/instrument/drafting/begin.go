package drafting

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// codePattern is that of codes, keys and names of sets; see the definition format.
var codePattern = regexp.MustCompile(`^[a-z][a-z0-9_]{0,25}$`)

// longestCode is how long a code may be.
const longestCode = 26

// New is an empty questionnaire: a page without items, and words that say that it is
// a draft.
func New(title, language string) *instrument.Definition {
	return &instrument.Definition{
		Key: Code(title, "questionnaire"), Version: "1.0.0", Title: title, Language: language,
		Status: "own questionnaire, not validated", Minutes: 1, Items: []instrument.Item{}, Layout: []instrument.PagePlan{{Items: []string{}}},
	}
}

// From is a draft that begins as a questionnaire: a copy with its pages laid out.
func From(d *instrument.Definition) (*instrument.Definition, error) {
	data, err := d.DraftJSON()
	if err != nil {
		return nil, err
	}
	c, err := instrument.ReadDraft(data)
	if err != nil {
		return nil, err
	}
	if len(c.Layout) == 0 {
		for _, page := range c.PageList() {
			plan := instrument.PagePlan{}
			for _, item := range page.Items {
				plan.Items = append(plan.Items, item.Code)
			}
			c.Layout = append(c.Layout, plan)
		}
		c.PageSize = 0
	}
	if len(c.Layout) == 0 {
		c.Layout = []instrument.PagePlan{{}}
	}
	return c, nil
}

// Edited makes a draft that began as another questionnaire one of its own: with
// another key and title, and without what was found about the other's scales.
func Edited(d *instrument.Definition) {
	d.Status = "edited from " + d.Title + " " + d.Version + ", not validated"
	d.Title += " (edited)"
	d.Key = d.Key[:min(len(d.Key), longestCode-len("_edited"))] + "_edited"
	d.Version = "1.0.0"
	for i := range d.Scales {
		forget(&d.Scales[i])
	}
}

// forget drops what was found about a scale elsewhere: it holds for the items it was
// found with.
func forget(s *instrument.Scale) {
	s.Norms, s.Reliability, s.Changes = nil, nil, nil
}

var notInCode = regexp.MustCompile(`[^a-z0-9]+`)

// Code makes a code of words; otherwise is taken when nothing of them can be one.
func Code(words, otherwise string) string {
	code := strings.Trim(notInCode.ReplaceAllString(strings.ToLower(words), "_"), "_")
	code = strings.TrimLeft(code, "0123456789_")
	code = strings.TrimRight(code[:min(len(code), longestCode)], "_")
	if code == "" {
		return otherwise
	}
	return code
}

// NextCode is a free code for a new item: that of the last item counted up, or q_01.
func NextCode(d *instrument.Definition) string {
	stem, n := "q_", 0
	if len(d.Items) > 0 {
		last := d.Items[len(d.Items)-1].Code
		digits := len(last) - len(strings.TrimRight(last, "0123456789"))
		stem = last[:len(last)-digits]
		n, _ = strconv.Atoi(last[len(last)-digits:]) // no digits: 0
		if digits == 0 {
			stem += "_"
		}
	}
	stem = stem[:min(len(stem), longestCode-3)]
	for {
		n++
		number := strconv.Itoa(n)
		if n < 10 {
			number = "0" + number
		}
		if code := stem + number; !taken(d, code, "") {
			return code
		}
	}
}

// taken reports whether an item or a scale has a code, other than the one named.
func taken(d *instrument.Definition, code, but string) bool {
	return code != but && (slices.ContainsFunc(d.Items, func(it instrument.Item) bool { return it.Code == code }) ||
		slices.ContainsFunc(d.Scales, func(s instrument.Scale) bool { return s.Key == code }))
}
