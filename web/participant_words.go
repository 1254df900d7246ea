package web

import (
	"cmp"
	"html/template"
	"strings"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
	"tidemark/web/locale"
)

// worded is a questionnaire in the language of a page, as far as it is translated.
type worded struct {
	*instrument.Definition
	own  *instrument.Definition // as it was written
	page *locale.Language
	// blanks are the questions without answers, by item; nil: made when asked for.
	blanks map[string]question
}

func wordedIn(d *instrument.Definition, l *locale.Language) worded {
	shown, _ := d.In(l.Tag)
	return worded{Definition: shown, own: d, page: l}
}

// wordedKey names a version of a questionnaire in a language of pages.
type wordedKey struct {
	language   string
	instrument survey.InstrumentID
}

// words is a questionnaire in the language of a page. Versions never change, so
// each is translated once.
func (s *Server) words(id survey.InstrumentID, d *instrument.Definition, l *locale.Language) worded {
	key := wordedKey{l.Tag, id}
	known, ok := s.worded.Load(key)
	if !ok {
		w := wordedIn(d, l)
		blanks := make(map[string]question, len(w.Items))
		for _, item := range w.Items {
			blanks[item.Code] = w.newBlank(item)
		}
		w.blanks = blanks
		known, _ = s.worded.LoadOrStore(key, w)
	}
	return known.(worded)
}

// phrase is a text with its language: the questionnaire's, or another.
func (w worded) phrase(text, another string) phrase {
	return phrase{text, cmp.Or(another, w.Language)}
}

// headingOf is the heading over all pages.
func headingOf(d *instrument.Definition) phrase {
	return phrase{d.Heading, cmp.Or(d.HeadingLang, d.Language)}
}

// faultWords say what is wrong with an answer and what to do.
func (w worded) faultWords(code, fault string) string {
	item, _ := w.Item(code)
	switch {
	case fault == instrument.MessageTooLong && item.MaxText() > 0:
		return w.page.Say("asking.too_long", "Limit", item.MaxText())
	case item.Range == nil || fault != instrument.MessageOutOfRange && fault != instrument.MessageOffStep:
		return message(w.page, fault)
	case item.Range.Step == 1:
		return w.page.Say("asking.out_of_whole", "Low", item.Range.Min, "High", item.Range.Max)
	case item.Range.Step > 0:
		return w.page.Say("asking.off_step", "Low", item.Range.Min, "High", item.Range.Max, "Step", item.Range.Step)
	}
	return w.page.Say("asking.out_of_range", "Low", item.Range.Min, "High", item.Range.Max)
}

// answerWords are an answer as a person reads it.
func (w worded) answerWords(item instrument.Item, answer instrument.Value) []phrase {
	item, _ = w.Item(item.Code)
	switch kind := kindOf(item); kind {
	case kindRadio, kindTicks:
		var words []phrase
		for _, o := range withChosen(w.blank(item.Code).Options, answer, nil, false) {
			if o.Checked {
				words = append(words, o.Label)
			}
		}
		return words
	case kindNumber, kindSteps:
		number, ok := answer.Number()
		if !ok {
			return nil
		}
		words := []phrase{{w.page.Number(number), w.page.Tag}}
		if item.Range != nil && item.Range.Unit != "" {
			words[0] = phrase{words[0].Words + " " + item.Range.Unit, w.phrase(item.Range.Unit, item.RangeLang).Lang}
		}
		return words
	case kindDay:
		text, _ := answer.Text()
		if day, err := schedule.ParseDate(text); err == nil {
			return []phrase{{w.page.DayYear(day), w.page.Tag}}
		}
		return []phrase{{text, w.page.Tag}}
	case kindLine, kindLines:
		text, _ := answer.Text()
		return []phrase{{text, w.page.Tag}}
	case kindInfo:
	}
	return nil
}

// scriptWords are what the script of the questions says, as attributes of its form.
// They are the same on every page of a language, so they are written once.
func scriptWords(l *locale.Language) template.HTMLAttr {
	var b strings.Builder
	for _, w := range [][2]string{
		{"saving", l.Say("answering.saving")}, {"saved", l.Say("answering.saved")}, {"unsaved", l.Say("answering.unsaved")},
		{"offline", l.Say("answering.offline")}, {"link", l.Say("answering.link")},
		{"count", l.Say("questions.answered_of", "Answered", "#1", "Total", "#2")},
		{"minute", l.Say("date.minutes_left", "Count", 1)}, {"minutes", l.Say("date.minutes_left", "Count", "#")}, {"all", l.Say("date.all_answered")},
		{"appeared", l.Say("asking.appeared")}, {"gone", l.Say("asking.gone")}, {"characters", l.Say("asking.characters")},
		{"untouched", l.Say("asking.untouched")}, {"over", l.Say("asking.over")},
	} {
		b.WriteString(` data-` + w[0] + `="` + template.HTMLEscapeString(w[1]) + `"`)
	}
	return template.HTMLAttr(b.String()) //nolint:gosec // escaped above
}
