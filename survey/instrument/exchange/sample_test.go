package exchange_test

import (
	"slices"
	"strings"
	"testing"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// sample is a questionnaire of ours with everything that can be carried over.
const sample = `{
	"key": "evening", "version": "2.1.0", "title": "Evening", "heading": "Your evening", "intro": "A few questions about today.",
	"language": "en", "status": "draft", "terms": "free to use", "citation": "none", "minutes": 2, "page_size": 5,
	"sets": {"often": [{"value": 0, "label": "Not once"}, {"value": 1, "label": "Now and then"}, {"value": 2, "label": "Much of the day"}]},
	"items": [
		{"code": "ev_calm", "text": "Today I was calm.", "set": "often"},
		{"code": "ev_rush", "text": "Today I was in a rush.", "set": "often", "note": "Think of the whole day."},
		{"code": "ev_who", "type": "multiple", "text": "Who did you meet?", "options": [{"value": 1, "label": "Friends"}, {"value": 2, "label": "Family"}, {"value": 9, "label": "Nobody"}]},
		{"code": "ev_far", "type": "number", "text": "How far did you walk?", "range": {"min": 0, "max": 50, "step": 1}, "show_if": "ev_calm == 2 and not (selected(ev_who, 9))"},
		{"code": "ev_mood", "type": "slider", "text": "Your mood now", "range": {"min": 0, "max": 100, "step": 1, "low_label": "low", "high_label": "high"}},
		{"code": "ev_walk", "type": "yes_no", "text": "Were you outside?", "required_if": "true"},
		{"code": "ev_word", "type": "text", "text": "A word for the day", "show_if": "answered(ev_far) or ev_walk == 1"},
		{"code": "ev_more", "type": "long_text", "text": "Anything else?"},
		{"code": "ev_day", "type": "date", "text": "Which day was it?"},
		{"code": "ev_bye", "type": "information", "text": "Good night."}
	],
	"pages": [
		{"heading": "Today", "items": ["ev_calm", "ev_rush", "ev_who"]},
		{"heading": "Outside", "items": ["ev_far", "ev_mood", "ev_walk", "ev_word"]},
		{"heading": "The end", "items": ["ev_more", "ev_day", "ev_bye"]}
	],
	"scales": [
		{"key": "ev_total", "name": "Calm", "label": "Calm", "items": ["ev_calm", "ev_rush"], "reversed": ["ev_rush"], "method": "mean", "min_answered": 2, "direction": "neutral", "primary": true},
		{"key": "ev_sum", "name": "Calm, sum", "label": "Calm, sum", "items": ["ev_calm", "ev_rush"], "reversed": ["ev_rush"], "method": "sum", "min_answered": 1, "direction": "neutral"}
	]
}`

func parse(t *testing.T, source string) *instrument.Definition {
	t.Helper()
	d, err := instrument.Parse([]byte(source))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// asked is what must survive a journey: the questions, the answers offered to each,
// pages, conditions, scoring.
type asked struct {
	Items  []instrument.Item
	Layout []instrument.PagePlan
	Scales []instrument.Scale
}

// essence spells every item's options out, wherever they are kept.
func essence(d *instrument.Definition) asked {
	a := asked{Items: slices.Clone(d.Items), Layout: d.Layout, Scales: d.Scales}
	for i, it := range a.Items {
		options, _ := d.ItemOptions(it.Code)
		if it.Type == instrument.TypeYesNo {
			options = nil
		}
		a.Items[i].Options, a.Items[i].Set = options, ""
		if len(options) == 0 {
			a.Items[i].Options = nil
		}
	}
	return a
}

// told reports whether one of the losses says so.
func told(losses []exchange.Loss, text string) bool {
	return slices.ContainsFunc(losses, func(l exchange.Loss) bool { return strings.Contains(l.String(), text) })
}
