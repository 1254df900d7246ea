package drafting

import (
	"regexp"
	"strings"

	"tidemark/survey/instrument"
)

var languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

const maxLanguages = 30

// AddLanguage begins a translation.
func AddLanguage(d *instrument.Definition, tag string) error {
	if !languagePattern.MatchString(tag) || strings.EqualFold(tag, d.Language) {
		return refuse("language", MessageLanguage)
	}
	for known := range d.Translations {
		if strings.EqualFold(known, tag) {
			return refuse("language", MessageLanguage)
		}
	}
	if len(d.Translations) >= maxLanguages {
		return refuse("language", MessageFull)
	}
	put(d, tag, instrument.Translation{})
	return nil
}

func put(d *instrument.Definition, tag string, t instrument.Translation) {
	if d.Translations == nil {
		d.Translations = map[string]instrument.Translation{}
	}
	d.Translations[tag] = t
}

// RemoveLanguage takes a translation out.
func RemoveLanguage(d *instrument.Definition, tag string) error {
	if _, known := d.Translations[tag]; !known {
		return ErrGone
	}
	delete(d.Translations, tag)
	return nil
}

// A Line is one text to translate.
type Line struct {
	// Place in the translation, as faults name it behind "translations.de.", such as
	// "items.sc_01.text".
	Place string
	// What it is, in English.
	What string
	// Original and Words are the text, and its translation; empty: missing.
	Original, Words string
	// Optional: people read nothing of it, or the program has words of its own.
	Optional bool
}

// Lines are all texts to translate into a language, in the order of the draft.
// ErrGone when the draft does not have the language.
func Lines(d *instrument.Definition, tag string) ([]Line, error) {
	t, known := d.Translations[tag]
	if !known {
		return nil, ErrGone
	}
	return (&lining{d: d, t: &t}).lines(), nil
}

// Translate keeps the words of a language, by place; those that are not given stay.
func Translate(d *instrument.Definition, tag string, words map[string]string) error {
	t, known := d.Translations[tag]
	if !known {
		return ErrGone
	}
	l := lining{d: d, t: &t, given: words}
	l.lines()
	d.Translations[tag] = t
	return nil
}
