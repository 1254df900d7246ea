package instrument

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
)

// A scaleKey is everything that decides the score of a scale, in one form.
type scaleKey struct {
	Scale       string       `json:"scale"`
	Items       []itemKey    `json:"items"`
	Method      Method       `json:"method"`
	MinAnswered int          `json:"min_answered"`
	Parts       []partKey    `json:"parts,omitempty"`
	Factor      float64      `json:"factor,omitempty"`
	Lookup      []LookupStep `json:"lookup,omitempty"`
}

// An itemKey is what of an item decides a score: the numbers that it can be
// answered with, and when it is asked, for an answer to a hidden item does not
// count.
type itemKey struct {
	Code     string    `json:"code"`
	Reversed bool      `json:"reversed,omitempty"`
	Values   []float64 `json:"values,omitempty"`
	Range    []float64 `json:"range,omitempty"` // least, greatest, step
	ShowIf   []string  `json:"show_if,omitempty"`
}

type partKey struct {
	Items       []string `json:"items"`
	MinAnswered int      `json:"min_answered"`
}

// ScoringHash is a hash over everything that affects scores, and nothing else. Two
// versions with equal hashes give the same answers the same scores, whatever their
// wording; the order of items and options, names and directions do not count.
func (d *Definition) ScoringHash() string {
	keys := make([]scaleKey, 0, len(d.Scales))
	for _, scale := range d.Scales {
		keys = append(keys, d.scaleKey(scale))
	}
	slices.SortFunc(keys, func(a, b scaleKey) int { return strings.Compare(a.Scale, b.Scale) })
	return hashOf(keys)
}

// ScaleHash is the ScoringHash of one scale; empty for an unknown one.
func (d *Definition) ScaleHash(key string) string {
	scale, known := d.Scale(key)
	if !known {
		return ""
	}
	return hashOf(d.scaleKey(scale))
}

func hashOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil { // numbers that are not finite, which Parse never returns
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

func (d *Definition) scaleKey(scale Scale) scaleKey {
	k := scaleKey{
		Scale: scale.Key, Method: scale.Method, MinAnswered: scale.MinAnswered, Factor: scale.Factor, Lookup: scale.Lookup,
		Items: make([]itemKey, 0, len(scale.Items)),
	}
	for _, code := range scale.Items {
		k.Items = append(k.Items, d.itemKey(scale, code))
	}
	slices.SortFunc(k.Items, func(a, b itemKey) int { return strings.Compare(a.Code, b.Code) })
	for _, key := range scale.Parts {
		part, _ := d.Scale(key)
		k.Parts = append(k.Parts, partKey{slices.Sorted(slices.Values(part.Items)), part.MinAnswered})
	}
	slices.SortFunc(k.Parts, func(a, b partKey) int { return slices.Compare(a.Items, b.Items) })
	return k
}

func (d *Definition) itemKey(scale Scale, code string) itemKey {
	k := itemKey{Code: code, Reversed: slices.Contains(scale.Reversed, code)}
	item := d.item(code)
	if item == nil {
		return k
	}
	switch {
	case item.Type.Chosen():
		for _, option := range d.optionsOf(item) {
			k.Values = append(k.Values, option.Value)
		}
		slices.Sort(k.Values)
	case item.Range != nil:
		k.Range = []float64{item.Range.Min, item.Range.Max, item.Range.Step}
	}
	for _, page := range d.Layout {
		if page.ShowIf != "" && slices.Contains(page.Items, code) {
			k.ShowIf = append(k.ShowIf, page.ShowIf)
		}
	}
	if item.ShowIf != "" {
		k.ShowIf = append(k.ShowIf, item.ShowIf)
	}
	return k
}
