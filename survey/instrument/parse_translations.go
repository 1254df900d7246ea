package instrument

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

const maxTranslations = 100

// translations checks that each translation is one of what is there.
func (c *checker) translations() {
	seen := map[string]bool{strings.ToLower(c.d.Language): true}
	for _, tag := range slices.Sorted(maps.Keys(c.d.Translations)) {
		place := "translations." + tag
		if !languagePattern.MatchString(tag) {
			c.faults.Add(place, "%q must be a language tag such as de", tag)
		}
		if seen[strings.ToLower(tag)] {
			c.faults.Add(place, "is the definition's own language, or is given twice")
		}
		seen[strings.ToLower(tag)] = true
		c.translation(place, c.d.Translations[tag])
	}
}

// translates checks a translated text: it must have an original.
func (c *checker) translates(place, original, translated string) {
	switch {
	case translated == "":
	case original == "":
		c.faults.Add(place, "translates a text that is not there")
	default:
		c.text(place, translated)
	}
}

// labels checks translated labels, of which there must be as many as options.
func (c *checker) labels(place string, options []Option, labels []string) {
	if len(labels) == 0 {
		return
	}
	if len(labels) != len(options) {
		c.faults.Add(place, "has %d labels for %d options", len(labels), len(options))
		return
	}
	for i, label := range labels {
		here := fmt.Sprintf("%s[%d]", place, i)
		c.text(here, label)
		if slices.Index(labels, label) < i {
			c.faults.Add(here, "%q is used twice", label)
		}
	}
}

func (c *checker) translation(place string, t Translation) {
	c.translates(place+".title", c.d.Title, t.Title)
	c.translates(place+".heading", c.d.Heading, t.Heading)
	c.translates(place+".intro", c.d.Intro, t.Intro)
	c.mayText(place+".source", t.Source)
	c.labels(place+".options", c.d.Options, t.Options)
	if len(t.Pages) > 0 && len(t.Pages) != len(c.d.Layout) {
		c.faults.Add(place+".pages", "has %d pages, the definition %d", len(t.Pages), len(c.d.Layout))
	} else {
		for i, page := range t.Pages {
			here := fmt.Sprintf("%s.pages[%d]", place, i)
			c.translates(here+".heading", c.d.Layout[i].Heading, page.Heading)
			c.translates(here+".intro", c.d.Layout[i].Intro, page.Intro)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.Sets)) {
		if options, known := c.d.Sets[name]; known {
			c.labels(place+".sets."+name, options, t.Sets[name])
		} else {
			c.faults.Add(place+".sets."+name, "is not among the sets")
		}
	}
	for _, code := range slices.Sorted(maps.Keys(t.Items)) {
		if item := c.d.item(code); item != nil {
			c.itemWords(place+".items."+code, item, t.Items[code])
		} else {
			c.faults.Add(place+".items."+code, "is not an item")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(t.Scales)) {
		if scale, known := c.d.Scale(key); known {
			c.scaleWords(place+".scales."+key, scale, t.Scales[key])
		} else {
			c.faults.Add(place+".scales."+key, "is not a scale")
		}
	}
}

func (c *checker) itemWords(place string, item *Item, words ItemTranslation) {
	c.translates(place+".text", item.Text, words.Text)
	c.translates(place+".note", item.Note, words.Note)
	r := Range{}
	if item.Range != nil {
		r = *item.Range
	}
	c.translates(place+".unit", r.Unit, words.Unit)
	c.translates(place+".low_label", r.LowLabel, words.LowLabel)
	c.translates(place+".high_label", r.HighLabel, words.HighLabel)
	options := item.Options
	if len(options) == 0 && item.Type == TypeYesNo && item.Set == "" {
		options = yesNo(c.d.Language)
	}
	if len(options) == 0 && len(words.Options) > 0 {
		c.faults.Add(place+".options", "are labels for an item without options of its own")
		return
	}
	c.labels(place+".options", options, words.Options)
}

func (c *checker) scaleWords(place string, scale Scale, words ScaleWords) {
	c.translates(place+".name", scale.Name, words.Name)
	c.translates(place+".label", scale.Label, words.Label)
	c.translates(place+".bands_warning", scale.BandsWarning, words.BandsWarning)
	if len(words.Bands) > 0 && len(words.Bands) != len(scale.Bands) {
		c.faults.Add(place+".bands", "has %d labels for %d bands", len(words.Bands), len(scale.Bands))
		return
	}
	for i, label := range words.Bands {
		c.text(fmt.Sprintf("%s.bands[%d]", place, i), label)
	}
}
