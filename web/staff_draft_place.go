package web

import (
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// draftWay is where a part of a draft is edited.
type draftWay struct {
	Page  string // behind the draft's address, such as "item/sc_01"; empty: the outline
	Field string // on the page
	Name  string // for people
}

// link is the address of the field.
func (w draftWay) link(base string) string {
	at := base
	if w.Page != "" {
		at += "/" + w.Page
	}
	if w.Field != "" {
		at += "#" + w.Field
	}
	return at
}

// forAll stands for the answers of all items in addresses; names of lists begin with a
// letter.
const forAll = "_all"

var placePattern = regexp.MustCompile(`^(items|pages|scales|vectors)\[([0-9]+)\]\.?(.*)$`)

// fieldNames say what a field is, where its fault is told away from it.
var fieldNames = map[string]string{
	"text": "text", "note": "note", "code": "code", "type": "type", "options": "answers", "min": "range", "max": "range", "step": "range",
	"unit": "unit", "low_label": "low end", "high_label": "high end", "max_length": "length", "show_if": "when it is shown",
	"required_if": "when it is needed", "risk_above": "answers to act on", "heading": "heading", "intro": "instruction", "items": "items",
	"key": "key", "name": "name", "label": "short name", "method": "method", "min_answered": "how many answers", "factor": "factor",
	"lookup": "table", "parts": "its scales", "parent": "part of", "direction": "direction", "bands": "ranges", "bands_warning": "warning of the ranges",
	"title": "title", "version": "version", "language": "language", "status": "how far it can be trusted", "terms": "terms of use",
	"citation": "citation", "minutes": "minutes", "purpose": "purpose", "licence_kind": "licence", "licence_url": "licence", "cautions": "cautions",
}

// draftPlace finds where the place of a fault is edited.
func draftPlace(d *instrument.Definition, place string) draftWay {
	way := partPlace(d, place)
	if name, known := fieldNames[way.Field]; known && way.Page != "" {
		if way.Page == "about" {
			way.Name = sentenceCase(name)
		} else {
			way.Name += ", " + name
		}
	}
	return way
}

// partPlace finds the part of the draft that a place is in, and its field.
func partPlace(d *instrument.Definition, place string) draftWay {
	if m := placePattern.FindStringSubmatch(place); m != nil {
		i, _ := strconv.Atoi(m[2])
		return listPlace(d, m[1], i, m[3])
	}
	first, rest, _ := strings.Cut(place, ".")
	switch {
	case first == "translations":
		tag, rest, _ := strings.Cut(rest, ".")
		return draftWay{"language/" + tag, translationField(rest), "Language " + tag}
	case first == "sets":
		name, _, _ := strings.Cut(rest, ".")
		name, _, _ = strings.Cut(name, "[")
		return draftWay{"answers/" + name, "options", "Answers “" + name + "”"}
	case first == "options" || strings.HasPrefix(first, "options["):
		return draftWay{"answers/" + forAll, "options", "Answers of all items"}
	case first == "items" || first == "pages":
		return draftWay{"", "pages", "Items"}
	case first == "scales":
		return draftWay{"", "scales", "Scales"}
	case first == "licence":
		return draftWay{"about", "licence_" + rest, "About it"}
	case strings.HasPrefix(first, "cautions"):
		return draftWay{"about", "cautions", "About it"}
	case first == "page_size":
		return draftWay{"", "pages", "Pages"}
	}
	return draftWay{"about", first, "About it"}
}

// listPlace finds where the place within one of a list is edited.
func listPlace(d *instrument.Definition, list string, i int, rest string) draftWay {
	field, _, _ := strings.Cut(rest, "[")
	switch list {
	case "items":
		if i < len(d.Items) {
			return draftWay{"item/" + d.Items[i].Code, itemField(rest), "Item " + d.Items[i].Code}
		}
	case "pages":
		return draftWay{"page/" + strconv.Itoa(i+1), field, "Page " + strconv.Itoa(i+1)}
	case "scales":
		if i < len(d.Scales) {
			return draftWay{"scale/" + d.Scales[i].Key, scaleField(field), "Scale " + d.Scales[i].Key}
		}
	case "vectors":
		field = strings.NewReplacer("answers.", "answer_", "expected.", "expect_").Replace(rest)
		return draftWay{"example/" + strconv.Itoa(i+1), field, "Worked example " + strconv.Itoa(i+1)}
	}
	return draftWay{}
}

// itemField is the field of an item's page for a place within the item.
func itemField(place string) string {
	first, rest, _ := strings.Cut(place, ".")
	first, _, _ = strings.Cut(first, "[")
	switch first {
	case "range":
		if rest == "" {
			return "min"
		}
		return rest
	case "risk":
		return "risk_above"
	case "set":
		return "options"
	}
	return first
}

func scaleField(field string) string {
	switch field {
	case "reversed":
		return "items"
	case "primary":
		return "key"
	}
	return field
}

// translationField is the field of a language's page for a place within the
// translation.
func translationField(place string) string {
	return strings.NewReplacer("[", "-", "]", "", ".", "-").Replace(place)
}

// sortedSets are the names of the lists of answers, in order.
func sortedSets(d *instrument.Definition) []string { return slices.Sorted(maps.Keys(d.Sets)) }
