package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/drafting"
)

// draftScalePage is the form of a scale.
type draftScalePage struct {
	draftPage
	Key   string // as it is kept; empty: a new one
	Lines []scaleItem
	// Others are the scales that it can be part of, or made of.
	Others []instrument.Scale
}

// scaleItem is an item that a scale can count.
type scaleItem struct {
	instrument.Item
	Counts, Turned bool
}

func scalePart() draftPart {
	key := func(c *gin.Context) string {
		if c.Param("scale") == newPart {
			return ""
		}
		return c.Param("scale")
	}
	return draftPart{
		title: "Scale", template: "staff_draft_scale",
		within: func(c *gin.Context) (string, string) { return "scale/" + c.Param("scale"), "scales" },
		values: func(c *gin.Context, d *instrument.Definition) (url.Values, error) {
			if key(c) == "" {
				return newScaleValues(d), nil
			}
			s, known := d.Scale(key(c))
			if !known {
				return nil, survey.ErrNotFound
			}
			return scaleValues(s), nil
		},
		page: func(c *gin.Context, p draftPage) any {
			page := draftScalePage{draftPage: p, Key: key(c)}
			for _, item := range p.D().Items {
				if item.Type.Numeric() {
					page.Lines = append(page.Lines, scaleItem{item, p.Form.Is("items", item.Code), p.Form.Is("reversed", item.Code)})
				}
			}
			for _, s := range p.D().Scales {
				if s.Key != page.Key {
					page.Others = append(page.Others, s)
				}
			}
			return page
		},
		edit: func(c *gin.Context, values url.Values) (string, func(*instrument.Definition) error) {
			k := key(c)
			return "changed the scale " + strings.TrimSpace(values.Get("key")), func(d *instrument.Definition) error {
				s, known := d.Scale(k)
				if k != "" && !known {
					return drafting.ErrGone
				}
				s, err := readScale(d, s, values)
				if err != nil {
					return err
				}
				return drafting.PutScale(d, k, s)
			}
		},
		saved: func(values url.Values) string { return "scale/" + strings.TrimSpace(values.Get("key")) },
	}
}

func newScaleValues(d *instrument.Definition) url.Values {
	stem := d.Key
	if len(d.Items) > 0 {
		stem, _, _ = strings.Cut(d.Items[0].Code, "_")
	}
	return url.Values{
		"key": {drafting.Code(stem+"_total", "total")}, "name": {d.Title}, "label": {shortened(d.Title, 24)},
		"method": {string(instrument.MethodMean)}, "direction": {string(instrument.HigherBetter)},
	}
}

func scaleValues(s instrument.Scale) url.Values {
	v := url.Values{
		"key": {s.Key}, "name": {s.Name}, "label": {s.Label}, "method": {string(s.Method)}, "direction": {string(s.Direction)},
		"items": s.Items, "reversed": s.Reversed, "parts": s.Parts, "parent": {s.Parent},
		"min_answered": {strconv.Itoa(s.MinAnswered)}, "bands": {drafting.WriteBands(s.Bands)}, "bands_warning": {s.BandsWarning},
		"lookup": {drafting.WriteLookup(s.Lookup)},
	}
	if s.Factor != 0 {
		v.Set("factor", drafting.Show(s.Factor))
	}
	if s.Primary {
		v.Set("primary", "1")
	}
	return v
}

// readScale is a scale with what a form says of it.
func readScale(d *instrument.Definition, s instrument.Scale, values url.Values) (instrument.Scale, error) {
	text := func(name string) string { return drafting.Trim(values.Get(name)) }
	s.Key, s.Name, s.Label = text("key"), text("name"), text("label")
	s.Method, s.Direction = instrument.Method(values.Get("method")), instrument.Direction(values.Get("direction"))
	s.Items, s.Reversed = nil, nil
	for _, item := range d.Items { // in the order of the questionnaire
		if slices.Contains(values["items"], item.Code) {
			s.Items = append(s.Items, item.Code)
			if slices.Contains(values["reversed"], item.Code) {
				s.Reversed = append(s.Reversed, item.Code)
			}
		}
	}
	s.Parts, s.Parent = nil, text("parent")
	if s.Method == instrument.MethodMeanOfScales {
		s.Parts = values["parts"]
	}
	s.Primary = s.Primary || values.Get("primary") == "1"
	var err error
	if s.MinAnswered, err = numberGiven(values, "min_answered"); err != nil {
		return s, err
	}
	if text("min_answered") == "" {
		s.MinAnswered = max(1, len(s.Items))
	}
	s.Factor = 0
	if text("factor") != "" {
		if s.Factor, err = drafting.Number(values.Get("factor")); err != nil {
			return s, &drafting.Refusal{Field: "factor", Message: drafting.MessageNumber}
		}
	}
	if s.Lookup, err = drafting.ReadLookup(values.Get("lookup")); err != nil {
		return s, err
	}
	s.BandsWarning = text("bands_warning")
	s.Bands, err = drafting.ReadBands(values.Get("bands"))
	return s, err
}
